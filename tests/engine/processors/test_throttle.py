import time

from engine.runtime.hosts import values
from tests.drive import contents
from tests.engine.processors.declared import driver, problems

CENTURY = 36500 * 86400
"""A period that no test run crosses the end of."""


def waiting(result):
    return [(output[4], output[2]) for output in result["outputs"] if output[0] == 0]


def test_so_many_pass_in_a_period_and_the_others_wait_for_the_next_ones(tmp_path):
    with driver("throttle", {"messages": 2, "period": "36500d"}, tmp_path) as host:
        result = host.task([1, 2, 3, 4, 5])
        assert contents(result, 1) == [1, 2]
        assert waiting(result) == [(CENTURY * 1000 + 1, 2), (2 * CENTURY * 1000 + 1, 1)]
        # A later one takes the next place that is left
        assert waiting(host.task([6, 7])) == [(2 * CENTURY * 1000 + 1, 1), (3 * CENTURY * 1000 + 1, 1)]


def test_the_pace_survives_a_kill(tmp_path):
    config = {"messages": 2, "period": "36500d"}
    with driver("throttle", config, tmp_path) as host:
        host.task([1])
        host.process.kill()
        with driver("throttle", config, tmp_path) as new:
            new.state = host.state
            result = new.task([2, 3])
            assert contents(result, 1) == [2]
            assert contents(result, 0) == [3]


def test_those_that_come_back_pass_as_far_as_there_is_room(tmp_path):
    with driver("throttle", {"messages": 2, "period": "36500d"}, tmp_path) as host:
        host.task([1])
        # Given three that waited while nothing ran: only one more has room now
        result = host.task([2, 3, 4], attempt=1)
        assert contents(result, 1) == [2]
        assert contents(result, 0) == [3, 4]


def test_a_new_one_does_not_overtake_those_that_wait(tmp_path):
    with driver("throttle", {"messages": 1, "period": CENTURY}, tmp_path) as host:
        host.task([1, 2])
        state = host.state[0]["pace"]
        host.close()
        # Given the next period has begun (the clock of the state is set back) and 2 has not come back yet
        with driver("throttle", {"messages": 1, "period": CENTURY}, tmp_path) as new:
            now, _, latest, given = values.unpack(state[0])
            new.state[0] = {"pace": (values.pack([now - 1, 1, latest - 1, given]), 1)}
            result = new.task([3])
            assert contents(result, 1) == []
            assert waiting(result) == [(CENTURY * 1000 + 1, 1)]
            assert contents(new.task([2], attempt=1), 1) == [2]


def test_a_due_time_is_never_before_its_period(tmp_path):
    with driver("throttle", {"messages": 1, "period": "1.001s"}, tmp_path) as host:
        dues = [due for due, _ in waiting(host.task(list(range(1000))))]
        assert all(due * 1000 % 1_001_000 >= 0 and due * 1000 % 1_001_000 <= 2000 for due in dues)
        assert dues[0] >= time.time() * 1000 - 2000


def test_config_errors():
    assert problems("throttle", {}) == ["`config.messages` is missing"]
    assert "at least 1ms" in problems("throttle", {"messages": 1, "period": 0})[0]
