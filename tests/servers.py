"""Real servers for tests, each private: its own folder, a free loopback port, ended by process id.

None of them touches a server that the machine runs, and none outlives the tests: the kernel ends it (`setpriv --pdeathsig`)
should the tests be killed.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

_FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/usr/lib/rabbitmq/bin")
_START_S = 60.0
_STOP_S = 20.0
_POLL_S = 0.02
_ATTEMPTS = 3
LOOPBACK = "127.0.0.1"
_AMQP_HEADER = b"AMQP\x00\x00\x09\x01"
_AMQP_METHOD_FRAME = b"\x01"


class ServerUnavailable(Exception):
    """A server cannot be started; one sentence with the cure."""


class Server(ABC):
    """A server process with a folder of its own, which `stop` removes."""

    title: str

    def __init__(self, host: str = LOOPBACK) -> None:
        """`host`: the address to listen on; another than loopback must be one that only this machine reaches."""
        self.host = host
        self.folder = Path(tempfile.mkdtemp(prefix=f"pyfi-{self.title.lower()}-"))
        self.port = 0
        self.password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where clients connect, with the password."""

    @abstractmethod
    def command(self) -> Sequence[str]:
        """Program and arguments, for `port` and `folder`."""

    @abstractmethod
    def answers(self) -> bool:
        """Whether the server serves clients."""

    def environment(self) -> Mapping[str, str]:
        """Variables added for the server."""
        return {}

    @property
    def log(self) -> Path:
        """What the server printed."""
        return self.folder / "server.log"

    @property
    def pid(self) -> int:
        """The running server's process id."""
        assert self._process is not None, f"{self.title} is not running"
        return self._process.pid

    def start(self) -> None:
        """Start it and wait until it answers. A restarted server keeps its port and its data."""
        fixed = bool(self.port)
        for attempt in range(_ATTEMPTS):
            self.port = self.port if fixed else free_port(self.host)
            if self._start_once():
                return
            self.kill()
            # Another program may have taken the free port before the server did; only then is trying again of use.
            if fixed or attempt == _ATTEMPTS - 1:
                break
        tail = "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])
        raise ServerUnavailable(f"{self.title} did not start: see the end of its log, and that the disk is not full.\n{tail}")

    def stop(self) -> None:
        """End it in its own orderly way and remove its folder."""
        self._end(self.stop_signal)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """End it at once, as a power cut would; `start` starts it again with its data."""
        self._end(signal.SIGKILL)

    def end(self) -> None:
        """End it in its own orderly way; `start` starts it again with its data."""
        self._end(self.stop_signal)

    def restart(self) -> None:
        """End it in its own orderly way and start it again."""
        self.end()
        self.start()

    stop_signal = signal.SIGTERM

    def _start_once(self) -> bool:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment()},
                start_new_session=True,
            )
        deadline = time.monotonic() + _START_S
        while self._process.poll() is None and time.monotonic() < deadline:
            if self.answers():
                return True
            time.sleep(_POLL_S)
        return False

    def _end(self, how: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if process.poll() is None:
            process.send_signal(how)
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _end_group(process.pid)


class PostgreSQL(Server):
    """PostgreSQL, with databases made and dropped one per test.

    Args:
        host: The address to listen on.
        fsync: Whether commits reach the disk. Tests do not survive power cuts, so no by default: ten times as fast.
    """

    title = "PostgreSQL"
    stop_signal = signal.SIGINT  # its "fast" shutdown: does not wait for clients to leave

    def __init__(self, host: str = LOOPBACK, *, fsync: bool = False) -> None:
        self._bin = Path(find_program("postgres", "postgresql")).parent
        super().__init__(host)
        self._fsync = fsync
        self._data = self.folder / "data"
        self._numbers = count(1)
        self._templates: dict[str, str] = {}

    @property
    def url(self) -> str:
        """The administrative database."""
        return self._url("postgres")

    def command(self) -> Sequence[str]:
        """Not a word to the machine's own configuration: everything is said here."""
        durable = "on" if self._fsync else "off"
        settings = {
            "listen_addresses": self.host,
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "fsync": durable,
            "full_page_writes": durable,
            "synchronous_commit": durable,
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [*_guard("INT", _unprivileged_user()), str(self._bin / "postgres"), "-D", str(self._data), *options]

    def answers(self) -> bool:
        """Whether it lets the tests in."""
        try:
            psycopg.connect(self.url, connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start it; the first time with a new, empty set of databases."""
        if not self._data.exists():
            self._initialise()
        super().start()

    def create(self, template: str = "template1") -> str:
        """Make a database, a copy of `template`; its URL."""
        name = f"test_{next(self._numbers)}"
        # The default strategy writes the copy to the log page by page; copying files is faster where nothing is synced.
        self._execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(name), sql.Identifier(template))
        )
        return self._url(name)

    def template(self, key: str, prepare: Callable[[str], None]) -> str:
        """The name of a database for `create` to copy, filled once by `prepare(url)`, which must close its connections."""
        if key not in self._templates:
            url = self.create()
            prepare(url)
            self._templates[key] = url.rpartition("/")[2]
        return self._templates[key]

    def drop(self, url: str) -> None:
        """Drop a database that `create` made, whoever is still connected to it."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(url.rpartition("/")[2])))

    def _initialise(self) -> None:
        password = self.folder / "password"
        password.write_text(self.password, encoding="ascii")
        user = _unprivileged_user()
        if user is not None:
            for path in (self.folder, password):
                shutil.chown(path, user)
        command = [str(self._bin / "initdb"), "-D", str(self._data), "-U", "postgres", "--auth=scram-sha-256"]
        command += [f"--pwfile={password}", "--encoding=UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        done = subprocess.run([*_guard("KILL", user), *command], cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise ServerUnavailable(f"initdb failed: see why, and that the disk is not full.\n{done.stderr}")
        if self.host != LOOPBACK:
            with (self._data / "pg_hba.conf").open("a", encoding="ascii") as file:
                file.write("host all all samenet scram-sha-256\n")

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, database: str) -> str:
        return f"postgresql://postgres:{self.password}@{self.host}:{self.port}/{database}"


class Redis(Server):
    """Redis, which writes its append-only file so that a restart keeps its data."""

    title = "Redis"

    def __init__(self, host: str = LOOPBACK) -> None:
        self._program = find_program("redis-server", "redis-server")
        super().__init__(host)

    @property
    def url(self) -> str:
        """Database 0."""
        return f"redis://:{self.password}@{self.host}:{self.port}/0"

    def command(self) -> Sequence[str]:
        """Settings of a server that must not forget: nothing is evicted."""
        settings = {
            "port": str(self.port),
            "bind": self.host,
            "dir": str(self.folder),
            "requirepass": self.password,
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "save": "",
            "daemonize": "no",
        }
        return [*_guard("KILL"), self._program, *(part for name, value in settings.items() for part in (f"--{name}", value))]

    def answers(self) -> bool:
        """Whether it answers PING."""
        try:
            return self.ask("PING") == "+PONG"
        except OSError:
            return False

    def ask(self, request: str) -> str:
        """The first line of the answer to an inline command."""
        with socket.create_connection((self.host, self.port), timeout=5) as connection, connection.makefile("rwb") as stream:
            stream.write(f"AUTH {self.password}\r\n{request}\r\n".encode())
            stream.flush()
            stream.readline()
            return stream.readline().decode().rstrip()

    def ask_all(self, request: str) -> list[str]:
        """The answer to an inline command that answers with a list of texts."""
        with socket.create_connection((self.host, self.port), timeout=5) as connection, connection.makefile("rwb") as stream:
            stream.write(f"AUTH {self.password}\r\n{request}\r\n".encode())
            stream.flush()
            stream.readline()
            count = int(stream.readline()[1:])
            lines = [stream.readline().decode().rstrip() for _ in range(2 * count)]
            return lines[1::2]  # before each text stands its length


class RabbitMQ(Server):
    """RabbitMQ, with its own node name, cookie and Erlang port mapper."""

    title = "RabbitMQ"

    def __init__(self, host: str = LOOPBACK) -> None:
        self._program = find_program("rabbitmq-server", "rabbitmq-server")
        self._control = find_program("rabbitmqctl", "rabbitmq-server")
        self._epmd_program = find_program("epmd", "erlang-base")
        super().__init__(host)
        self._epmd: subprocess.Popen[bytes] | None = None
        self._epmd_port = free_port()
        self._distribution_port = free_port()

    @property
    def url(self) -> str:
        """The default virtual host."""
        return f"amqp://pyfi:{self.password}@{self.host}:{self.port}//"

    def command(self) -> Sequence[str]:
        """The server's script, which becomes the Erlang machine."""
        return [*_guard("KILL"), self._program]

    def environment(self) -> Mapping[str, str]:
        """Keeps the node apart from every other one on the machine; only loopback."""
        loopback = "-kernel inet_dist_use_interface {127,0,0,1}"
        return {
            "HOME": str(self.folder),
            "RABBITMQ_NODENAME": f"pyfi-{self._distribution_port}@localhost",
            "RABBITMQ_DIST_PORT": str(self._distribution_port),
            "RABBITMQ_MNESIA_BASE": str(self.folder / "data"),
            "RABBITMQ_LOG_BASE": str(self.folder / "log"),
            "RABBITMQ_CONFIG_FILE": str(self.folder / "rabbitmq.conf"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.folder / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": loopback,
            "RABBITMQ_CTL_ERL_ARGS": loopback,
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            # Otherwise the script stays as the parent of the Erlang machine, out of reach of `setpriv`.
            "RUNNING_UNDER_SYSTEMD": "true",
        }

    def answers(self) -> bool:
        """Whether it opens an AMQP connection, which it does when all else is up."""
        try:
            with socket.create_connection((self.host, self.port), timeout=5) as connection:
                connection.sendall(_AMQP_HEADER)
                return connection.recv(1) == _AMQP_METHOD_FRAME
        except OSError:
            return False

    def start(self) -> None:
        """Start it, and before it the port mapper, which it would otherwise leave running as a daemon of its own."""
        if self._epmd is None:
            command = [*_guard("KILL"), self._epmd_program, "-port", str(self._epmd_port), "-address", "127.0.0.1"]
            self._epmd = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
        super().start()

    def stop(self) -> None:
        """End it and its port mapper."""
        super().stop()
        if self._epmd is not None:
            self._epmd.kill()
            self._epmd.wait()
            self._epmd = None

    def control(self, *arguments: str) -> str:
        """What `rabbitmqctl` prints for `arguments`."""
        environment = {**os.environ, **self.environment()}
        done = subprocess.run([self._control, *arguments], env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"rabbitmqctl {arguments[0]}: {done.stderr}"
        return done.stdout

    def _start_once(self) -> bool:
        settings = [
            f"listeners.tcp.1 = {self.host}:{self.port}",
            "default_user = pyfi",
            f"default_pass = {self.password}",
            "disk_free_limit.absolute = 50MB",
        ]
        (self.folder / "rabbitmq.conf").write_text("\n".join(settings) + "\n", encoding="ascii")
        (self.folder / "enabled_plugins").write_text("[].\n", encoding="ascii")
        return super()._start_once()


class Moto(Server):
    """Moto, which stands for AWS: SQS and S3. What it holds is in its memory, so a restart empties it."""

    title = "Moto"
    region = "us-east-1"

    @property
    def url(self) -> str:
        """The endpoint of all its services; it takes any key and secret."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sqs_url(self) -> str:
        """SQS as Celery's broker."""
        return f"sqs://test:{self.password}@127.0.0.1:{self.port}//"

    def command(self) -> Sequence[str]:
        """The program of this Python's environment, which need not be on PATH."""
        return [*_guard("KILL"), sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]

    def answers(self) -> bool:
        """Whether it tells how it is."""
        return self._ask("/moto-api/data.json")

    def reset(self) -> None:
        """Forget every queue and bucket."""
        assert self._ask("/moto-api/reset", b""), "Moto does not take a reset"

    def _ask(self, path: str, data: bytes | None = None) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}{path}", data=data, timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False


def find_program(name: str, package: str) -> str:
    """The path of a server's program, also where Debian keeps it from an ordinary user's PATH."""
    newest_first = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: float(path.parent.name), reverse=True)
    # `/usr/lib/rabbitmq/bin` before PATH: Debian's wrapper in `/usr/sbin` changes user, so it cannot be private.
    folders = [*map(str, newest_first), _FOLDERS[-1], *os.environ.get("PATH", "").split(os.pathsep), *_FOLDERS]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise ServerUnavailable(
            f"{name} is not installed: run `python3 packaging/dev.py setup test`, or install {package} (Debian's name)."
        )
    return found


def free_port(host: str = LOOPBACK) -> int:
    """A port that was free a moment ago."""
    with socket.socket() as listener:
        listener.bind((host, 0))
        return int(listener.getsockname()[1])


def _guard(death_signal: str, user: str | None = None) -> list[str]:
    """A prefix that ends the command with its parent, and runs it as `user`."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if user is not None:
            raise ServerUnavailable("PostgreSQL refuses to run as root and `setpriv` is missing: install util-linux.")
        return []
    change = [f"--reuid={user}", f"--regid={user}", "--init-groups"] if user else []
    return [setpriv, *change, f"--pdeathsig={death_signal}", "--"]


def _unprivileged_user() -> str | None:
    """Whom PostgreSQL runs as: it refuses root."""
    return "postgres" if os.geteuid() == 0 else None


def _end_group(leader: int) -> None:
    """End what is left of a server whose first process is gone: it was started as the leader of a group of its own."""
    deadline = time.monotonic() + _STOP_S
    try:
        while True:
            os.killpg(leader, signal.SIGKILL if time.monotonic() > deadline else 0)
            time.sleep(_POLL_S)
    except (ProcessLookupError, PermissionError):
        return
