"""The settings that all parts of a kind have."""

from __future__ import annotations

import pytest
from msgspec import UNSET, structs

from engine.client.flow import part_text
from engine.client.part_setting import (
    LineProblem,
    header_settings,
    part_settings,
    part_values,
    read_part_text,
    read_value,
    reasons_by_setting,
)
from engine.client.setting import Setting, check_setting
from engine.model.flow import Connection, Header, Label, Part, Processor, Retry, Schedule, Subflow

PARTS: list[Part] = [
    Processor(id="p", type="python", code="def f(x): return x"),
    Processor(id="n", type="node"),
    Processor(id="b", type="bash"),
    Processor(id="r", type="route"),
    Subflow(id="s", flow="clean"),
    Connection(source="a.success", target="b.in"),
    Label(id="l"),
    Header(name="flow"),
]


def every_setting(part: Part) -> list[Setting]:
    found = [setting for settings in part_settings(part).values() for setting in settings]
    return [*found, *header_settings(is_definition=True)] if isinstance(part, Header) else found


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{type(part).__name__} {getattr(part, 'type', '')}")
def test_every_setting_is_one_of_the_file_and_its_default_is_the_models(part: Part):
    for setting in every_setting(part):
        assert setting.title
        assert setting.meaning.endswith(".")
        assert check_setting(setting, UNSET) == ("must be given" if setting.required else None)
        if not setting.required:
            given = read_value(type(part), setting.name, UNSET)
            if setting.default is not None:
                assert check_setting(setting, setting.default) is None
                if not setting.nullable:
                    assert read_value(type(part), setting.name, setting.default) == given
            assert structs.replace(part, **given) is not None


def test_only_what_means_something_to_the_runtime_is_offered():
    names = {part.type: {setting.name for setting in every_setting(part)} for part in PARTS if isinstance(part, Processor)}
    assert {"function", "batch", "requirements"} <= names["python"]
    assert "mode" not in names["python"]
    assert "mode" in names["bash"]
    assert not {"function", "batch"} & names["bash"]
    assert not {"function", "batch", "mode", "inputs", "outputs"} & names["route"]


def test_values_are_those_of_the_file_and_are_read_back():
    part = Processor(id="p", type="log", timeout_s=5.0, retry=Retry(3, 1.5), schedule=Schedule(every_s=60))
    values = part_values(part)
    assert values == {"id": "p", "type": "log", "timeout": "5s", "retry": {"attempts": 3, "penalty": "1.5s"},
                      "schedule": {"every": "1m"}}  # fmt: skip
    for name, value in values.items():
        attribute, found = next(iter(read_value(Processor, name, value).items()))
        assert found == getattr(part, attribute)
    assert read_value(Processor, "timeout", UNSET) == {"timeout_s": 60.0}


def test_a_value_that_does_not_fit_is_refused_with_the_reason():
    with pytest.raises(ValueError, match=r"^must be a duration such as"):
        read_value(Processor, "timeout", "soon")
    with pytest.raises(ValueError, match=r"^must be given$"):
        read_value(Header, "name", UNSET)


def test_a_text_is_read_as_its_part():
    part = Processor(id="p", type="route", config={"rules": {"a": "content"}}, auto_terminate=("a",), position=(1.0, 2.0))
    assert read_part_text(part_text(part), Processor) == (part, [])


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("id: p\ntype: log\ntimeout: soon\n", [(3, "`timeout` must be a duration")]),
        ("id: p\ntype: log\nretry:\n  attempts: many\n  penalty: 5s\n", [(4, "`retry.attempts` must be a whole number")]),
        ("id: p\ntype: log\nnmae: x\n", [(3, "'nmae' is not a known key; did you mean 'name'?")]),
        ("id: p\n", [(1, "`type` is missing")]),
        ("id: p\ntype: [log\nname: x\n", [(3, "")]),
        ("id: p\nid: q\ntype: log\n", [(1, "")]),
        ("just text", [(1, "must be a mapping")]),
    ],
)
def test_what_is_wrong_with_a_text_is_told_with_its_line(text: str, problems: list[tuple[int, str]]):
    part, found = read_part_text(text, Processor)
    assert part is None
    assert [problem.line for problem in found] == [line for line, _ in problems]
    for problem, (_, beginning) in zip(found, problems, strict=True):
        assert problem.reason.startswith(beginning), problem
        assert isinstance(problem, LineProblem)


def test_reasons_are_sorted_by_the_setting_that_they_name():
    reasons = [
        "`config.path` is missing",
        "`config.rules.slow` is no Python expression: bad; correct it",
        "`start: end` goes with `follow: true` only; remove it",
        "output 'a' is not connected; connect it",
    ]
    assert reasons_by_setting(reasons, dict.fromkeys(("path", "rules", "follow", "start"))) == {
        "path": [reasons[0]],
        "rules": [reasons[1]],
        "start": [reasons[2]],
        "": [reasons[3]],
    }
