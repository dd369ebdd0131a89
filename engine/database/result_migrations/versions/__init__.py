"""Scripts, each of which leads from one version of the results' tables to the next."""
