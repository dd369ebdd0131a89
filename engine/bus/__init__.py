"""Events from whatever runs flows to whoever wants to know."""
