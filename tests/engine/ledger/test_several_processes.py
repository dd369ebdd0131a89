"""Several workers on one ledger: nothing is claimed twice, a lost lease commits nothing, no change of state is lost."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections import Counter as Multiset
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.ledger.base import Claimed, Ledger, Outcome
from engine.ledger.url import open_ledger
from tests.contract.ledger_case import QUEUES, STEPS, Case, receipts

RIVAL = Path(__file__).with_name("rival.py")
BATCHES = 120
MESSAGES = 3


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'ledger.db'}"
    return request.getfixturevalue("postgresql_url")


def together(*work: Callable[[], object]) -> list[object]:
    """Run everything in threads of their own, from one moment on; the results in order."""
    start = threading.Barrier(len(work))
    results: list[object] = [None] * len(work)

    def run(index: int) -> None:
        start.wait()
        try:
            results[index] = work[index]()
        except BaseException as error:  # noqa: BLE001 - shown by the test
            results[index] = error

    threads = [threading.Thread(target=run, args=(index,)) for index in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for result in results:
        if isinstance(result, BaseException):
            raise result
    return results


def test_rivals_move_every_message_once(url: str) -> None:
    ledger = open_ledger(url)
    case = Case(ledger)
    for _ in range(BATCHES // 30):
        case.fill(30, n=MESSAGES)
    rivals = [
        subprocess.Popen([sys.executable, str(RIVAL), url, str(seed)], stdout=subprocess.PIPE, text=True) for seed in range(4)
    ]
    for arrived in (1, BATCHES // 4, BATCHES // 2):
        while any(rival.poll() is None for rival in rivals) and case.waiting("dead:s")[2] < arrived:
            time.sleep(0.01)
        case.known = ledger.register("flow", QUEUES, STEPS, "again")  # re-planned under their hands
    did: Multiset[str] = Multiset()
    for rival in rivals:
        output, _ = rival.communicate()
        assert rival.returncode == 0
        did.update(json.loads(output))
    assert did["moved"] == 2 * BATCHES * MESSAGES
    assert (case.waiting("a"), case.waiting("b")) == ((0, 0, 0), (0, 0, 0))
    assert case.waiting("dead:s") == (BATCHES * MESSAGES, 10 * BATCHES * MESSAGES, BATCHES)
    assert len(set(case.peek("dead:s"))) == BATCHES
    assert int(ledger.read_state(case.step())["total"][0]) == did["moved"]
    counters, passages = ledger.counters(case.deployment)
    assert counters[case.step()].received == counters[case.step()].out["success"] == did["moved"]
    assert counters[case.step()].tasks == did["DONE"] == len(ledger.lineage(case.deployment))
    assert {passage.messages for passage in passages.values()} == {BATCHES * MESSAGES}
    ledger.close()


def test_claims_at_the_same_moment_share_nothing(url: str) -> None:
    ledgers = [open_ledger(url) for _ in range(5)]
    case = Case(ledgers[0])
    case.fill(60)

    def claims(ledger: Ledger) -> Callable[[], list[Claimed]]:
        def work() -> list[Claimed]:
            found: list[Claimed] = []
            while got := ledger.exchange([], [case.request(messages=4)]).claimed[0]:
                found += got
            return found

        return work

    found = [batch for batches in together(*map(claims, ledgers)) for batch in batches]  # type: ignore[attr-defined]
    assert len(found) == len({batch.id for batch in found}) == 60
    assert case.outcome(inputs=receipts(found)) is Outcome.DONE
    for ledger in ledgers:
        ledger.close()


def test_of_two_commits_of_one_lease_one_is_done(url: str) -> None:
    ledgers = [open_ledger(url) for _ in range(2)]
    case = Case(ledgers[0])
    for _ in range(20):
        case.fill(1)
        held = receipts(case.claim())
        commits = [case.commit(inputs=held, outputs=[case.batch("b")]) for _ in ledgers]
        done = together(
            *(
                lambda ledger=ledger, commit=commit: ledger.exchange([commit], [])
                for ledger, commit in zip(ledgers, commits, strict=True)
            )
        )
        outcomes = [each.outcomes[0] for each in done]  # type: ignore[attr-defined]
        assert sorted(outcomes, key=lambda outcome: outcome.value) == [Outcome.DONE, Outcome.LEASE_LOST]
    assert (case.waiting("a")[2], case.waiting("b")[2]) == (0, 20)
    for ledger in ledgers:
        ledger.close()


def test_a_file_dropped_by_two_at_once_is_an_orphan_once(url: str) -> None:
    ledgers = [open_ledger(url) for _ in range(2)]
    case = Case(ledgers[0])
    for index in range(20):
        case.put(*(case.batch(claims=[f"file {index}"]) for _ in ledgers))
        held = [case.claim(), case.claim()]
        commits = [case.commit(inputs=receipts(batches)) for batches in held]
        done = together(
            *(
                lambda ledger=ledger, commit=commit: ledger.exchange([commit], [])
                for ledger, commit in zip(ledgers, commits, strict=True)
            )
        )
        assert sorted(file for each in done for file in each.orphans) == [f"file {index}"]  # type: ignore[attr-defined]
    for ledger in ledgers:
        ledger.close()


def test_a_new_ledger_is_opened_by_many_at_once(url: str) -> None:
    ledgers = together(*[lambda: open_ledger(url)] * 6)
    cases = together(*(lambda ledger=ledger: Case(ledger) for ledger in ledgers))  # type: ignore[misc, arg-type]
    assert len({case.deployment for case in cases}) == 1  # type: ignore[attr-defined]
    assert {case.known.plan for case in cases} == set(range(1, 7))  # type: ignore[attr-defined]
    for ledger in ledgers:
        ledger.close()  # type: ignore[attr-defined]
