"""Where queued batches, leases, source positions, state and dead letters live."""
