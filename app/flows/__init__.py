"""The flows of the database, to choose from."""
