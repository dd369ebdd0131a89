"""call: hands calls to the steps that are called, and takes back what became of them. PYFI makes flows with it by itself."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from engine.processors.base import Config, ProcessorType

RETURNED = "returned"


class CallConfig(Config, frozen=True, kw_only=True):
    """Settings of `call`."""

    steps: Annotated[
        dict[str, str], Meta(description="The steps that can be called, each with the output that leads to it.")
    ] = {}


TYPE = ProcessorType(
    name="call",
    title="Call",
    summary="Hands calls to steps, and takes back what became of them.",
    category="routing",
    config=CallConfig,
    inputs=lambda config: (RETURNED,),
    outputs=lambda config: tuple(config.steps.values()),
    exclusive=True,
    internal=True,
)
