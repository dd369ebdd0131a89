from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_a_list_becomes_its_items_with_where_they_were(tmp_path):
    with driver("split", {}, tmp_path) as host:
        result = host.task([[1, {"a": 2}], ["x"]], attributes=[{"file": "f"}, None])
        assert contents(result, 1) == [1, {"a": 2}, "x"]
        first, second, third = attributes(result, 1)
        assert (first["file"], first["split.index"], first["split.count"]) == ("f", "0", "2")
        assert (second["split.index"], second["split.id"]) == ("1", first["split.id"])
        assert third["split.id"] != first["split.id"]
        assert "file" not in third


def test_an_empty_list_makes_none(tmp_path):
    with driver("split", {}, tmp_path) as host:
        assert host.task([[]])["outputs"] == []


def test_a_list_in_chunks(tmp_path):
    with driver("split", {"size": 2}, tmp_path) as host:
        assert contents(host.task([[1, 2, 3, 4, 5]]), 1) == [[1, 2], [3, 4], [5]]


def test_text_and_bytes(tmp_path):
    with driver("split", {}, tmp_path) as host:
        assert contents(host.task(["a\nb\r\n\nc", b"x\ny\n"]), 1) == ["a", "b", "", "c", b"x", b"y"]
    with driver("split", {"separator": ";"}, tmp_path) as host:
        assert contents(host.task(["a;b;;c;", b"x;y", "", ";"]), 1) == ["a", "b", "", "c", b"x", b"y", ""]
    with driver("split", {"separator": "\n", "size": 2}, tmp_path) as host:
        assert contents(host.task(["a\nb\nc\n"]), 1) == ["a\nb", "c"]
    with driver("split", {"size": 2}, tmp_path) as host:
        assert contents(host.task(["abcde", b"xyz"]), 1) == ["ab", "cd", "e", b"xy", b"z"]


def test_the_list_is_found_by_an_expression(tmp_path):
    with driver("split", {"items": "content['rows']"}, tmp_path) as host:
        result = host.task([{"rows": [1, 2]}, {"rows": 5}, {}])
        assert contents(result, 1) == [1, 2]
        assert contents(result, -2) == [{"rows": 5}, {}]
        assert "name the list or text in it by `items`" in attributes(result, -2)[0]["error.message"]


def test_config_errors():
    assert "`config.separator`" in problems("split", {"separator": ""})[0]
    assert "`config.size`" in problems("split", {"size": -1})[0]
