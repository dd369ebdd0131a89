"""The pattern library: flows that are kept to be put into others."""
