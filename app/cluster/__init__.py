"""Targets in the desktop: which there are, what runs there, on which nodes; and deploying to them."""
