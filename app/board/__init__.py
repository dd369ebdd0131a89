"""Between a document and the canvas: what a flow looks like, and what a hand on the canvas means."""
