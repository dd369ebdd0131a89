"""The SQL database of flows: its tables, its versions, its transactions."""
