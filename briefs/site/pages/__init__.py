"""The pages, one file each. `write` makes a page, or several, from the site."""
