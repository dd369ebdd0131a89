"""What the user may choose for the desktop: where it is kept, and the dialog to choose it in."""
