"""Messages that wait are edited: one of a batch of many, all kinds of content, and everything that refuses an edit."""

from __future__ import annotations

import decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from msgspec import UNSET

from engine.errors import ConflictError, NotFound, UsageError
from engine.ledger.base import ClaimRequest, Commit, Ledger, NewBatch, QueueSpec, Registration
from engine.ledger.url import open_ledger
from engine.runtime import queues
from engine.runtime.editing import Edit
from engine.runtime.hosts import values, wire
from engine.runtime.queues import Message
from engine.runtime.trace import events, trace

KEY = "a.success->b.in"
CONTENTS: list[Any] = [{"n": 1}, "two", b"\x03", decimal.Decimal("4.50"), None]
ATTRIBUTES = [{"row": "0"}, None, {"row": "2"}, None, None]


class Waiting:
    """A flow's queue with a batch of five messages."""

    def __init__(self, folder: Path, kind: int = 0) -> None:
        self.ledger: Ledger = open_ledger("memory:")
        self.store = folder / "claims"
        self.known: Registration = self.ledger.register("flow", [QueueSpec(KEY), QueueSpec("dead:b")], ["a", "b"], "1")
        body = wire.batch(values.pack(CONTENTS), len(CONTENTS), ATTRIBUTES)
        self.batch = NewBatch(self.known.queues[KEY], bytes(range(16)), len(CONTENTS), len(body), 1000, body, kind=kind)
        self.ledger.exchange([Commit(self.known.deployment, self.known.plan, outputs=[self.batch])], [])

    def messages(self) -> list[Message]:
        return queues.peek(self.ledger, "flow", KEY).messages

    def edit(self, message: Message, content: Any = UNSET, attributes: dict[str, str] | None = None, **more: Any) -> list[str]:
        return queues.edit(self.ledger, self.store, "flow", KEY, edit_of(message, content, attributes=attributes, **more))

    def contents(self) -> list[Any]:
        (batch,) = self.ledger.peek(self.known.queues[KEY], 10)
        return wire.messages(batch.body)[0]

    def claim(self) -> list[Any]:
        request = ClaimRequest(self.known.deployment, self.known.plan, [self.known.queues[KEY]], 10, 1 << 30, 30_000, 2000)
        return self.ledger.exchange([], [request]).claimed[0]

    def files(self) -> list[str]:
        return sorted(path.name for path in self.store.glob("??/*"))


def edit_of(message: Message, content: Any, **more: Any) -> Edit:
    return Edit(**{"id": message.id, "version": message.version, "at": message.at, "by": "anna", "content": content} | more)


@pytest.fixture
def waiting(tmp_path: Path) -> Waiting:
    return Waiting(tmp_path)


def test_one_message_of_a_batch_is_edited_and_the_others_stay(waiting: Waiting) -> None:
    before = waiting.messages()
    # When the content of one is another, and the attributes of another,
    assert waiting.edit(before[1], "zwei") == []
    assert waiting.edit(before[0], attributes={"row": "9", "by hand": "yes"}) == []
    # then each keeps what was not edited, its id, age and place, and has another version.
    after = waiting.messages()
    assert [message.content for message in after[:2]] == [{"n": 1}, "zwei"]
    assert [message.attributes for message in after[:2]] == [{"row": "9", "by hand": "yes"}, {}]
    assert [(each.id, each.at, each.born_ms, each.attempt) for each in after] == [
        (each.id, each.at, each.born_ms, each.attempt) for each in before
    ]
    assert after[2:] == before[2:]
    assert {each.version for each in after[:2]}.isdisjoint(each.version for each in before)
    depth = waiting.ledger.depths(waiting.known.deployment)[waiting.known.queues[KEY]]
    assert (depth.messages, depth.size) == (5, len(waiting.claim()[0].body))


@pytest.mark.parametrize(
    ("content", "value"),
    [
        ({"n": 2, "of": [1, None]}, {"n": 2, "of": [1, None]}),
        ("text", "text"),
        ({"$type": "bytes", "base64": "AAH/"}, b"\x00\x01\xff"),
        ({"$type": "Decimal", "value": "1.50"}, decimal.Decimal("1.50")),
        (None, None),
    ],
)
def test_content_is_what_its_json_stands_for(waiting: Waiting, content: Any, value: Any) -> None:
    waiting.edit(waiting.messages()[3], content)
    found = waiting.contents()
    assert found[3] == value
    assert type(found[3]) is type(value)


def test_an_edit_of_what_somebody_else_has_edited_is_refused(waiting: Waiting) -> None:
    first, second, *_ = waiting.messages()
    waiting.edit(second, "neither")
    waiting.edit(first, {"n": 10})  # another message of the batch, which the first edit has not touched
    with pytest.raises(ConflictError, match="was edited by somebody else meanwhile; look at it again"):
        waiting.edit(second, "mine")
    assert waiting.contents()[:2] == [{"n": 10}, "neither"]


def test_an_edit_of_what_is_worked_on_or_gone_is_refused(waiting: Waiting) -> None:
    (message, *_) = waiting.messages()
    (held,) = waiting.claim()
    with pytest.raises(ConflictError, match="is being worked on just now; nothing was changed"):
        waiting.edit(message, "late")
    waiting.ledger.exchange([Commit(waiting.known.deployment, waiting.known.plan, inputs=[(held.row, held.lease)])], [])
    with pytest.raises(NotFound, match="is no longer in the queue"):
        waiting.edit(message, "too late")
    with pytest.raises(NotFound, match="is no longer in the queue"):
        waiting.edit(message, "no id", id="rubbish")


def test_what_a_processor_put_back_half_done_is_not_the_users_to_edit(tmp_path: Path) -> None:
    waiting = Waiting(tmp_path, kind=1)
    with pytest.raises(UsageError, match="half done by its processor"):
        waiting.edit(waiting.messages()[0], "mine")


def test_large_content_goes_to_a_file_and_its_file_goes_with_it(waiting: Waiting) -> None:
    large = "x" * (2 << 20)
    waiting.edit(waiting.messages()[1], large)
    (file,) = waiting.files()
    assert waiting.ledger.claims() == {file}
    message = waiting.messages()[1]
    assert (message.type, message.content["$type"]) == ("Claim", "claim")
    assert queues.content_of(waiting.ledger, waiting.store, "flow", KEY, message.id) == large
    # Its attributes are edited without it; a refused edit leaves no file; a small content lets go of it.
    waiting.edit(message, attributes={"kept": "yes"})
    with pytest.raises(ConflictError):
        waiting.edit(message, large)
    assert waiting.files() == [file]
    assert waiting.edit(waiting.messages()[1], "small") == [file]
    assert waiting.contents()[1] == "small"
    # Without a folder it stays in the queue.
    queues.edit(waiting.ledger, None, "flow", KEY, edit_of(waiting.messages()[1], large))
    assert waiting.contents()[1] == large


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ({"$type": "bites", "text": ""}, "`\\$type` 'bites'; did you mean 'bytes'?"),
        ({"$type": "bytes"}, "'bytes' needs `base64`"),
        ({"$type": "Decimal", "value": "many"}, "'Decimal' is not right"),
        ({"$type": "str", "size": 9, "text": "a", "cut": True}, "only a part of this content is shown"),
        ([{"$type": "claim", "size": 1, "of": "bytes"}], "only a part of this content is shown"),
        ({"$type": "set", "items": [[1]]}, "'set' is not right"),
    ],
)
def test_content_that_cannot_be_read_is_refused(waiting: Waiting, content: Any, sentence: str) -> None:
    with pytest.raises(UsageError, match=sentence):
        waiting.edit(waiting.messages()[0], content)
    assert waiting.contents() == CONTENTS


def test_who_edited_a_message_and_when_is_part_of_where_it_came_from(waiting: Waiting) -> None:
    message = waiting.messages()[1]
    waiting.edit(message, "zwei")
    (place,) = trace(waiting.ledger, "flow", message.id).places
    assert [edit.by for edit in place.edits] == ["anna"]
    (event,) = events(waiting.ledger, "flow", "b")
    assert (event.kind, event.message, event.queue, event.by) == ("edited", message.id, KEY, "anna")
    assert event.at_ms == place.edits[0].at_ms > 1_600_000_000_000
    assert events(waiting.ledger, "flow", "a") == []


def test_an_edit_that_leaves_content_out_leaves_it_on_the_way_through_json(waiting: Waiting) -> None:
    sent = msgspec.json.encode(Edit(id="i", version="v", attributes={}))
    assert b"content" not in sent
    assert msgspec.json.decode(sent, type=Edit).content is UNSET
    assert msgspec.json.decode(b'{"id": "i", "version": "v", "content": null}', type=Edit).content is None
