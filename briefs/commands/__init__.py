"""The commands that make briefs and static pages, one file each (as evidence/commands/)."""
