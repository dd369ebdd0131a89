"""What a generator's code says about who else may hold parts of what it yields."""

from __future__ import annotations

import pytest

from engine.runtime.hosts.fresh_yields import yields_only_fresh


@pytest.mark.parametrize(
    "body",
    [
        "    for i in range(9):\n        yield i",
        "    for i in range(9):\n        yield {'n': i, 'tags': ['a', 'b'], 'name': 'x-%05d' % (i % 10,), 'half': i * 0.5}",
        (
            "    for i in range(9):\n"
            "        for j in range(i):\n            yield (i, [j, {'k': f'{i}'}], -j, str(i) if j else None)"
        ),
    ],
)
def test_literals_of_numbers_and_text_are_new_each_time(body: str) -> None:
    assert yields_only_fresh(f"def source():\n{body}\n", "source")


@pytest.mark.parametrize(
    "code",
    [
        "def source():\n    d = {}\n    for i in range(9):\n        d['n'] = i\n        yield d",
        "TAGS = ['a']\ndef source():\n    for i in range(9):\n        yield {'tags': TAGS}",
        "def source():\n    for i in range(9):\n        i = [i]\n        yield {'n': i}",
        "def source():\n    for i in [[1], [2]]:\n        yield {'n': i}",
        "def source():\n    yield from [{}, {}]",
        "def source():\n    for i in range(9):\n        yield {'n': make(i)}",
        "def source():\n    for i in range(9):\n        yield {'n': [[0]] * 2}",
        "def source():\n    for i in range(9):\n        yield {**BASE, 'n': i}",
        "def str(x): return CACHE\ndef source():\n    for i in range(9):\n        yield str(i)",
        "def range(n): return CACHE\ndef source():\n    for i in range(9):\n        yield i",
        "def source():\n    for i in range(9):\n        (yield)",
        "def other():\n    yield 1\nsource = other",
    ],
)
def test_what_could_be_held_elsewhere_is_not_taken_for_new(code: str) -> None:
    assert not yields_only_fresh(code, "source")
