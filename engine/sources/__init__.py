"""Where the code of processors comes from, and what it needs to run: git repositories, environments."""
