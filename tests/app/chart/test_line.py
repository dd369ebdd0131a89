from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from app.chart.counter import BY_ID, LINK, STEP
from app.chart.line import as_csv, figure, line_of
from app.chart.subject import Subject
from engine.client.answer import History, HistoryPart
from engine.client.engine import Engine

STEP_COLUMNS = ("in", "out", "failed", "tasks", "seconds")


def subject(name: str, ids=STEP) -> Subject:
    return Subject(Engine(), "flow", HistoryPart(name), name, tuple(BY_ID[id] for id in ids), ("in",))


def test_what_was_counted_is_shown_by_the_second_at_the_end_of_its_row():
    history = History(60, 180_000, STEP_COLUMNS, [(60, 0, 0, 0, 0), (120, 0, 0, 0, 0), (0, 0, 0, 0, 0)])
    line = line_of(subject("a"), BY_ID["in"], history, 200.0, number=0, among=1)
    assert (line.times.tolist(), line.values.tolist()) == ([60, 120, 180], [1, 2, 0])
    assert (line.name, line.color) == ("In", BY_ID["in"].color)


def test_the_row_that_lasts_counts_for_the_time_that_has_passed():
    history = History(60, 120_000, STEP_COLUMNS, [(60, 0, 0, 0, 0), (30, 0, 0, 0, 0)])
    line = line_of(subject("a"), BY_ID["in"], history, 75.0, number=0, among=1)
    assert (line.times.tolist(), line.values.tolist()) == ([60, 75], [1, 2])
    young = line_of(subject("a"), BY_ID["in"], history, 62.0, number=0, among=1)
    assert (young.times.tolist(), young.values.tolist()) == ([60], [1])


def test_what_stands_is_shown_as_it_is():
    history = History(60, 120_000, ("passed", "queued", "bytes", "queued_bytes"), [(60, 7, 600, 70), (60, 9, 600, 90)])
    line = line_of(subject("a->b", LINK), BY_ID["queued"], history, 62.0, number=0, among=1)
    assert (line.times.tolist(), line.values.tolist()) == ([60, 62], [7, 9])


def test_of_several_parts_lines_say_whose_they_are_and_have_colours_of_their_own():
    history = History(1, 1000, STEP_COLUMNS, [(1, 2, 3, 4, 5)])
    lines = [
        line_of(subject(name), BY_ID[counter], history, 1.0, number=number, among=2)
        for number, name in enumerate("ab")
        for counter in ("in", "out", "failed")
    ]
    assert [line.name for line in lines][::3] == ["a · In", "b · In"]
    assert len({line.color for line in lines}) == 6


def test_a_part_of_which_nothing_is_known_has_no_points():
    line = line_of(subject("a"), BY_ID["in"], History(1, 0, (), []), 1.0, number=0, among=1)
    assert (len(line.times), line.at(5.0)) == (0, None)


def test_the_row_that_holds_a_time_is_found():
    history = History(60, 180_000, STEP_COLUMNS, [(60, 0, 0, 0, 0), (120, 0, 0, 0, 0), (240, 0, 0, 0, 0)])
    line = line_of(subject("a"), BY_ID["in"], history, 200.0, number=0, among=1)
    assert [line.at(time) for time in (0.0, 60.0, 61.0, 999.0)] == [(60, 1), (60, 1), (120, 2), (180, 4)]


def test_figures_as_comma_separated_values():
    first = History(60, 120_000, STEP_COLUMNS, [(60, 0, 0, 0, 0), (90, 0, 0, 0, 0)])
    second = History(60, 120_000, STEP_COLUMNS, [(6, 0, 0, 0, 0)])
    lines = [
        line_of(subject(name), BY_ID["in"], history, 200.0, number=0, among=2)
        for name, history in (("a", first), ("b", second))
    ]
    rows = list(csv.reader(io.StringIO(as_csv(lines))))
    assert rows[0] == ["time", "a · In (messages/s)", "b · In (messages/s)"]
    assert [row[1:] for row in rows[1:]] == [["1", ""], ["1.5", "0.1"]]


@pytest.mark.parametrize(
    ("value", "said"), [(0, "0"), (np.nan, "0"), (0.5, "0.5"), (12.345, "12.3"), (12_345, "12.3 k"), (5e9, "5 G")]
)
def test_values_are_short(value, said):
    assert figure(value) == said
