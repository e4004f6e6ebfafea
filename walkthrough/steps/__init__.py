"""The steps of a story, one file each, named as in the address; each has `draw(stand)`."""
