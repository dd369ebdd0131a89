"""What is painted: the same by whatever way it comes to the screen, and never a fault."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from app.canvas.card import Card, State
from app.canvas.card_columns import NUMBERS, SPARK_POINTS, SPARKS
from app.canvas.link import Link
from app.canvas.measure import MEASURE
from app.canvas.paint.layers import FAR
from app.canvas.sheet import Note, Sheet
from app.canvas.viewer import FlowViewer
from app.page.canvas_look import CanvasIcons, colors_of
from app.theme.theme import DARK, LIGHT
from tests.app.canvas.showing import afresh, chain, colors, differing, on_screen
from tests.app.canvas.strategies import cards, links, places, words

SCALES = [0.02, 0.05, 0.13, 0.2, 0.3, 0.47, 0.6, 0.73, 1.0, 1.5, 3.0]
_LEFT = Qt.MouseButton.LeftButton
_POINTS = [QPoint(40, 25), QPoint(-70, 60), QPoint(5, -80), QPoint(130, 3)]


@pytest.fixture
def viewer(qtbot) -> FlowViewer:
    made = FlowViewer()
    qtbot.addWidget(made)
    made.set_colors(colors_of(DARK), CanvasIcons(DARK))
    made.resize(700, 500)
    made.show()
    return made


@pytest.mark.parametrize("scale", [0.1, 0.3, 0.73, 1.0, 1.7])
def test_panning_shows_what_painting_it_all_would(viewer, scale):
    """Panning moves what is on the screen and paints the strips that appear."""
    viewer.show_sheet(chain(60))
    viewer.look_at(QPointF(1200, 900), scale)
    afresh(viewer)
    for number in range(24):
        viewer.pan(*[(17, -9), (-3, 40), (-31, 2), (1, 1)][number % 4])
        on_screen(viewer)
    moved = on_screen(viewer)
    assert colors(moved) > 5
    far = 20 if scale < FAR else 0  # straight lines without antialiasing: a pixel here or there, until the view rests
    assert differing(moved, afresh(viewer)) <= far


@pytest.mark.parametrize("scale", [0.13, 0.73, 1.0])
def test_what_has_a_higher_layer_is_painted_over_the_rest(viewer, scale):
    """Cards, and labels of connections, that lie in one place: one sees of the upper what one sees of it alone."""

    def painted(layers: dict[str, int]) -> list[np.ndarray]:
        """The middle of the cards, and from near that of the labels."""
        sheet, states = Sheet(), {"a": State.RUNNING, "b": State.BROKEN}
        ends = [(Card(key=key, outputs=("o",), inputs=("i",)), x, 0, State.STOPPED) for key, x in (("s", -500), ("t", 500))]
        sheet.cards.add(
            [*ends, *((Card(key=key, name=key * 9, layer=layer), 0, 250, states[key]) for key, layer in layers.items())]
        )
        sheet.links.add(
            [
                Link(key=key * 2, source="s", source_port="o", target="t", target_port="i", name=key * 9, layer=layer)
                for key, layer in layers.items()
            ]
        )
        sheet.links.label[: len(layers)] = 0.5
        viewer.show_sheet(sheet)
        viewer.look_at(QPointF(100, 200), scale)
        shown = afresh(viewer)
        areas = [sheet.cards.rect(sheet.cards.rows[next(iter(layers))]), sheet.links.label_rect(0)]
        found: list[np.ndarray] = []
        for area in areas if scale >= MEASURE.detail else areas[:1]:
            corners = viewer.mapFromScene(area.topLeft()), viewer.mapFromScene(area.bottomRight())
            (left, top), (right, bottom) = (corner.toTuple() for corner in corners)
            found.append(shown[top + edge : bottom - edge, left + edge : right - edge])
        return found

    edge = 4 if scale >= FAR else 1  # antialiased where both lie, and the cards' shadows
    alone = {key: painted({key: 0}) for key in "ab"}
    assert all(differing(*both) > 20 for both in zip(alone["a"], alone["b"], strict=True))
    for layers, upper in (((0, 0), "b"), ((1, 0), "a"), ((0, -1), "a"), ((2, 3), "b")):
        together = painted({"a": layers[0], "b": layers[1]})
        for seen, wanted in zip(together, alone[upper], strict=True):
            assert differing(seen, wanted) == 0, layers


@pytest.mark.parametrize("scale", [0.13, 0.47, 0.73, 1.0, 1.5])
def test_a_drag_leaves_nothing_behind(viewer, scale):
    """Only what was damaged is painted while a card moves."""
    sheet = chain(24)
    viewer.show_sheet(sheet)
    viewer.look_at(QPointF(900, 500), scale)
    sheet.select(["c8"])
    start = viewer.mapFromScene(sheet.cards.rect(sheet.cards.rows["c8"]).topLeft() + QPointF(100, 8))
    afresh(viewer)
    QTest.mousePress(viewer.viewport(), _LEFT, pos=start)
    for number in range(12):
        QTest.mouseMove(viewer.viewport(), start + _POINTS[number % len(_POINTS)])
        on_screen(viewer)
    moved = on_screen(viewer)
    assert differing(moved, afresh(viewer)) <= (20 if scale < FAR else 0)
    QTest.mouseRelease(viewer.viewport(), _LEFT, pos=start + _POINTS[0])


def test_zooming_ends_sharp(viewer, qtbot):
    """While the scale changes, pictures of another scale are good enough; at rest they are not."""
    viewer.show_sheet(chain(24))
    viewer.look_at(QPointF(900, 500), 1.0)
    on_screen(viewer)
    for _ in range(3):
        viewer.zoom(1.1)
        on_screen(viewer)
    qtbot.waitUntil(lambda: not viewer._settle.isActive())
    rested = on_screen(viewer)
    viewer.show_sheet(viewer.sheet)  # with no picture of any scale
    assert differing(rested, afresh(viewer)) == 0


@pytest.mark.parametrize("scale", [0.3, 0.6, 0.73, 1.0, 1.37, 2.0])
def test_other_figures_leave_nothing_behind(viewer, scale):
    """Only the figures of a card are painted again when nothing else has changed, over what was there."""
    sheet = chain(12)
    viewer.show_sheet(sheet)
    viewer.look_at(QPointF(600, 300), scale)
    rows, chance = sheet.cards.rows.all(), np.random.default_rng(7)
    before = afresh(viewer)
    for most in (10**9, 10, 2, 10**5, 10**3):
        sheet.cards.set_numbers(rows, chance.integers(0, most, (len(rows), len(NUMBERS))))
        sheet.cards.set_sparks(rows, chance.random((len(rows), SPARKS, SPARK_POINTS)).astype(np.float32).round())
        changed = afresh(viewer)
    assert (differing(changed, before) > 100) == (scale >= MEASURE.detail)
    viewer.show_sheet(sheet)  # with no picture
    assert differing(changed, afresh(viewer)) == 0


def test_new_colours_are_seen_at_once(viewer):
    viewer.show_sheet(chain(12))
    dark = on_screen(viewer)
    viewer.set_colors(colors_of(LIGHT), CanvasIcons(LIGHT))
    light = on_screen(viewer)
    assert light.mean() > dark.mean()
    assert differing(light, afresh(viewer)) == 0


@pytest.mark.parametrize("scale", SCALES)
def test_nothing_is_painted_without_fault_at_any_scale(viewer, scale):
    viewer.show_sheet(Sheet())
    viewer.look_at(QPointF(0, 0), scale)
    assert colors(afresh(viewer)) <= 2


@pytest.mark.parametrize("scale", SCALES)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_cards_links_and_notes_are_painted_without_fault(viewer, scale, data):
    """qtbot fails the test for an exception in a paint event, and for what Qt has to say of bad painting."""
    sheet = Sheet()
    keys = data.draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True))
    sheet.cards.add([(data.draw(cards(key)), *data.draw(places), data.draw(st.sampled_from(State))) for key in keys])
    sheet.links.add([data.draw(links(key, keys)) for key in data.draw(st.lists(st.sampled_from("xyz"), unique=True))])
    sheet.notes = {
        key: data.draw(st.builds(Note, key=st.just(key), text=words, color=st.sampled_from(["", "red", "nonsense", "#1"])))
        for key in data.draw(st.lists(st.sampled_from(["label:1", "label:2"]), unique=True))
    }
    sheet.select(data.draw(st.lists(st.sampled_from([*keys, "x", "label:1"]), unique=True)))
    rows = sheet.cards.rows.all()
    biggest = data.draw(st.sampled_from([0, 1, 10**6, 2**62]))
    sheet.cards.set_numbers(rows, np.full((len(rows), len(NUMBERS)), biggest, np.int64))
    sheet.cards.set_sparks(rows, np.full((len(rows), SPARKS, SPARK_POINTS), data.draw(st.floats(0, 1)), np.float32))
    sheet.links.queued[:] = biggest
    sheet.links.fill[:] = data.draw(st.sampled_from([0, 0.5, 1, 1e9]))
    viewer.show_sheet(sheet)
    viewer.look_at(sheet.cards.rect(int(rows[0])).center(), scale)
    viewer.viewport().repaint()


@pytest.mark.parametrize("scale", SCALES)
def test_a_card_with_a_thousand_ports_is_painted(viewer, scale):
    """As a whole it would be larger than any pixmap can be."""
    names = tuple(f"rule {number}" for number in range(1000))
    sheet = Sheet()
    sheet.cards.add([(Card(key="route", name="x" * 10_000, outputs=names), 0, 0, State.RUNNING)])
    viewer.show_sheet(sheet)
    viewer.look_at(QPointF(150, 15_000), scale)
    assert colors(afresh(viewer)) > 3
