"""From a flow to running processes: plan, hosts, tasks, the engine."""
