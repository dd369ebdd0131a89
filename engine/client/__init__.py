"""The only door through which the command line and the desktop use the engine. Import its modules where they are used."""
