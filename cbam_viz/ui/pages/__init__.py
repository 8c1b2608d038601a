"""One script a page; each is five beats: question, choice, load, widgets, figure."""
