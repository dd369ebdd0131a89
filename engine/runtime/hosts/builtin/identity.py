"""What a message is called outside, so that a message that is handled again can be recognised.

A message is its batch's id and its place there; halving a batch keeps both. A message that waits for another try becomes part
of a new batch: so it takes its name along, as [name, content] of kind NAMED.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import Any

from ..body import BodyContext
from ..errors import Failure
from ..rows import Attributes, Rows
from ..stage import Delivery

NAMED = 1


def opened(rows: Rows, ctx: BodyContext) -> tuple[list[str], list[Any]]:
    """Every row's name and content."""
    if rows.kind == NAMED:
        return [held[0] for held in rows.contents], [held[1] for held in rows.contents]
    names: list[str] = []
    for row in range(len(rows)):
        segment = bisect_right(ctx.batch_rows, row) - 1
        if segment < 0:
            names.append(f"{ctx.step}-{row}")
        else:
            batch, first, _ = ctx.batches[segment]
            names.append(f"{batch.hex()}-{first + row - ctx.batch_rows[segment]}")
    return names, rows.contents


def fail_named(
    row: int,
    name: str,
    failure: Failure,
    rows: Rows,
    out: Delivery,
    *,
    due_s: float | None = None,
    attributes: Attributes | None = None,
) -> None:
    """A row failed: it waits for another try under its name (until `due_s`, if given), or fails for good as it came.

    `attributes` are given to the message in that case, besides those that tell of the failure.
    """
    content = rows.original(row)[1] if rows.kind == NAMED else rows.original(row)
    attempt = out.attempts[row] if out.attempts else 0
    if due_s is not None and failure.retry and attempt < out.place.attempts:
        out.wait(row, due_s, content=[name, content], kind=NAMED)
    elif not out.retry(row, failure, content=[name, content], kind=NAMED):
        out.give_up(row, failure, content, {**rows.attributes_of(row), **(attributes or {})})
