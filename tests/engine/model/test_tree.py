"""Hostile and broken texts end in problems or one clear error, quickly."""

from __future__ import annotations

import pytest

import engine.model.tree as module
from engine.errors import FlowFileError
from engine.model.tree import MAX_ALIASED, MAX_DEPTH, read_tree


def reasons(text: str | bytes) -> str:
    _, problems = read_tree(text, "f.yaml")
    return "\n".join(str(problem) for problem in problems)


@pytest.fixture(params=["C", "Python"], autouse=True)
def _loader(request, monkeypatch):
    """The same with PyYAML's C parser and without."""
    if request.param == "Python":
        monkeypatch.setattr(module, "_Loader", module.yaml.SafeLoader)


def test_lists_mappings_and_values():
    tree, problems = read_tree("a: [1, 'x', ~, true]\nb: {c: 1.5}\n? d\n: |\n  text\n", "f.yaml")
    assert tree == {"a": [1, "x", None, True], "b": {"c": 1.5}, "d": "text\n"}
    assert not problems


def test_keys_are_always_text():
    tree, _ = read_tree("200: a\n2024-01-31: b\ntrue: c\n~: d\n'': e", "f.yaml")
    assert tree == {"200": "a", "2024-01-31": "b", "true": "c", "~": "d", "": "e"}


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", b"\xef\xbb\xbf"])
def test_an_empty_text_is_nothing(text):
    assert read_tree(text, "f.yaml") == (None, [])


def test_aliases_share_a_value():
    tree, problems = read_tree("a: &x {k: [1, 2]}\nb: *x\nc: *x", "f.yaml")
    assert tree["b"] == tree["c"] == {"k": [1, 2]}
    assert not problems


def test_tags_of_plain_types_are_obeyed():
    tree, problems = read_tree("[!!str 5, !!int '7', !!float 2, !!binary AAE=, !!null '', !!bool 'true']", "f.yaml")
    assert tree == ["5", 7, 2.0, b"\x00\x01", None, True]
    assert not problems


def test_json_with_the_same_keys():
    assert read_tree('{"a": [1, null, "\\u00e9"], "b": {"c": true}}', "f.json") == ({"a": [1, None, "é"], "b": {"c": True}}, [])


def test_a_yaml_mapping_in_braces_is_no_json_and_still_read():
    assert read_tree("{a: 1, b: [x]}", "f.yaml") == ({"a": 1, "b": ["x"]}, [])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a: 1\na: 2", "line 2: the key 'a' is given twice; keep one"),
        ("- id: x\n  b: 1\n  b: 2", "line 3, 'x': the key 'b' is given twice"),
        ('{"id": "x", "b": 1, "b": 2}', "'x': the key 'b' is given twice"),
        ("a: *nowhere", "line 1: the alias *nowhere refers to what it is part of, or to nothing"),
        ("a: &x [*x]", "the alias *x refers to what it is part of"),
        ("<<: {a: 1}", "merge keys (<<) are not supported; write the keys out"),
        ("? [a, b]\n: 1", "a key must be text, not a list or a mapping"),
        ("? {a: b}\n: 1", "a key must be text"),
        ("!!python/object:os.system x", "does not fit the value 'x'; remove the tag"),
        ("a: !mine {b: 1}", "the tag '!mine' is not known; remove it"),
        ("!!int x", "remove the tag"),
        ("!!binary '?'", "remove the tag"),
        ("n: " + "9" * 5000, "a number of 5000 characters is too long"),
    ],
)
def test_a_problem_names_the_place_and_the_cure(text, reason):
    assert reason in reasons(text)


def test_quoted_merge_signs_are_just_text():
    assert read_tree("'<<': 1", "f.yaml") == ({"<<": 1}, [])


def test_all_problems_are_told_at_once():
    assert reasons("a: 1\na: 2\nb: *c\n<<: 3").count("\n") == 2


@pytest.mark.parametrize(
    "text",
    [
        "[" * 4000,
        "{a: " * 10_000,
        "- " * 20_000,
        "[\n" * 5000,
        "{" * 4000,
        '{"a":' * 20_000 + "1" + "}" * 20_000,
        '{"a":' * 300 + "1" + "}" * 300,
    ],
)
def test_deep_nesting_is_refused(text):
    with pytest.raises(FlowFileError, match=f"nested more than {MAX_DEPTH} deep|not readable as YAML"):
        read_tree(text, "f.yaml")


def test_an_alias_bomb_is_refused():
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]\n" for level in range(1, 30)
    )
    with pytest.raises(FlowFileError, match=f"aliases repeat more than {MAX_ALIASED} values"):
        read_tree(bomb, "f.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"\xff\xfea\x00", "byte 0 is not UTF-8 text; save the file as UTF-8"),
        (b"name: caf\xe9", "byte 9 is not UTF-8 text"),
        ("a: \ud800", "half a surrogate pair"),
        ('{"a": "\\ud800"}', "half a surrogate pair"),
        ('{"\\udfff": 1}', "half a surrogate pair"),
        ("a: \x00", "cannot be read as YAML"),
        ("a: \x1b[0m", "cannot be read as YAML"),
        ("\ta: 1\n\tb: 2", "indent with spaces, not tabs"),
        ("a: [1, 2", "line 1|line 2"),
        ("a: 'b", "check the indentation, quotes and brackets there"),
        ("--- 1\n--- 2", "a second document begins; keep one flow per file"),
        ("a: %x", "cannot start any token"),
        ("%YAML 9.9\n--- a", "not readable as YAML"),
    ],
)
def test_what_cannot_be_read_is_one_clear_error(text, message):
    with pytest.raises(FlowFileError, match=message) as error:
        read_tree(text, "f.yaml")
    assert str(error.value).startswith("f.yaml: ")
    assert "\n" not in str(error.value)
