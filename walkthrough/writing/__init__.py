"""The page *Write* in pieces: the questions, the text, what comes of it, and the ways out."""
