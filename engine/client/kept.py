"""Flows and Changes as text, exact and without the database: for what the desktop keeps beside it.

The documents are those of the audit (see `engine.stores.record`), in the exact JSON of the tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from engine.database import exact
from engine.errors import StorageError
from engine.model.change import Change
from engine.model.flow import Flow
from engine.stores.record import read_flow, read_part, write_flow, write_part

FORMAT = 1
"""Of the texts. Raise it when a field of a part goes, or has another default or meaning: what was kept is then not read."""


def text_of(flow: Flow | None, changes: Sequence[Change], **more: int | str | None) -> str:
    """The text of a flow and Changes, either of which may be missing, and of a few words about them.

    Raises:
        IntegrityError: a value cannot be kept exactly.
    """
    document: dict[str, Any] = {name: value for name, value in more.items() if value is not None}
    if flow is not None:
        document["flow"] = write_flow(flow)
    if changes:
        document["changes"] = [_written(change) for change in changes]
    return exact.encode(document)


def _written(change: Change) -> list[Any]:
    """A change; what a part comes ahead of only where there is something, as in the texts of PYFIs that did not know of it."""
    written = [change.id, write_part(change.before), write_part(change.after)]
    return [*written, change.ahead_of] if change.ahead_of else written


def read_text(text: str) -> tuple[Flow | None, list[Change], dict[str, Any]]:
    """What `text_of` made a text of.

    Raises:
        StorageError: it made no such text.
    """
    try:
        document = exact.decode(text)
        flow, changes = document.pop("flow", None), document.pop("changes", ())
        made = [Change(key, read_part(before), read_part(after), *more) for key, before, after, *more in changes]
        return (None if flow is None else read_flow(flow)), made, document
    except (msgspec.MsgspecError, AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise StorageError(f"this is no text of a flow that PYFI kept ({error}); it is of no use") from None
