"""How the canvas looks: painters that read columns and draw many parts in few calls."""
