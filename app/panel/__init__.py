"""The panels around the canvas: what can be added, what there is, what is wrong, what is said, and the whole made small."""
