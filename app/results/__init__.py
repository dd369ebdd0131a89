"""What a flow leaves behind, and what waits in its queues, to look at."""
