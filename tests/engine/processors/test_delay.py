import time

from engine.runtime.hosts.claims import Store
from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


def test_every_message_waits_its_time_in_the_queue_it_came_from(tmp_path):
    with driver("delay", {"time": "1h"}, tmp_path) as host:
        before = time.time()
        result = host.task([1, 2], attributes=[{"a": "1"}, None])
        [[link, step, n, _, due_ms, _, attempt, *_]] = result["outputs"]
        assert (link, step, n, attempt) == (0, 0, 2, 1)
        assert (before + 3600) * 1000 - 1 <= due_ms <= (time.time() + 3600) * 1000
        assert result["steps"] == [] or result["steps"][0][1] == 0
        # When it comes back it goes on as it came
        back = host.task(contents(result, 0), attributes=attributes(result, 0), attempt=1)
        assert contents(back, 1) == [1, 2]
        assert attributes(back, 1) == [{"a": "1"}, {}]


def test_large_content_is_not_loaded(tmp_path):
    with driver("delay", {"time": 5}, tmp_path) as host:
        claim = Store(tmp_path / "claims").put(b"x" * 5_000_000)
        result = host.task([claim])
        assert contents(result, 0)[0].size == 5_000_000
        assert result["outputs"][0][9] == [claim.id]
        assert contents(host.task([claim], attempt=1), 1)[0].id == claim.id


def test_config_errors():
    assert problems("delay", {}) == ["`config.time` is missing"]
    assert "`time` must be a duration such as" in problems("delay", {"time": "later"})[0]
