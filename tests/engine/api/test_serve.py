from __future__ import annotations

import signal
import socket
import stat

import httpx
import psutil
import pytest

from engine.api.address import find_engine
from engine.api.remote import EngineGone, engine_of, path_of
from engine.errors import NotFound, StorageError, WorkspaceBusy
from tests.engine.api.served import TICKING, Served, children, wait_until
from tests.engine.cli.command import pyfi


@pytest.fixture
def served(tmp_path):
    with Served(tmp_path) as served:
        yield served


def test_its_address_is_private_and_goes_with_it(served):
    assert stat.S_IMODE(served.file.stat().st_mode) == 0o600
    address = served.address
    health = served.get("/health")
    assert health["pid"] == address.pid == served.pid
    assert (health["workspace"], health["trouble"]) == (str(served.workspace), None)
    assert address.url.startswith("http://127.0.0.1:")
    assert find_engine(served.workspace) == address
    assert address.token not in repr(address)

    assert served.end() == 0
    assert not served.file.exists()
    assert find_engine(served.workspace) is None
    assert address.token not in served.said


@pytest.mark.parametrize(
    "headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Basic x"}, {"Authorization": "Bearer ü"}]
)
def test_nobody_gets_in_without_the_token(served, headers):
    encoded = {name: value.encode("utf-8") for name, value in headers.items()}
    for path in ("/health", "/deployments", "/metrics", "/nothing"):
        answer = httpx.get(served.address.url + path, headers=encoded)
        assert answer.status_code == 401
        assert "token" in answer.json()["error"]["message"]
    assert httpx.post(served.address.url + "/runs", json={"path": "/x"}, headers=encoded).status_code == 401


def test_a_second_engine_is_refused(served):
    done = pyfi("serve", "--workspace", served.workspace, cwd=served.folder)
    assert done.returncode == 1
    assert done.stderr == (
        f"pyfi: another engine (process {served.pid}) owns the workspace {served.workspace}; "
        "stop it, or choose another with --workspace\n"
    )
    assert served.get("/health")["pid"] == served.pid, "the first one is not disturbed"


def test_an_address_that_cannot_be_had_is_said(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = pyfi("serve", "--workspace", "ws", "--port", str(port), cwd=tmp_path)
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert f"cannot listen on 127.0.0.1 port {port}" in done.stderr
    unknown = pyfi("serve", "--workspace", "ws", "--host", "no.such.host.invalid", cwd=tmp_path)
    assert unknown.returncode == 2
    assert "cannot listen on 'no.such.host.invalid'" in unknown.stderr


def test_listening_beyond_this_machine_is_warned_of(tmp_path):
    with Served(tmp_path, "--host", "0.0.0.0") as served:
        assert "warning: 0.0.0.0 can be reached from other machines" in served.said
        assert served.get("/health")["pid"] == served.pid
        served.end()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_good_order_and_goes_on_when_started_again(served, number):
    served.deploy()
    wait_until(lambda: served.counted("keep") > 300)
    hosts = children(served.pid)
    assert hosts
    assert served.end(number) == 0
    assert not any(psutil.pid_exists(pid) for pid in hosts)
    assert "Traceback" not in served.said
    before = [int(line) for line in (served.folder / "out.txt").read_text().split()]

    served.start()
    assert served.flow()["state"] == "running"
    wait_until(lambda: served.counted("keep") > len(before) + 300)
    served.end()
    after = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert after[: len(before)] == before
    assert after == [n for n in range(after[-1] + 1) if n % 100 != 7]


def test_killed_again_and_again_nothing_is_lost_or_done_twice(served):
    served.deploy(TICKING.replace("count: 0, rate: 500", "count: 20000, rate: 3000"))
    for goal in (500, 3000, 6000, 9000):
        wait_until(lambda goal=goal: served.counted("keep") > goal)
        hosts = children(served.pid)
        served.kill()
        assert served.file.exists(), "a killed engine leaves its address behind"
        assert find_engine(served.workspace) is None, "which counts for nothing"
        served.start()
        wait_until(lambda hosts=hosts: not any(psutil.pid_exists(pid) for pid in hosts))
    wait_until(lambda: served.flow()["processors"]["ticks"]["state"] == "ended" and served.counted("keep") == 19800)
    served.end()
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == [n for n in range(20000) if n % 100 != 7]


def test_a_second_signal_ends_it_at_once(served):
    text = TICKING.replace("return n", "import time; time.sleep(600)")
    served.deploy(text)
    wait_until(lambda: served.flow()["processors"]["check"]["running"] > 0)
    served.send(signal.SIGTERM)
    wait_until(lambda: "stopping" in served.said)
    served.send(signal.SIGTERM)
    assert served.ended(10) == 128 + signal.SIGTERM
    assert not served.file.exists()


def test_errors_are_one_sentence_with_the_status_that_fits(served):
    with served.client() as client:
        http = client._http
        cases = {
            ("GET", "/deployments/nothing"): (404, "there is no deployed flow 'nothing'"),
            ("GET", "/runs/nothing"): (404, "there is no run 'nothing'"),
            ("GET", "/queues?flow=nothing"): (404, "no flow 'nothing' has run in this workspace"),
            ("GET", "/queues/messages?queue=x&limit=0"): (400, "`limit` must be a number from 1 to 1000"),
            ("GET", "/logs?flow=nothing"): (404, "the flow 'nothing' has logged nothing"),
            ("GET", "/logs?level=loud"): (400, "there is no level 'loud'"),
            ("GET", "/history?flow=nothing"): (404, "there is no deployed flow 'nothing'"),
            ("GET", "/history?span=years"): (400, "there is no span 'years'; it can be seconds or minutes"),
            ("GET", "/history?since=yesterday"): (400, "`since` must be a time in milliseconds since 1970"),
            ("GET", "/history/series"): (400, "give `processor` or `connection`, once or several times"),
            ("GET", "/history/parts?flow=nothing"): (404, "there is no deployed flow 'nothing'"),
            ("GET", "/history/parts?kind=label"): (400, "there is no kind 'label' of parts; it can be processor or connection"),
            ("POST", "/runs"): (400, "the request's body is not right: object missing required field `path`"),
            ("POST", "/deployments"): (400, "give either `path`, a flow file, or `text`, a flow"),
        }
        for (method, path), (status, sentence) in cases.items():
            answer = http.request(method, path)
            assert (answer.status_code, answer.json()["error"]["message"][: len(sentence)]) == (status, sentence), path
        for body in (b"{", b"[]", b'{"path": 1}', b'{"path": "x", "unknown": 1}', b"\xff"):
            assert http.post("/runs", content=body).status_code == 400
        assert http.post("/runs", json={"path": "relative.yaml"}).status_code == 400
        assert http.get("/nothing").status_code == 404
        assert http.put("/runs").status_code == 405
    assert "Traceback" not in served.said


def test_an_engine_that_is_gone_is_said(tmp_path):
    with Served(tmp_path) as served:
        client = served.client()
        with pytest.raises(NotFound):
            client.get("/runs/x", dict)
        served.kill()
        with client, pytest.raises(EngineGone, match=r"the engine \(process \d+\) does not answer .* start it again"):
            client.get("/health", dict)
        with pytest.raises(WorkspaceBusy, match=r"process \d+\) is dead"):
            engine_of(served.workspace)
        served.file.write_text("{", encoding="utf-8")
        with pytest.raises(WorkspaceBusy, match="takes no orders"):
            engine_of(served.workspace)


def test_prometheus_reads_its_numbers(served):
    served.deploy(TICKING.replace("count: 0", "count: 1000"), name='odd "name"\\')
    wait_until(lambda: served.flow('odd "name"\\')["state"] == "ended")
    with served.client() as client:
        answer = client._http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    label = r'flow="odd \"name\"\\"'
    assert f"pyfi_flow_running{{{label}}} 0" in lines
    assert f'pyfi_processor_in_total{{{label},processor="check"}} 1000' in lines
    assert f'pyfi_processor_out_total{{{label},processor="check",output="success"}} 990' in lines
    assert f'pyfi_processor_dead_letters{{{label},processor="check"}} 10' in lines
    assert f'pyfi_connection_passed_total{{{label},connection="ticks.success->check.in"}} 1000' in lines
    served.deploy()
    with served.client() as client:
        assert 'pyfi_flow_running{flow="ticking"} 1' in client._http.get("/metrics").text.splitlines()
    assert sum(line.startswith("# TYPE pyfi_processor_in_total counter") for line in lines) == 1


def limit_files(served, size):
    """A disk that takes no more than this into one file, as a full one would."""
    _, hard = psutil.Process(served.pid).rlimit(psutil.RLIMIT_FSIZE)
    psutil.Process(served.pid).rlimit(psutil.RLIMIT_FSIZE, (size, hard))


def test_a_disk_that_takes_no_more_stops_nothing_for_good(tmp_path):
    with Served(tmp_path, "--patience", "1") as served:
        served.deploy()
        wait_until(lambda: served.counted("keep") > 200)
        limit_files(served, 4096)
        wait_until(lambda: served.get("/health")["trouble"] is not None)
        limit_files(served, psutil.RLIM_INFINITY)
        wait_until(lambda: served.get("/health")["trouble"] is None)
        counted = served.counted("keep")
        wait_until(lambda: served.counted("keep") > counted + 200)

        limit_files(served, 4096)
        wait_until(lambda: served.get("/health")["trouble"] is not None)
        # Not to wait for its queues ends it in good order, and says so.
        assert served.end() == 1
        assert "storage: the ledger" in served.said
        assert "what was not committed is done again when the engine is started" in served.said
        assert not served.file.exists()
        served.start()
        counted = served.counted("keep")
        wait_until(lambda: served.counted("keep") > counted + 200)
        assert served.end() == 0
        assert "Traceback" not in served.said
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == [n for n in range(written[-1] + 1) if n % 100 != 7]


def test_a_flow_can_be_stopped_and_taken_away_though_the_disk_takes_no_more(tmp_path):
    with Served(tmp_path) as served:
        served.deploy()
        wait_until(lambda: served.counted("keep") > 200)
        limit_files(served, 4096)
        wait_until(lambda: served.get("/health")["trouble"] is not None)
        # What cannot be noted is said, but the flow is stopped.
        with pytest.raises(StorageError, match="'ticking' is stopped, but runs again when the engine is restarted"):
            served.post(path_of("deployments", "ticking", "stop"))
        assert served.flow()["state"] == "stopped"
        with pytest.raises(StorageError):
            served.delete(path_of("deployments", "ticking"))
        assert served.flow()["state"] == "stopped"
        limit_files(served, psutil.RLIM_INFINITY)
        # In the same engine, it goes on with everything that was under way.
        counted = served.counted("keep")
        served.post(path_of("deployments", "ticking", "start"))
        wait_until(lambda: served.counted("keep") > counted + 200)
        served.post(path_of("deployments", "ticking", "stop"))
        assert served.flow()["state"] == "stopped"
        served.delete(path_of("deployments", "ticking"))
        assert served.get("/deployments") == []
        assert served.end() == 0
        assert "Traceback" not in served.said
    written = [int(line) for line in (served.folder / "out.txt").read_text().split()]
    assert written == [n for n in range(written[-1] + 1) if n % 100 != 7]
