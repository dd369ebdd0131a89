"""The manual inside the desktop: its pages, a search through them, the window that shows them, and who opens it where."""
