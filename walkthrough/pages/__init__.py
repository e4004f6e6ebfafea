"""The pages. A file here with a `PLACE` is a page: its file name is its address, its place the order.

Streamlit runs the file as a script (`__main__`); the door imports it only to read `PLACE`.
"""
