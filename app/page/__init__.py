"""An open flow: its canvas, the way through its levels, what can be added to it."""
