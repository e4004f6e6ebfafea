"""Briefs on paper: one page for a story, two for the event, as PDF, HTML, JSON and CSV.

`model` says what stands in a brief, `story` and `event` make it from traces, `typeset` and `page` draw it,
`documents` writes its data, `making` turns an id and a format into bytes.
"""
