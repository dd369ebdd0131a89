"""The log's rows against a plain list, whatever comes, goes, opens and is filtered."""

from __future__ import annotations

import hypothesis.strategies as st
from hypothesis import given, settings
from PySide6.QtTest import QAbstractItemModelTester

from app.feed.feed import Line
from app.panel import log_model
from app.panel.log_model import LEVELS, TEXT, Filter, LogModel

FATAL = QAbstractItemModelTester.FailureReportingMode.Fatal
LINES = st.builds(
    Line,
    st.integers(0, 10**13),
    st.sampled_from(["", "a", "b", "sub/c"]),
    st.sampled_from([*LEVELS, "other"]),
    st.sampled_from(
        ["one", "two words", "three\nlines\nhere", "Traceback (most recent call last):\n  File\nValueError: bad", ""]
    ),
)
FILTERS = st.builds(
    Filter,
    st.integers(0, 3),
    st.sampled_from(["", "a", "sub/c"]),
    st.sampled_from([(), ("words",), ("bad",), ("a", "o")]),
)
ACTS = st.one_of(
    st.tuples(st.just("append"), st.lists(LINES, max_size=30)),
    st.tuples(st.just("filter"), FILTERS),
    st.tuples(st.just("open"), st.integers(0, 30)),
    st.tuples(st.just("close"), st.integers(0, 30)),
    st.tuples(st.just("clear"), st.none()),
)


def texts(model):
    return [model.index(row, TEXT).data() for row in range(model.rowCount())]


def expected(lines, opened, wanted):
    rows = []
    for number, line in lines:
        if not wanted.leaves(line):
            continue
        parts = [part.rstrip() for part in line.text.splitlines() if part.strip()] or [""]
        bare = parts[0].startswith("Traceback")
        rows.append(parts[-1] if bare else parts[0])
        if number in opened:
            rows += [f"    {part}" for part in (parts if bare else parts[1:])]
    return rows


@settings(max_examples=60)
@given(st.lists(ACTS, max_size=25))
def test_rows_are_the_last_lines_that_pass(qapp, acts):
    most, log_model.MOST = log_model.MOST, 50
    model = LogModel()
    tester = QAbstractItemModelTester(model, FATAL)
    lines: list[tuple[int, Line]] = []
    opened: set[int] = set()
    wanted, count = Filter(), 0
    try:
        for act, value in acts:
            if act == "append":
                before = model.rowCount()
                kept = (lines + [(count + n, line) for n, line in enumerate(value)])[-50:]
                gone = model.append(value)
                count += len(value)
                passed = [number for number, line in lines if (number, line) not in kept and wanted.leaves(line)]
                assert gone >= len(passed)
                assert gone <= before
                lines = kept
                opened &= {number for number, _ in lines}
            elif act == "filter":
                wanted = value
                model.show_only(value)
            elif act == "clear":
                lines, opened = [], set()
                model.clear()
            elif value < model.rowCount():
                if model.can_open(value):
                    (opened.add if act == "open" else opened.discard)(model.said(value).number)
                model.set_open(value, is_open=act == "open")
            assert texts(model) == expected(lines, opened, wanted)
            assert len(model) == len(lines)
    finally:
        log_model.MOST = most
        tester.deleteLater()


def test_more_than_there_is_room_for_at_once(qapp):
    model = LogModel()
    model.append([Line(n, "a", "info", f"line {n}") for n in range(log_model.MOST + 10)])
    assert len(model) == log_model.MOST
    assert texts(model)[0] == "line 10"


def test_a_copy_has_everything(qapp):
    model = LogModel()
    model.append([Line(0, "parse", "error", "failed\nTraceback\nKeyError: 1")])
    assert model.text(0).endswith("ERROR parse failed\nTraceback\nKeyError: 1")
