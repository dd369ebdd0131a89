"""An open flow: its model, its history, where it is kept."""
