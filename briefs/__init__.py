"""From traces to what people are shown: the walk, the brief, the static pages, links. No screen of its own."""
