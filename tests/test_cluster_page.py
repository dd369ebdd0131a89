"""What the manual tells an operator to type does what it says, on real servers: roles, rights and settings are enough."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path

import amqp
import psycopg
import pytest
from click.testing import CliRunner
from psycopg import sql

from engine.bus.redis_link import probe as probe_bus
from engine.cli.root import root
from engine.database.session import open_database
from engine.dispatch.base import Ticket
from engine.dispatch.celery import CeleryDispatcher
from engine.dispatch.celery import probe as probe_broker
from engine.errors import ServerUnreachable
from engine.ledger.url import open_ledger
from engine.targets import Targets
from tests.contract.test_bus import until
from tests.packaging.manifests import named
from tests.servers import PostgreSQL, RabbitMQ, Redis

PAGE = (Path(__file__).parents[1] / "resources" / "manual" / "cluster.md").read_text(encoding="utf-8")
PASSWORD = "chosen-by-the-operator"


def block(language: str) -> str:
    """The page's one block in a language."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    return found


def rabbitmq_commands(user: str) -> list[list[str]]:
    """The arguments of `rabbitmqctl`, wherever on the page it does something for a user; the virtual host is for all."""
    lines = [shlex.split(line)[1:] for line in PAGE.splitlines() if line.strip().startswith("rabbitmqctl ")]
    position = {"add_user": 1, "set_permissions": 3}
    return [line for line in lines if line[0] in position and line[position[line[0]]] == user]


@pytest.fixture
def operators_url(postgresql: PostgreSQL) -> Iterator[str]:
    """The database that the page has the administrator make."""
    with psycopg.connect(postgresql.url, autocommit=True) as administrator:
        for statement in block("sql").split(";"):
            administrator.execute(statement.encode())
        administrator.execute(sql.SQL("ALTER ROLE pyfi PASSWORD {}").format(PASSWORD))
        try:
            yield f"postgresql://pyfi:{PASSWORD}@127.0.0.1:{postgresql.port}/pyfi"
        finally:
            administrator.execute("DROP DATABASE pyfi WITH (FORCE)")
            administrator.execute("DROP ROLE pyfi")


def test_the_role_may_make_and_use_the_tables(operators_url: str) -> None:
    open_database(operators_url, create=True).close()
    ledger = open_ledger(operators_url)
    ledger.register("flow", [], [], "revision")
    assert list(ledger.deployments()) == ["flow"]
    ledger.close()


def test_the_settings_make_a_redis_that_is_a_bus(tmp_path: Path) -> None:
    settings = dict(line.split(" ", 1) for line in block("conf").splitlines())

    class Configured(Redis):
        def command(self) -> Sequence[str]:
            self.password = settings["requirepass"]
            where = f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            (self.folder / "redis.conf").write_text(block("conf") + where, encoding="utf-8")
            command = list(super().command())
            return [*command[: command.index("--port")], str(self.folder / "redis.conf")]

    redis = Configured()
    redis.start()
    try:
        asyncio.run(probe_bus(redis.url))
        assert redis.ask("CONFIG GET maxmemory-policy") == "*2"
    finally:
        redis.stop()


@pytest.fixture(scope="module")
def urls(rabbitmq_server: RabbitMQ) -> Iterator[dict[str, str]]:
    """URLs for the page's users of RabbitMQ, set up as it says; they are called otherwise, since the server has a `pyfi`."""
    assert "\nrabbitmqctl add_vhost pyfi\n" in PAGE
    rabbitmq_server.control("--quiet", "add_vhost", "pyfi")
    users = {user: f"{user}_of_the_page" for user in ("pyfi", "pyfi_keda")}
    for user, renamed in users.items():
        for command, *arguments in rabbitmq_commands(user):
            # The second argument of `set_permissions` is the virtual host.
            words = [renamed if word == user and number != 1 else word for number, word in enumerate(arguments)]
            rabbitmq_server.control("--quiet", command, *words, *([PASSWORD] if command == "add_user" else []))
    yield {user: f"amqp://{renamed}:{PASSWORD}@127.0.0.1:{rabbitmq_server.port}/pyfi" for user, renamed in users.items()}
    rabbitmq_server.control("--quiet", "delete_vhost", "pyfi")
    for renamed in users.values():
        rabbitmq_server.control("--quiet", "delete_user", renamed)


def test_the_rights_are_enough_for_tickets(urls: dict[str, str]) -> None:
    url = urls["pyfi"]
    probe_broker(url)

    async def send_and_serve() -> None:
        sender, server = CeleryDispatcher("prod", url, "key"), CeleryDispatcher("prod", url, "key")
        woken: list[None] = []
        server.serve(Ticket("orders", "other"), lambda: woken.append(None))
        sender.send(Ticket("orders", "other"))
        try:
            await until(lambda: bool(woken))
            assert (sender.trouble, server.trouble) == (None, None)
        finally:
            await sender.close()
            await server.close()

    asyncio.run(send_and_serve())


def test_a_user_without_rights_or_with_another_password_is_told_so(urls: dict[str, str], rabbitmq_server: RabbitMQ) -> None:
    with pytest.raises(
        ServerUnreachable, match="does not accept user 'pyfi_of_the_page' with the password in the URL: correct"
    ):
        probe_broker(urls["pyfi"].replace(PASSWORD, "another"))
    with pytest.raises(
        ServerUnreachable, match="does not let user 'pyfi_of_the_page' use the virtual host '/': give the rights"
    ):
        probe_broker(urls["pyfi"].removesuffix("pyfi") + "/")


def test_keda_sees_tickets_that_nobody_takes_and_may_do_nothing_else(urls: dict[str, str], rabbitmq_server: RabbitMQ) -> None:
    (trigger,) = [each for each in named("ScaledObject", "agent-enrich")["spec"]["triggers"] if each["type"] == "rabbitmq"]
    queue = trigger["metadata"]["queueName"]

    async def send() -> None:
        dispatcher = CeleryDispatcher("prod", urls["pyfi"], "key")
        dispatcher.send(Ticket("orders", "enrich"))
        await dispatcher.close()

    asyncio.run(send())
    where = f"127.0.0.1:{rabbitmq_server.port}"
    with amqp.Connection(host=where, userid="pyfi_keda_of_the_page", password=PASSWORD, virtual_host="pyfi") as connection:
        found = connection.channel().queue_declare(queue, passive=True)  # as KEDA asks
        assert found is not None
        assert found.message_count == 1
        for forbidden in (
            lambda channel: channel.basic_get(queue),
            lambda channel: channel.queue_purge(queue),
            lambda channel: channel.queue_declare("another"),
        ):
            with pytest.raises(amqp.AccessRefused):
                forbidden(connection.channel())


def test_the_variables_are_a_target(tmp_path: Path) -> None:
    given = dict(line.split("=", 1) for line in block("ini").splitlines())
    target = Targets(tmp_path / "none", given).find("prod")
    assert target.shared == ("/mnt/flows",)
    assert target.servers()["database"] == "postgresql://pyfi@db.example.org/pyfi"


def test_every_command_of_the_page_is_one() -> None:
    """Each `pyfi ...` line is understood: its command and options exist."""
    lines = [line.strip() for line in re.findall(r"(?:^    |`)(pyfi [^`\n#]+)", PAGE, re.MULTILINE)]
    assert len(lines) > 15
    for line in lines:
        words = [word for word in shlex.split(line.replace("…", "x"))[1:] if not word.startswith("-")]
        options = re.findall(r"--[a-z-]+", line)
        for depth in (2, 1):
            shown = CliRunner().invoke(root, [*words[:depth], "--help"])
            if shown.exit_code == 0 and "Usage:" in shown.output:
                break
        assert shown.exit_code == 0, line
        assert [option for option in options if option not in shown.output] == [], line
