from __future__ import annotations

from tests.drive import attributes, contents
from tests.engine.processors.built_in import target


def test_logs_each_message_and_passes_it_on(tmp_path):
    messages = ["text\nof two lines", b"\x00\x01", {"a": [1, None]}, 1 + 2j]
    with target("log", tmp_path, prefix="got ", level="warning") as host:
        result = host.task(messages, attributes=[{"k": "v"}] * 4)
    assert contents(result, 1) == messages
    assert attributes(result, 1) == [{"k": "v"}] * 4
    lines = ["got text\nof two lines", "got b'\\x00\\x01'", 'got {"a":[1,null]}', "got (1+2j)"]
    assert host.logs == [(0, "warning", line) for line in lines]


def test_every_nth_counts_across_tasks(tmp_path):
    with target("log", tmp_path, every=3) as host:
        for start in (0, 2, 4, 9):
            host.task([f"{number}" for number in range(start, {0: 2, 2: 4, 4: 9, 9: 10}[start])])
    assert [text for _, _, text in host.logs] == ["0", "3", "6", "9"]


def test_long_contents_are_cut_and_attributes_shown(tmp_path):
    with target("log", tmp_path, attributes=True) as host:
        result = host.task(["x" * 5_000], attributes=[{"k": "v"}])
    assert contents(result, 1) == ["x" * 5_000]
    assert host.logs[0][2] == "x" * 2_000 + '... (5,000 in all)  {"k":"v"}'
