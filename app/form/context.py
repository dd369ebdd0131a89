"""FormContext, what the editors of a form may refer to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


def _no_parameters() -> Mapping[str, Any]:
    return {}


def _no_secrets() -> Sequence[str]:
    return ()


@dataclass(frozen=True)
class FormContext:
    """Where the form stands: `folder` is what relative paths start from; parameters and secrets are asked for when needed."""

    folder: Path = Path()
    parameters: Callable[[], Mapping[str, Any]] = _no_parameters
    secrets: Callable[[], Sequence[str]] = _no_secrets
    has_own_undo: bool = True
    """Whether texts have an undo of their own; not where every edit is a step of a document's history."""
