"""Rows to model and back: flows, deployments, users, the cluster."""
