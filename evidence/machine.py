"""This machine, as addresses name it."""

HERE = ("127.0.0.1", "localhost", "::1")
"""Its names."""
