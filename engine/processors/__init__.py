"""The built-in processor types: declarations, one file each, found by the registry."""
