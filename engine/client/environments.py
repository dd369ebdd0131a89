"""The environments that code runs in: what there is of them, making those of a flow, cleaning up."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from engine.client.flow import Opened
from engine.errors import EnvironmentFailed
from engine.model.flatten import flatten
from engine.model.flow import Processor
from engine.processors.registry import catalog
from engine.runtime.command import checkouts
from engine.runtime.plan import plan
from engine.runtime.provision import recipe_of
from engine.sources.environment import environment, environments
from engine.sources.inventory import Kept, clean, find, inventory, log_of, remove
from engine.sources.maker import Progress
from engine.sources.recipe import Recipe
from engine.sources.recipe import recipe as make_recipe

__all__ = ["Kept", "Progress", "Recipe", "clean", "find", "inventory", "log_of", "made_for", "make", "remove", "wanted"]


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


def made_for(processor: Processor, folder: Path) -> Path | None:
    """The environment of a processor with code of its own, where it has one that is made already; nothing is made.

    Raises EnvironmentFailed when a file that lists packages cannot be had.
    """
    if not (processor.requirements or processor.python):
        return None
    needed = make_recipe(processor.requirements, folder, runtime=processor.type, python=processor.python or "")
    found = environments() / needed.name
    return found if found.is_dir() else None


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
