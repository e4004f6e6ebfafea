"""The page *Train* in pieces: its first page, a story as a lesson, an exercise, and what is kept of them."""
