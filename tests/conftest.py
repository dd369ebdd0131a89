"""What all tests share: private servers, folders of their own, and the rule that nothing is left running."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import hypothesis
import psutil
import pytest

pytest.register_assert_rewrite("tests.contract")

from tests.servers import Moto, PostgreSQL, RabbitMQ, Redis, Server, ServerUnavailable  # noqa: E402 - after the line above

_MARK = "PYFI_TEST_SESSION"
_SERVER_FIXTURES = frozenset({"postgresql", "redis_server", "rabbitmq_server", "moto_server"})
_GRACE_S = 5.0
_Server = TypeVar("_Server", bound=Server)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run tests marked `long`, and chaos tests in their long form")


def pytest_configure(config: pytest.Config) -> None:
    os.environ[_MARK] = secrets.token_hex(8)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # As of a shell's background jobs. Programs that tests start would inherit it, and not end by Ctrl+C.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # No test's result may depend on how busy the machine is. In CI the examples are the same every time.
    hypothesis.settings.register_profile(
        "pyfi",
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
        derandomize=bool(os.environ.get("CI")),
        print_blob=True,
    )
    hypothesis.settings.load_profile("pyfi")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if _SERVER_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("servers")
    if config.getoption("--long"):
        return
    long = [item for item in items if item.get_closest_marker("long")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture(scope="session", autouse=True)
def nothing_left_running() -> Iterator[None]:
    """Fails the run when a process that it started is still there at its end, and ends that process."""
    yield
    _, left = psutil.wait_procs(_own_processes(), timeout=_GRACE_S)
    if left:
        names = "\n".join(f"  {process.pid} {' '.join(process.cmdline())[:200]}" for process in left if process.is_running())
        for process in left:
            process.kill()
        psutil.wait_procs(left)
        pytest.fail(f"these processes outlived the tests that started them:\n{names}", pytrace=False)


@pytest.fixture(scope="session", autouse=True)
def folders_of_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps tests out of the user's own workspaces, settings and databases."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name.lower())))
        for name in [name for name in os.environ if name.startswith("PYFI_") and name != _MARK]:
            patch.delenv(name)
        yield


@pytest.fixture(scope="session")
def long_form(request: pytest.FixtureRequest) -> bool:
    """Whether a chaos test shall run at full length."""
    return bool(request.config.getoption("--long"))


@pytest.fixture
def packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that packages of environments are taken from, and a cache with nothing in it."""
    folder = tmp_path / "packages"
    folder.mkdir()
    monkeypatch.setenv("PYFI_PACKAGES", str(folder))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return folder


@pytest.fixture
def git_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody who commits, with settings of git and a cache of their own."""
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A private PostgreSQL, started with the first test that asks for it."""
    yield from _serve(PostgreSQL)


@pytest.fixture
def new_postgresql_url(postgresql: PostgreSQL) -> Iterator[Callable[..., str]]:
    """Makes databases for one test: `new_postgresql_url(template="template1")` gives the URL of a new one."""
    made: list[str] = []

    def create(template: str = "template1") -> str:
        made.append(postgresql.create(template))
        return made[-1]

    yield create
    for url in made:
        postgresql.drop(url)


@pytest.fixture
def postgresql_url(new_postgresql_url: Callable[..., str]) -> str:
    """The URL of an empty database that is this test's own."""
    return new_postgresql_url()


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Redis]:
    """A private Redis, started with the first test that asks for it."""
    yield from _serve(Redis)


@pytest.fixture
def redis_url(redis_server: Redis) -> str:
    """The URL of an empty Redis."""
    assert redis_server.ask("FLUSHALL") == "+OK"
    return redis_server.url


@pytest.fixture(scope="session")
def rabbitmq_server() -> Iterator[RabbitMQ]:
    """A private RabbitMQ, started with the first test that asks for it."""
    yield from _serve(RabbitMQ)


@pytest.fixture
def rabbitmq_url(rabbitmq_server: RabbitMQ) -> str:
    """The URL of a RabbitMQ that all tests share: name queues after the test."""
    return rabbitmq_server.url


@pytest.fixture(scope="session")
def moto_server() -> Iterator[Moto]:
    """A private Moto (SQS and S3), started with the first test that asks for it."""
    yield from _serve(Moto)


@pytest.fixture
def moto_url(moto_server: Moto) -> str:
    """The endpoint of an SQS without queues and an S3 without buckets."""
    moto_server.reset()
    return moto_server.url


def _serve(kind: type[_Server]) -> Iterator[_Server]:
    server = None
    try:
        server = kind()
        server.start()
    except ServerUnavailable as error:
        if server is not None:
            server.stop()
        pytest.fail(str(error), pytrace=False)
    yield server
    server.stop()


def _own_processes() -> list[psutil.Process]:
    """Living processes that this run started, also those that have lost their parent since."""
    here = psutil.Process()
    found: set[psutil.Process] = set()
    for process in here.children(recursive=True):
        with contextlib.suppress(psutil.Error):  # gone while it is looked at
            found.add(process)
    for process in psutil.process_iter():
        try:
            if process.environ().get(_MARK) == os.environ[_MARK]:
                found.add(process)
        except psutil.Error:  # gone meanwhile, or somebody else's
            continue
    found.discard(here)
    return [process for process in found if _is_alive(process)]


def _is_alive(process: psutil.Process) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:  # ended just now
        return False
