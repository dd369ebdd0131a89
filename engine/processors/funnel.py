"""funnel: many connections in, one out."""

from __future__ import annotations

from engine.processors.base import Config, ProcessorType


class FunnelConfig(Config, frozen=True, kw_only=True):
    """A funnel has no settings."""


TYPE = ProcessorType(
    name="funnel",
    title="Funnel",
    summary="Brings many connections together into one; messages pass as they are.",
    category="routing",
    config=FunnelConfig,
)
