"""The bodies of the built-in processors, stand-alone like the hosts that run them."""
