"""Where code comes from and what it runs in: dialogs on git and on environments."""
