"""Scripts, each of which leads from one version of the ledger to the next."""
