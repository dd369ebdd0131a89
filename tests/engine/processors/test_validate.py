import json

from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems

SCHEMA = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "at": {"type": "string", "format": "date"},
        "tags": {"items": {"type": "string"}},
    },
}


def test_valid_messages_pass_and_the_others_say_what_is_wrong(tmp_path):
    with driver("validate", {"schema": SCHEMA}, tmp_path) as host:
        result = host.task(
            [{"id": 1}, {"id": "x", "tags": ["a", 5]}, {}, {"id": 2, "at": "soon"}], attributes=[None, {"a": "1"}, None, None]
        )
        assert contents(result, 1) == [{"id": 1}, {"id": 2, "at": "soon"}]
        assert contents(result, 2) == [{"id": "x", "tags": ["a", 5]}, {}]
        first, second = attributes(result, 2)
        assert first["a"] == "1"
        assert (first["validate.path"], first["validate.message"]) == ("$.id", "'x' is not of type 'integer'")
        assert json.loads(first["validate.errors"]) == [
            ["$.id", "'x' is not of type 'integer'"],
            ["$.tags[1]", "5 is not of type 'string'"],
        ]
        assert second["validate.message"] == "'id' is a required property"
        assert contents(host.task([{"id": 3}]), 1) == [{"id": 3}]


def test_formats_are_checked_when_asked(tmp_path):
    with driver("validate", {"schema": SCHEMA, "formats": True}, tmp_path) as host:
        assert contents(host.task([{"id": 2, "at": "soon"}, {"id": 2, "at": "2024-02-29"}]), 2) == [{"id": 2, "at": "soon"}]


def test_the_errors_listed_are_capped(tmp_path):
    schema = {"items": {"type": "string"}}
    with driver("validate", {"schema": schema, "most_errors": 3}, tmp_path) as host:
        [found] = attributes(host.task([list(range(1000))]), 2)
        assert len(json.loads(found["validate.errors"])) == 3


def test_the_schema_may_be_a_file_of_its_own_draft(tmp_path):
    schema = {"$schema": "http://json-schema.org/draft-04/schema#", "minimum": 5, "exclusiveMinimum": True}
    (tmp_path / "s.json").write_text(json.dumps(schema))
    with driver("validate", {"schema_file": "s.json"}, tmp_path) as host:
        assert contents(host.task([5, 6]), 2) == [5]


def test_nothing_is_fetched_from_elsewhere(tmp_path):
    with driver("validate", {"schema": {"$ref": "http://127.0.0.1:9/schema.json"}}, tmp_path) as host:
        result = host.task([1])
        assert contents(result, -2) == [1]
        assert "Unresolvable" in attributes(result, -2)[0]["error.message"]


def test_config_errors(tmp_path):
    assert problems("validate", {}) == ["give either `schema` or `schema_file`"]
    assert problems("validate", {"schema": {"type": "objekt"}}) == [
        "the schema is wrong at '$.type': 'objekt' is not valid under any of the given schemas"
    ]
    assert "cannot be read" in problems("validate", {"schema_file": "none.json"}, tmp_path)[0]
    (tmp_path / "bad.json").write_text("{")
    assert "is not JSON" in problems("validate", {"schema_file": "bad.json"}, tmp_path)[0]
