"""From answers to a list of questions to a story that is scored: shared by the page *Write* and the command `new`."""
