"""A task in bytes: claimed batches to a frame for the host, the host's result to a commit. Decides and does nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct, structs

from engine.ledger.base import (
    DEAD,
    Claimed,
    Commit,
    Counter,
    NewBatch,
    Passage,
    Registration,
    SourceWrite,
    StateWrite,
    TimerWrite,
)
from engine.runtime.hosts import values
from engine.runtime.spec import StageSpec

Head = dict[str, Any]
DEAD_LETTERS = -2
"""In a result's outputs: the dead letters of a step instead of a link."""


class Taken(Struct, frozen=True):
    """What a claim gave: batches, and how many of their messages the task may work on (the rest of the last goes back)."""

    batches: list[Claimed]
    messages: int
    rests: int
    """Tasks of the slot that had left something over when these were asked for."""
    is_released: bool = False
    """Whether they were held at a breakpoint."""

    @property
    def is_whole(self) -> bool:
        """Whether all of their messages may be worked on."""
        return self.messages == count(self.batches)


def batch_head(
    task: int, link: int, claimed: Sequence[Claimed], *, rests: int, condemned: tuple[str, str] | None = None
) -> Head:
    """The frame that hands batches to a host. `condemned` (type, message): they are to fail without being run.

    `rests` is how many tasks of the host had left something over when the batches were asked for: if it is more by now, these
    would overtake, and the host sends them back.

    Batches over which a host died before are run carefully: one step only, so that the step to blame is found.
    """
    return {
        "k": "task",
        "id": task,
        "mode": "batch",
        "link": link,
        "segments": [[len(each.body), each.lo, each.hi, each.attempt, each.kind, each.id] for each in claimed],
        "condemned": condemned,
        "rests": rests,
        "careful": any(each.crashes for each in claimed),
    }


class Share(Struct, frozen=True):
    """What a task did of the batches it was given.

    `done` are those it worked on, the last of them cut to what is done when `rest` (row, lease, done) goes back; `untouched`
    are those it did not come to.
    """

    done: list[Claimed]
    rest: tuple[int, int, int] | None
    untouched: list[Claimed]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was left over."""
        return self.rest is None and not self.untouched


def count(batches: Sequence[Claimed]) -> int:
    """The messages in some batches."""
    return sum(each.hi - each.lo for each in batches)


def share(claimed: Sequence[Claimed], rows: int) -> Share:
    """The share of a task that worked on the first so many messages."""
    done: list[Claimed] = []
    for position, batch in enumerate(claimed):
        n = batch.hi - batch.lo
        if rows < n:
            if not rows:
                return Share(done, None, list(claimed[position:]))
            part = structs.replace(batch, hi=batch.lo + rows, size=batch.size - batch.size * (n - rows) // n)
            return Share([*done, part], (batch.row, batch.lease, rows), list(claimed[position + 1 :]))
        done.append(batch)
        rows -= n
    return Share(done, None, [])


class CommitMaker:
    """Turns results of one stage into commits."""

    def __init__(self, spec: StageSpec, registration: Registration, run: str, ahead_ms: Callable[[], int] = lambda: 0) -> None:
        """`ahead_ms`: how far the ledger's clock is ahead of this machine's, by which its hosts say when something is due."""
        self._spec = spec
        self._registration = registration
        self._run = run.encode()
        self._ahead_ms = ahead_ms

    def from_batches(self, head: Head, body: memoryview, share: Share, now_ms: int) -> Commit:
        """The commit of a task that was given batches, and did its share of them."""
        claimed = share.done
        parents = [(each.id, each.lo, each.hi) for each in claimed]
        seed = b"".join(id + lo.to_bytes(8, "big") + hi.to_bytes(8, "big") for id, lo, hi in parents)
        commit = self._commit(head, body, seed, parents, min(each.born_ms for each in claimed), now_ms)
        commit.rest = share.rest
        commit.inputs = [(each.row, each.lease) for each in (claimed[:-1] if share.rest is not None else claimed)]
        return commit

    def from_source(self, head: Head, body: memoryview, epoch: int, seq: int, made: int, now_ms: int) -> Commit:
        """The commit of a source's batch, made after `seq` batches with `made` messages.

        Its children's ids depend on those, not on the epoch: made again after a restart they are the same.
        """
        step: int = head["source"][0]
        yielded: int = head["source"][2]
        id = self._spec.steps[step]
        seed = b"source:" + self._run + id.encode() + seq.to_bytes(8, "big")
        commit = self._commit(head, body, seed, [(b"", made, made + yielded)], now_ms, now_ms, origin=id)
        commit.source = SourceWrite(self._registration.steps[id], epoch, seq, yielded, done=head["end"])
        return commit

    def from_wake(self, head: Head, body: memoryview, step: str, serial: str, due_ms: int | None, now_ms: int) -> Commit:
        """The commit of a timer (`due_ms`) or a flush; `serial` makes its children's ids its own."""
        seed = b"wake:" + self._run + step.encode() + serial.encode()
        commit = self._commit(head, body, seed, [], now_ms, now_ms, origin=step)
        if due_ms is not None:
            commit.timer = (self._registration.steps[step], due_ms)
        return commit

    def _commit(
        self,
        head: Head,
        body: memoryview,
        seed: bytes,
        parents: list[tuple[bytes, int, int]],
        born_ms: int,
        now_ms: int,
        *,
        origin: str = "",
    ) -> Commit:
        outputs, children = self._outputs(head, body, seed, born_ms)
        lineage = [self._spec.stage.id, origin, parents, children]
        if "sets" in head:
            lineage.append(head["sets"])
        steps, queues = self._registration.steps, self._registration.queues
        return Commit(
            deployment=self._registration.deployment,
            plan=self._registration.plan,
            outputs=outputs,
            state=[
                StateWrite(steps[self._spec.steps[step]], key, value, seen, version, *claims)
                for step, key, value, seen, version, *claims in head["state"]
            ],
            timers=[
                TimerWrite(steps[self._spec.steps[step]], None if due_s is None else int(due_s * 1000) + self._ahead_ms())
                for step, due_s in head["timers"]
            ],
            counters={
                steps[self._spec.steps[step]]: Counter(received=received, failed=failed, tasks=1, time_ns=time_ns, out=out)
                for step, received, failed, time_ns, out in head["steps"]
            },
            passages={queues[self._spec.links[link]]: Passage(messages, size) for link, messages, size in head["links"]},
            lineage=values.pack(lineage) if children else b"",
            now_ms=now_ms,
        )

    def _outputs(self, head: Head, body: memoryview, seed: bytes, born_ms: int) -> tuple[list[NewBatch], list[Any]]:
        outputs: list[NewBatch] = []
        children: list[Any] = []
        offset = 0
        made: list[tuple[int, int, int, int, int, float, int, int, Any, list[str]]] = head["outputs"]
        for serial, (link, step, n, size, due_ms, rank, attempt, kind, origins, claims) in enumerate(made):
            key = DEAD + self._spec.steps[step] if link == DEAD_LETTERS else self._spec.links[link]
            id = child_id(seed, key, serial)
            outputs.append(
                NewBatch(
                    queue=self._registration.queues[key],
                    id=id,
                    n=n,
                    size=size,
                    born_ms=born_ms,
                    body=body[offset : offset + size],
                    due_ms=due_ms + self._ahead_ms() if due_ms else 0,
                    rank=rank,
                    attempt=attempt,
                    kind=kind,
                    claims=claims,
                )
            )
            children.append([key, id, origins])
            offset += size
        return outputs, children


def child_id(seed: bytes, queue: str, serial: int) -> bytes:
    """The id of a task's output: the same work done again gives the same id."""
    return hashlib.blake2b(b"%b>%b#%d" % (seed, queue.encode(), serial), digest_size=16).digest()
