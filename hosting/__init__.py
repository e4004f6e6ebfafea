"""How the app is served to others: an ASGI application around it, a proxy in front of it, a night behind it."""
