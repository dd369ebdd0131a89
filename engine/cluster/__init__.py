"""Target `cluster`: agents on many machines run the stages of flows, over one PostgreSQL ledger."""
