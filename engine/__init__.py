"""PYFI's engine: everything that runs a flow, with no window and no server."""
