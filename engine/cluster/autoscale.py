"""How many replicas a stage should have, from what waits before it. Decides and does nothing."""

from __future__ import annotations

import math

from msgspec import Struct, structs

UP_AGE_S = 2.0
"""Work that waits for longer than this calls for more workers."""
DOWN_S = 15.0
"""Calm has to last so long before a worker is taken away."""
DRAIN_S = 5.0
"""What waits should be worked off within so long."""


class Load(Struct, frozen=True):
    """What a stage has before it: messages that wait, how long the oldest has waited, and messages done a second, by all."""

    waiting: int
    age_s: float
    rate: float


class Memory(Struct, frozen=True):
    """What is remembered of a stage between two looks: since when it has been calm."""

    calm_since_s: float | None = None


def decide(now: int, least: int, most: int, load: Load, memory: Memory, at_s: float) -> tuple[int, Memory]:
    """How many replicas there should be in place of `now`, and what to remember for the next look.

    More come at once, as many as are needed to work off what waits within a few seconds, at the most twice as many at a look;
    fewer come one at a time, and only after a while of calm, so that a wave does not make workers come and go.

    Args:
        now: replicas there are.
        least: the fewest there may be.
        most: the most there may be.
        load: what waits.
        memory: what the look before has left.
        at_s: the time, on any clock that only goes forward.
    """
    bounded = max(least, min(most, now))
    if load.waiting and now == 0:
        return max(1, bounded), Memory()
    if load.waiting and load.age_s >= UP_AGE_S and now < most:
        each = load.rate / now if now else 0.0
        needed = math.ceil(min(most, load.waiting / (each * DRAIN_S))) if each > 0 else 2 * now
        return max(bounded, min(most, 2 * now, max(now + 1, needed))), Memory()
    if load.waiting and load.age_s >= UP_AGE_S / 2:
        return bounded, Memory()
    calm = memory.calm_since_s
    if calm is None:
        return bounded, structs.replace(memory, calm_since_s=at_s)
    if at_s - calm >= DOWN_S and bounded > least:
        return bounded - 1, Memory(at_s - DOWN_S + DOWN_S / 3)
    return bounded, memory
