"""The static twin: the whole walk as a folder of pages for any web server, or none."""
