"""The environments that code runs in: what there is of them, making those of a flow, cleaning up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from engine.client.flow import Opened
from engine.errors import EnvironmentFailed
from engine.model.flatten import flatten
from engine.processors.registry import catalog
from engine.runtime.command import checkouts
from engine.runtime.plan import plan
from engine.runtime.provision import recipe_of
from engine.sources.environment import environment
from engine.sources.inventory import Kept, clean, find, inventory, log_of, remove
from engine.sources.maker import Progress
from engine.sources.recipe import Recipe

__all__ = ["Kept", "Progress", "Recipe", "clean", "find", "inventory", "log_of", "make", "remove", "wanted"]


def wanted(opened: Opened) -> list[Recipe]:
    """What the processors of a flow need, each once.

    Raises:
        InvalidFlow: the flow cannot be planned.
        EnvironmentFailed: a file or a commit that lists packages cannot be had.
    """
    planned = plan(flatten(opened.flow), catalog())
    stages = [stage for stage in planned.stages.values() if not stage.environment.is_own]
    found = asyncio.run(checkouts(planned, opened.folder)) if stages else {}
    recipes = [recipe_of(stage, found, opened.folder) for stage in stages]
    return list({each.name: each for each in recipes}.values())


def make(recipe: Recipe, tell: Callable[[Progress], None]) -> Path:
    """Make an environment unless it is there. Also what failed a moment ago is tried again.

    Raises EnvironmentFailed when it cannot be made.
    """
    return environment(recipe, tell, again=True)


def make_all(recipes: list[Recipe], tell: Callable[[Recipe, Progress], None]) -> dict[str, str]:
    """Make several; returns by name why some could not be."""
    failed: dict[str, str] = {}
    for each in recipes:
        try:
            make(each, lambda progress, each=each: tell(each, progress))
        except EnvironmentFailed as error:
            failed[each.name] = str(error)
    return failed
