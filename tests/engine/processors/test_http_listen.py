import contextlib
import http.client
import json
import queue
import socket
import threading
import time
from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait

import httpx
import pytest

from tests.drive import attributes, contents
from tests.engine.processors.declared import driver, problems


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def pool():
    with ThreadPoolExecutor(8) as threads:
        yield threads


class Listener:
    """A host with a listener. A thread takes what the host sends, because the host may ask for its state at any time."""

    def __init__(self, host, **options):
        self.host = host
        self.results = queue.Queue()
        host.source(**options)
        self.thread = threading.Thread(target=self._take)
        self.thread.start()

    def _take(self):
        with contextlib.suppress(EOFError, OSError):
            while True:
                self.results.put(self.host.receive())

    def receive(self):
        """The next result, which is kept but not yet told to be committed."""
        return self.host.commit(self.results.get(timeout=60))

    def commit(self, result, *, ok=True):
        self.host.send({"k": "done", "step": 0, "id": result["source"][1], "ok": ok})
        self.give_credit()

    def give_credit(self):
        self.host.send({"k": "credit", "n": 1})


@contextlib.contextmanager
def listening(port, folder, *, credit=2, yielded=0, state=None, **config):
    """A listener that is ready to take requests."""
    with driver("http_listen", {"port": port, **config}, folder) as host:
        host.state = state or {}
        listener = Listener(host, credit=credit, yielded=yielded)
        while not host.logs:
            time.sleep(0.01)
        try:
            yield listener
        finally:
            with contextlib.suppress(BrokenPipeError):  # it has ended by itself
                host.send({"k": "stop"})
            listener.thread.join()


def test_a_caller_is_answered_when_the_message_is_committed(port, pool, tmp_path):
    with listening(port, tmp_path, path="/in") as host:
        url = f"http://127.0.0.1:{port}/in/orders?a=1&b=x%20y&a=2"
        answer = pool.submit(httpx.post, url, json={"id": 7}, headers={"X-Shop": "north"})
        result = host.receive()
        assert contents(result, 1) == [{"id": 7}]
        [found] = attributes(result, 1)
        assert found["http.method"] == "POST"
        assert found["http.path"] == "/in/orders"
        assert (found["http.query.a"], found["http.query.b"]) == ("1,2", "x y")
        assert found["http.header.x-shop"] == "north"
        # Given the message is not committed yet, nobody is told that it is safe
        assert not answer.done()
        host.commit(result)
        assert answer.result(60).status_code == 202
        assert answer.result().json() == {"id": found["http.request_id"]}


def test_a_message_that_was_not_committed_is_to_be_sent_again(port, pool, tmp_path):
    with listening(port, tmp_path) as host:
        answer = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"x")
        host.commit(host.receive(), ok=False)
        assert (answer.result(60).status_code, answer.result().headers["retry-after"]) == (503, "1")


def test_what_bodies_become(port, pool, tmp_path):
    bodies = [
        ({"Content-Type": "application/json"}, b'{"a": "\xc3\xa9"}', {"a": "é"}),
        ({"Content-Type": "text/plain; charset=latin-1"}, b"\xe9", "é"),
        ({"Content-Type": "application/x-www-form-urlencoded"}, b"a=1&b=2", "a=1&b=2"),
        ({}, b"\xff\x00", b"\xff\x00"),
        ({}, b"", None),
    ]
    with listening(port, tmp_path) as host:
        for headers, data, expected in bodies:
            answer = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=data, headers=headers)
            result = host.receive()
            assert contents(result, 1) == [expected]
            host.commit(result)
            assert answer.result(60).status_code == 202


def test_a_body_in_pieces(port, pool, tmp_path):
    with listening(port, tmp_path) as host:
        answer = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=iter([b"abc", b"", b"def" * 1000]))
        result = host.receive()
        assert contents(result, 1) == [b"abc" + b"def" * 1000]
        host.commit(result)
        assert answer.result(60).status_code == 202


def test_what_is_refused_at_once(port, tmp_path):
    with listening(port, tmp_path, path="/in", max_body="1KB"):
        url = f"http://127.0.0.1:{port}"
        assert httpx.post(url + "/elsewhere").status_code == 404
        assert httpx.post(url + "/inside").status_code == 404
        wrong = httpx.get(url + "/in")
        assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
        assert httpx.post(url + "/in", content=b"x" * 1001).status_code == 413
        assert httpx.post(url + "/in", content=iter([b"x" * 600] * 2)).status_code == 413
        for bad in (b"{", b'"\\ud800"', b"[" * 100_000):
            assert httpx.post(url + "/in", content=bad[:1000], headers={"Content-Type": "application/json"}).status_code == 400


def test_a_connection_serves_one_request_after_the_other(port, pool, tmp_path):
    with listening(port, tmp_path) as host:
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for n in range(3):

            def ask(n=n):
                client.request("POST", "/", json.dumps(n), {"Content-Type": "application/json"})
                return client.getresponse().read()

            answer = pool.submit(ask)
            result = host.receive()
            assert contents(result, 1) == [n]
            host.commit(result)
            assert b"id" in answer.result(60)
        client.close()


def test_without_room_in_the_flow_requests_wait_and_then_are_turned_away(port, pool, tmp_path):
    with listening(port, tmp_path, credit=0, waiting=1) as host:
        answers = {pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"x") for _ in range(3)}
        turned_away = set()
        while len(turned_away) < 2:
            done, _ = wait(answers - turned_away, return_when=FIRST_COMPLETED)
            turned_away |= done
        assert {(answer.result().status_code, answer.result().headers["retry-after"]) for answer in turned_away} == {(503, "1")}
        host.give_credit()
        host.commit(host.receive())
        [patient] = answers - turned_away
        assert patient.result(60).status_code == 202


def test_many_requests_all_become_messages(port, pool, tmp_path):
    with listening(port, tmp_path) as host:
        answers = [
            pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=str(n), headers={"Content-Type": "text/plain"})
            for n in range(100)
        ]
        found = []
        while len(found) < 100:
            result = host.receive()
            found += contents(result, 1)
            host.commit(result)
        assert sorted(found, key=int) == [str(n) for n in range(100)]
        assert {answer.result(60).status_code for answer in answers} == {202}


def test_respond_holds_the_caller_until_the_flow_answers(port, pool, tmp_path):
    with listening(port, tmp_path, respond=True, methods=["GET"]) as host:
        answer = pool.submit(httpx.get, f"http://127.0.0.1:{port}/")
        result = host.receive()
        host.commit(result)
        payload = {
            "request_id": attributes(result, 1)[0]["http.request_id"],
            "status": 201,
            "headers": {"X-From": "flow"},
            "body": b"done",
        }
        host.host.send({"k": "signal", "step": 0, "payload": {**payload, "request_id": "unknown"}})
        host.host.send({"k": "signal", "step": 0, "payload": payload})
        got = answer.result(60)
        assert (got.status_code, got.headers["x-from"], got.content) == (201, "flow", b"done")


def test_a_caller_that_waits_too_long_is_told_and_not_heard_later(port, tmp_path):
    with listening(port, tmp_path, credit=0, timeout="100ms") as host:
        assert httpx.post(f"http://127.0.0.1:{port}/", content=b"late").status_code == 504
        host.give_credit()
        while host.results.empty():
            httpx.post(f"http://127.0.0.1:{port}/", content=b"later")
        assert set(contents(host.receive(), 1)) == {b"later"}


def test_after_a_restart_nothing_new_is_passed_over(port, pool, tmp_path):
    with listening(port, tmp_path) as first:
        answer = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"1")
        first.commit(first.receive())
        assert answer.result(60).status_code == 202
        first.host.process.kill()
        first.host.process.wait()
    with listening(port, tmp_path, yielded=1, state=first.host.state) as second:
        answer = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"2")
        result = second.receive()
        assert contents(result, 1) == [b"2"]
        second.commit(result)
        assert answer.result(60).status_code == 202


def test_a_port_in_use_is_a_clear_failure(port, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with driver("http_listen", {"port": port}, tmp_path) as host:
            host.source()
            failed = host.receive()
            assert failed["k"] == "source_failed"
            assert failed["message"] == f"port {port} of 127.0.0.1 is in use by another program; choose another `port`"


def test_when_it_ends_those_who_wait_are_told_to_come_again(port, pool, tmp_path):
    with listening(port, tmp_path, credit=1) as host:
        first = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"taken")
        result = host.receive()
        second = pool.submit(httpx.post, f"http://127.0.0.1:{port}/", content=b"waiting", headers={"Connection": "close"})
        host.host.send({"k": "stop"})
        # Then what is committed meanwhile is answered as ever, and what was not taken is not
        host.host.send({"k": "done", "step": 0, "id": result["source"][1], "ok": True})
        assert first.result(60).status_code == 202
        with contextlib.suppress(httpx.TransportError):  # it came when the door was closed already
            assert second.result(60).status_code == 503


def test_config_errors():
    assert problems("http_listen", {}) == ["`config.port` is missing"]
    assert "must begin with /" in problems("http_listen", {"port": 80, "path": "in"})[0]
    assert "'FETCH' is no HTTP method" in problems("http_listen", {"port": 80, "methods": ["FETCH"]})[0]
    assert "`config.port`" in problems("http_listen", {"port": 70000})[0]
