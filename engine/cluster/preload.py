"""Everything a worker needs, imported in the server that workers are forked from: it then costs none of them time or memory.

Much of it is imported late otherwise, so that commands start fast.
"""

from __future__ import annotations

import gc
import importlib

from engine.processors.registry import catalog

_LATE = (
    "celery.app.amqp",
    "celery.backends.base",
    "celery.concurrency.solo",
    "celery.loaders.app",
    "celery.worker.autoscale",
    "celery.worker.components",
    "celery.worker.strategy",
    "engine.cluster.worker",
    "engine.ledger.sql",
    "kombu.transport.pyamqp",
    "kombu.transport.redis",
    "psycopg.types.numeric",
)

for _module in _LATE:
    importlib.import_module(_module)
catalog()
# Their pages stay shared for as long as no collection walks through them.
gc.collect()
gc.freeze()
