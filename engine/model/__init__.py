"""Flows as plain frozen data."""
