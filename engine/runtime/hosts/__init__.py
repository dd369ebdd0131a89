"""The programs that run user code: stand-alone, they never import the engine (which does import `wire` and `values`)."""
