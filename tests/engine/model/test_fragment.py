from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.apply import apply
from engine.model.change import invert
from engine.model.codec import dump_flow, load_flow
from engine.model.flatten import flatten
from engine.model.flow import Connection, Flow, Header, Label, Processor, Subflow
from engine.model.fragment import copy, duplicate, paste
from tests.engine.model.strategies import sound_flows


def step(key: str, **fields: object) -> Processor:
    return Processor(id=key, type="python", **fields)  # pyright: ignore[reportArgumentType]


def flow_of(steps: list[Processor | Subflow], ends: tuple[str, ...] = (), **fields: object) -> Flow:
    joined = [Connection(source=end.split("->")[0], target=end.split("->")[1], bends=((1.0, 1.0),)) for end in ends]
    return Flow(
        header=Header(name="x"),
        steps={each.id: each for each in steps},
        connections={connection.id: connection for connection in joined},
        **fields,  # pyright: ignore[reportArgumentType]
    )


def test_a_copy_holds_what_lies_inside_the_selection():
    flow = flow_of(
        [step("a", config={"p": "${used}"}), step("b"), step("c")],
        ("a.success->b.in", "b.success->c.in"),
        labels={"l": Label(id="l")},
        parameters={"used": 1, "other": 2},
    )
    copied = copy(flow, ["a", "b", "label:l"])
    assert list(copied.steps) == ["a", "b"]
    assert list(copied.connections) == ["a.success->b.in"]
    assert list(copied.labels) == ["l"]
    assert copied.parameters == {"used": 1}
    assert load_flow(dump_flow(copied)) == copied


def test_pasting_gives_new_ids_and_keeps_inner_connections():
    flow = flow_of(
        [step("a", position=(0.0, 0.0)), step("b")], ("a.success->b.in",), labels={"l": Label(id="l", position=(5.0, 5.0))}
    )
    twice = apply(flow, duplicate(flow, ["a", "b", "label:l"], (10.0, 20.0)))
    assert list(twice.steps) == ["a", "b", "a-2", "b-2"]
    assert twice.steps["a-2"].position == (10.0, 20.0)
    assert twice.steps["b-2"].position is None
    assert twice.connections["a-2.success->b-2.in"].bends == ((11.0, 21.0),)
    assert twice.labels["l-2"] == Label(id="l-2", position=(15.0, 25.0))
    thrice = apply(twice, duplicate(twice, ["a-2"]))
    assert "a-3" in thrice.steps


def test_pasting_into_another_flow_brings_parameters_and_definitions():
    inner = Flow(header=Header(name="d", inputs=("in",)), steps={"s": Subflow(id="s", flow="deep")})
    deep = Flow(header=Header(name="deep"), steps={"p": step("p")})
    flow = flow_of(
        [Subflow(id="s", flow="d", parameters={"x": "${v}"})], parameters={"v": 7}, definitions={"d": inner, "deep": deep}
    )
    target = flow_of([step("s")])
    pasted = apply(target, paste(target, copy(flow, ["s"])))
    assert pasted.steps["s-2"] == Subflow(id="s-2", flow="d", parameters={"x": "${v}"})
    assert pasted.parameters == {"v": 7}
    assert pasted.definitions == {"d": inner, "deep": deep}


def test_a_definition_that_is_there_is_used_and_a_different_one_renamed():
    inner = Flow(header=Header(name="d"), steps={"s": Subflow(id="s", flow="deep")})
    deep = Flow(header=Header(name="deep"), steps={"p": step("p")})
    flow = flow_of([Subflow(id="s", flow="d")], definitions={"d": inner, "deep": deep})
    again = apply(flow, duplicate(flow, ["s"]))
    assert list(again.definitions) == ["d", "deep"]
    other = flow_of([], definitions={"deep": Flow(header=Header(name="deep", notes="another"))})
    pasted = apply(other, paste(other, copy(flow, ["s"])))
    assert set(pasted.definitions) == {"deep", "d", "deep-2"}
    assert pasted.definitions["deep-2"] == Flow(header=Header(name="deep-2"), steps={"p": step("p")})
    assert pasted.definitions["d"].steps["s"] == Subflow(id="s", flow="deep-2")


def test_definitions_of_one_name_from_different_places_stay_apart():
    outer_d = Flow(header=Header(name="d", notes="outer"), steps={"o": step("o")})
    inner_d = Flow(header=Header(name="d", notes="inner"), steps={"i": step("i")})
    box = Flow(
        header=Header(name="box"),
        steps={"s": Subflow(id="s", flow="d"), "t": Subflow(id="t", flow="e")},
        definitions={"d": inner_d},
    )
    e = Flow(header=Header(name="e"), steps={"u": Subflow(id="u", flow="d")})
    flow = flow_of([], definitions={"box": box, "d": outer_d, "e": e})
    copied = copy(flow, ["s", "t"], within="box")
    assert set(flatten(copied).steps) == {"s/i", "t/u/o"}


@settings(max_examples=40, deadline=None)
@given(sound_flows(), st.data())
def test_a_pasted_copy_runs_like_the_original(flow, data):
    keys = data.draw(st.lists(st.sampled_from(sorted(flow.steps)), unique=True, min_size=1))
    copied = copy(flow, keys)
    empty = Flow(header=Header(name="new"))
    changes = paste(empty, copied, (0.0, 0.0))
    pasted = apply(empty, changes)
    assert apply(pasted, invert(changes)) == empty
    original, again = flatten(flow), flatten(pasted)
    assert set(again.steps) == {key for key in original.steps if key.split("/")[0] in keys}
    assert {key: step.processor for key, step in again.steps.items()} == {
        key: original.steps[key].processor for key in again.steps
    }
    inside = {key: link for key, link in original.links.items() if link.source in again.steps and link.target in again.steps}
    assert set(again.links) <= set(inside)
    assert load_flow(dump_flow(copied)) == copied
