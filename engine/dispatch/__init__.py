"""Who is told that a stage has work: in this process, or on a cluster."""
