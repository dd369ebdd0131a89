-- Whom KEDA looks into the ledger as: it may count what waits, and read nothing of it. Run this in PYFI's database after its tables
-- were made (the first agent makes them), then give it a password: \password pyfi_keda
CREATE ROLE pyfi_keda LOGIN;
GRANT SELECT (id, name) ON ledger_deployment TO pyfi_keda;
GRANT SELECT (id, deployment, key) ON ledger_queue TO pyfi_keda;
GRANT SELECT (queue, waiting_messages) ON ledger_queue_sum TO pyfi_keda;
GRANT SELECT (name, desired) ON deployments TO pyfi_keda;
