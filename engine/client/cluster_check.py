"""What keeps a flow from running on a cluster, apart from what would keep it from running anywhere."""

from __future__ import annotations

from pathlib import Path

import msgspec

from engine.model.flatten import flatten
from engine.model.flow import CODE_TYPES, Flow
from engine.model.problem import Problem, shown
from engine.processors.registry import catalog
from engine.targets import Target


def cluster_problems(flow: Flow, folder: Path, target: Target, where: str) -> list[Problem]:
    """Files that only some node may have: every step that names one needs a label, or a path that all nodes share.

    Args:
        flow: a flow that could run on one machine.
        folder: what relative paths start from.
        target: where it is to run.
        where: how messages call the flow.
    """
    types = catalog()
    shared = [Path(each) for each in target.shared]
    found: list[Problem] = []
    for step in flatten(flow).steps.values():
        processor = step.processor
        if processor.type in CODE_TYPES or processor.requires or not processor.enabled:
            continue
        config = msgspec.to_builtins(msgspec.convert(processor.config, types[processor.type].config))
        for field in types[processor.type].paths:
            path = config.get(field)
            if path and not any((folder / str(path)).is_relative_to(each) for each in shared):
                reason = (
                    f"'{field}' is a file, and on a cluster any node may run this; give it `requires: [LABEL]` (a node's "
                    "label), or a path in a folder that all nodes share (`pyfi target add --shared`)"
                )
                found.append(Problem(f"processor {shown(processor.id)}", reason, where, processor.id))
    return found
