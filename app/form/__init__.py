"""Forms that are made of the descriptions of settings, and what stands in them."""
