"""Content too large for a queue row lies in a file; batches that leave have a bearable size. In Python and Node alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.runtime.hosts import claims, values
from tests.drive import HostDriver, attributes, contents, into, out, step

Start = Callable[..., HostDriver]
BOTH = pytest.mark.parametrize("kind", ["python", "node"])
SAME = {"python": "def f(x):\n    return x", "node": "module.exports = (x) => x"}
LARGE = 1_500_000


def loaded(tmp_path: Path, result: dict[str, Any], link: int) -> list[Any]:
    """The contents that left over a link, also those that lie in files."""
    return claims.Store(tmp_path / "claims").resolve(contents(result, link))


@BOTH
@pytest.mark.parametrize(
    "content", [b"x" * LARGE, "é" * LARGE, [1] * LARGE, {"a": "x" * LARGE}], ids=lambda c: type(c).__name__
)
def test_large_content_goes_to_a_file_and_comes_from_one(host: Start, tmp_path: Path, kind: str, content: Any) -> None:
    driver = host(SAME[kind], kind)
    result = driver.task(["small", content, 5], attributes=[{"n": "0"}, {"n": "1"}, {"n": "2"}])
    kinds = [type(each) for each in contents(result, 1)]
    assert kinds == [str, values.Claim, int]
    assert loaded(tmp_path, result, 1) == ["small", content, 5]
    assert [each for output in result["outputs"] for each in output[9]] == [contents(result, 1)[1].id]
    assert attributes(result, 1) == [{"n": "0"}, {"n": "1"}, {"n": "2"}]
    assert all(len(body) < 2 << 20 for body in result["bodies"])
    assert contents(result, 1)[1].type == ("bytes" if type(content) is bytes else "packed")
    again = driver.task(contents(result, 1))
    assert loaded(tmp_path, again, 1) == ["small", content, 5]


@BOTH
def test_large_content_that_fails_stays_in_its_file(host: Start, tmp_path: Path, kind: str) -> None:
    fails = {
        "python": "def f(x):\n    raise ValueError(len(x))",
        "node": "module.exports = (x) => { throw new Error(x.length); }",
    }
    claim = claims.Store(tmp_path / "claims").put(b"x" * LARGE)
    result = host(fails[kind], kind, retry=[1, 0.0]).task([claim, claim], attempt=1)
    assert [each.id for each in contents(result, -2)] == [claim.id] * 2
    assert attributes(result, -2)[0]["error.message"] == str(LARGE)
    assert [output[9] for output in result["outputs"]] == [[claim.id, claim.id]]
    waiting = host(fails[kind], kind, retry=[1, 0.0]).task([claim])
    assert waiting["outputs"][0][9] == [claim.id]


@BOTH
def test_a_claim_whose_file_is_gone_fails_only_where_it_is_used(host: Start, kind: str) -> None:
    driver = host(SAME[kind], kind)
    result = driver.task([1, values.Claim("0" * 32, 5, "bytes"), 3])
    assert contents(result, 1) == [1, 3]
    assert attributes(result, -2)[0]["error.type"] == "ContentLost"
    only = driver.task([values.Claim("0" * 32, 5, "bytes")])
    assert [output[0] for output in only["outputs"]] == [-2]


@BOTH
def test_batches_that_leave_have_a_bearable_size_and_know_where_they_came_from(host: Start, kind: str) -> None:
    driver = host(SAME[kind], kind)
    driver.task([0] * 8)
    result = driver.task(["x" * 1000] * 3000, attributes=[{"n": str(n)} for n in range(3000)])
    done = result["rows"]
    assert contents(result, 1) == ["x" * 1000] * done
    assert attributes(result, 1) == [{"n": str(n)} for n in range(done)]
    assert all(output[3] < 1_300_000 for output in result["outputs"])
    firsts = [output[8] for output in result["outputs"]]
    assert [row for first, count in firsts for row in range(first, first + count)] == list(range(done))


@BOTH
def test_a_link_may_ask_for_small_batches(tmp_path: Path, kind: str) -> None:
    many = {
        "python": "def f(x):\n    yield from range(x)",
        "node": "module.exports = function* (x) { for (let n = 0; n < x; n++) yield n; }",
    }
    links = [into(0), {**out(), "most": 10}]
    with HostDriver([step("it", kind, code=many[kind], routes={"success": [1]})], links, tmp_path) as driver:
        result = driver.task([25])
    assert [output[2] for output in result["outputs"]] == [10, 10, 5]
    assert contents(result, 1) == list(range(25))
