"""Tickets by Celery, through RabbitMQ, Redis or SQS: for the target `cluster`.

Importing this imports Celery, which takes a while: import it where a cluster is used, and nowhere else.
"""

from engine.dispatch.celery.dispatcher import CeleryDispatcher
from engine.dispatch.celery.probe import probe

__all__ = ["CeleryDispatcher", "probe"]
