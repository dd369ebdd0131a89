"""The command line: one module a command group, found by `engine.cli.words`, imported when its word is used."""
