"""The container files: read by the programs that will read them, and told apart from broken ones."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from environment import BIN, ROOT

from engine.cli.agent import start
from engine.targets import Targets

CONTAINERS = ROOT / "packaging" / "containers"
CONTAINERFILE = CONTAINERS / "Containerfile"
SERVERS = {"postgres", "rabbitmq", "redis"}
AGENTS = {"agent-a", "agent-b", "agent-c"}
PASSWORDS = {"POSTGRES_PASSWORD": "one", "RABBITMQ_PASSWORD": "two", "REDIS_PASSWORD": "three"}


def check(containerfile: Path) -> subprocess.CompletedProcess[str]:
    """What hadolint says of a Containerfile."""
    return subprocess.run([BIN / "hadolint", "--no-color", containerfile], capture_output=True, text=True, check=False)


def compose(file: Path, *arguments: str, passwords: dict[str, str] = PASSWORDS) -> subprocess.CompletedProcess[str]:
    """What Docker Compose makes of a file; it asks no daemon for that."""
    command = [BIN / "docker-compose", "--file", file, "--env-file", os.devnull, "--profile", "*", "config", *arguments]
    environment = {"PATH": os.environ["PATH"], "HOME": str(file.parent), **passwords}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    """The compose file, with anchors, merges and variables resolved."""
    done = compose(CONTAINERS / "compose.yaml", "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A folder with the same files, to break."""
    return shutil.copytree(CONTAINERS, tmp_path / "containers")


def test_the_containerfile_is_right() -> None:
    done = check(CONTAINERFILE)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("USER 10001:10001", "USR 10001:10001"),  # no instruction
        ("COPY --from=build", "COPY --from=biuld"),  # no stage
        ("ENTRYPOINT [", "ENTRYPOINT ]"),
        ("USER 10001:10001", "USER root"),
        ("/source\n", "source\n"),
    ],
)
def test_a_wrong_containerfile_is_found_out(copy: Path, right: str, wrong: str) -> None:
    text = CONTAINERFILE.read_text()
    assert right in text
    (copy / "Containerfile").write_text(text.replace(right, wrong))
    assert check(copy / "Containerfile").returncode != 0


def test_what_is_copied_exists_and_is_sent_to_the_builder() -> None:
    lines = [line.split()[1:] for line in CONTAINERFILE.read_text().splitlines() if line.startswith("COPY ")]
    sources = [source for line in lines if not line[0].startswith("--from") for source in line[:-1]]
    kept = {line[1:] for line in (CONTAINERS / "Containerfile.dockerignore").read_text().splitlines() if line.startswith("!")}
    assert len(sources) >= 8
    assert [source for source in sources if not (ROOT / source).exists()] == []
    assert set(sources) == kept


def test_the_compose_file_is_right(project: dict[str, Any]) -> None:
    assert project["services"].keys() == SERVERS | AGENTS | {"pyfi", "example"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("restart: unless-stopped", "restrat: unless-stopped"),  # no key
        ("condition: service_healthy", "condition: healthy"),  # no condition
        ("stop_grace_period: 45s", "stop_grace_period: soon"),
        ('"flows:/flows"', '"flow:/flows"'),  # no volume
        ("networks: [cluster]", "networks: [clutser]"),
        ("depends_on: &servers\n", "depends_on: &servers\n    postgers: {condition: service_started}\n"),
    ],
)
def test_a_wrong_compose_file_is_found_out(copy: Path, right: str, wrong: str) -> None:
    file = copy / "compose.yaml"
    assert right in file.read_text()
    file.write_text(file.read_text().replace(right, wrong))
    assert compose(file, "--quiet").returncode != 0


@pytest.mark.parametrize("missing", PASSWORDS)
def test_there_is_no_default_password(missing: str) -> None:
    done = compose(CONTAINERS / "compose.yaml", "--quiet", passwords=PASSWORDS | {missing: ""})
    assert done.returncode != 0
    assert f"{missing} is missing a value: choose it in .env" in done.stderr


def test_the_example_of_the_variables_names_all_and_gives_none() -> None:
    lines = [line for line in (CONTAINERS / ".env.example").read_text().splitlines() if line and not line.startswith("#")]
    assert lines == [f"{name}=" for name in PASSWORDS]


def test_what_must_last_is_in_named_volumes(project: dict[str, Any]) -> None:
    for name in SERVERS | AGENTS:
        mounts = project["services"][name]["volumes"]
        assert mounts, name
        assert all(mount["type"] == "volume" and mount["source"] in project["volumes"] for mount in mounts), name


def test_agents_wait_for_servers_that_say_how_they_are(project: dict[str, Any]) -> None:
    for name in SERVERS:
        assert project["services"][name]["healthcheck"]["test"]
    for name in AGENTS | {"example", "pyfi"}:
        waits = project["services"][name]["depends_on"]
        assert {server for server in waits if waits[server]["condition"] == "service_healthy"} == SERVERS, name


def test_agents_are_started_with_options_that_there_are(project: dict[str, Any]) -> None:
    for name in AGENTS:
        command = project["services"][name]["command"]
        assert command[:2] == ["agent", "start"]
        assert start.make_context("start", command[2:]).params["node"] == name.removeprefix("agent-")


def test_every_service_of_ours_knows_the_target(project: dict[str, Any], tmp_path: Path) -> None:
    for name in AGENTS | {"example", "pyfi"}:
        service = project["services"][name]
        target = Targets(tmp_path / "none", service["environment"]).find("prod")
        assert (target.broker, target.bus) == ("amqp://pyfi:two@rabbitmq:5672/pyfi", "redis://:three@redis:6379/0")
        assert target.database == "postgresql://pyfi:one@postgres:5432/pyfi"
        assert target.shared == ("/flows",)
        assert "/flows" in {mount["target"] for mount in service["volumes"]}


def test_services_of_ours_have_no_rights_that_they_do_not_need(project: dict[str, Any]) -> None:
    for name in AGENTS | {"example", "pyfi"}:
        service = project["services"][name]
        assert service["read_only"]
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert "ports" not in service


def test_the_example_is_there(project: dict[str, Any]) -> None:
    script = project["services"]["example"]["command"][0]
    assert "pyfi deploy /flows/web-log-triage/web-log-triage.flow.yaml --target prod" in script
    assert (ROOT / "resources" / "examples" / "web-log-triage" / "web-log-triage.flow.yaml").is_file()
