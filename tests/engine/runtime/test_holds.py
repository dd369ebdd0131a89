from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from engine.runtime.holds import Holds


def test_nothing_goes_until_it_is_released():
    holds = Holds()
    holds.set(["a"])
    assert (holds.free("a"), holds.free("b")) == (0, None)
    assert (holds.may_move("a"), holds.may_move("b")) == (False, True)


def test_a_release_is_of_what_waits():
    holds = Holds()
    holds.set(["a"])
    assert holds.release("a", 7, waiting=5) == 5
    assert holds.release("a", None, waiting=8) == 3
    assert holds.release("a", 1, waiting=8) == 0
    assert holds.free("a") == 8


def test_a_breakpoint_that_stays_keeps_what_was_released():
    holds = Holds()
    holds.set(["a", "b"])
    holds.release("a", 2, waiting=5)
    holds.release("b", 2, waiting=5)
    holds.set(["a"])
    holds.set(["a", "b"])
    assert (holds.free("a"), holds.free("b")) == (2, 0)


def test_nobody_takes_anything_while_a_part_of_a_batch_is_out():
    holds = Holds()
    holds.set(["a"])
    holds.release("a", 3, waiting=100)
    holds.begin("a")
    assert holds.free("a") == 0
    holds.took("a", 3, whole=False)
    holds.release("a", 10, waiting=100)
    assert holds.free("a") == 0
    holds.passed("a", 3)
    holds.end("a", 3, whole=False)
    assert holds.free("a") == 10


def test_a_release_is_not_for_what_was_under_way_when_the_breakpoint_came():
    holds = Holds()
    holds.ahead("a", 8)
    holds.set(["a"])
    assert holds.release("a", None, waiting=30) == 22
    holds.ahead("a", -8)
    assert holds.free("a") == 22
    assert holds.release("a", 1, waiting=22) == 0


class Queue(RuleBasedStateMachine):
    """A queue with a breakpoint: never do more messages go than were released."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = Holds()
        self.holds.set(["a"])
        self.waiting = 0
        self.released = 0
        self.through = 0
        self.tasks: list[tuple[int, bool]] = []

    @rule(messages=st.integers(1, 9))
    def arrive(self, messages):
        self.waiting += messages

    @rule(messages=st.none() | st.integers(1, 9))
    def release(self, messages):
        held = self.waiting - (self.released - self.through)
        released = self.holds.release("a", messages, self.waiting)
        assert released == (held if messages is None else min(messages, held))
        self.released += released

    @rule(part=st.integers(1, 9), whole=st.booleans())
    def take(self, part, whole):
        free = self.holds.free("a")
        assert free is not None
        if not free:
            return
        messages = min(part, free)
        self.holds.begin("a")
        assert self.holds.free("a") == 0
        self.holds.took("a", messages, whole=whole)
        self.tasks.append((messages, whole))

    @precondition(lambda self: self.tasks)
    @rule(data=st.data())
    def finish(self, data):
        messages, whole = self.tasks.pop(data.draw(st.integers(0, len(self.tasks) - 1)))
        done = data.draw(st.integers(0, messages))
        self.holds.passed("a", done)
        self.holds.end("a", messages, whole=whole)
        self.through += done
        self.waiting -= done

    @invariant()
    def no_more_go_than_were_released(self):
        free = self.holds.free("a")
        out = sum(messages for messages, _ in self.tasks)
        assert free is not None
        assert self.through + out + free <= self.released
        if not any(not whole for _, whole in self.tasks):
            assert self.through + out + free == self.released


TestQueue = Queue.TestCase
