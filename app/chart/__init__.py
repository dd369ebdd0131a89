"""Charts: what a flow and its parts did over time."""
