"""Targets: kept for their owner alone, checked as they are given, never shown with their passwords."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.errors import ConflictError, NotFound, UsageError
from engine.targets import Target, Targets, without_password

PROD = Target(
    name="prod",
    broker="amqp://pyfi:secret@rabbit:5672//",
    bus="redis://:secret@redis/0",
    database="postgresql://pyfi:secret@db/pyfi",
    shared=("/mnt/flows",),
)


@pytest.fixture
def targets(tmp_path: Path) -> Targets:
    return Targets(tmp_path / "made" / "targets.toml", {})


def test_what_is_added_is_found_again_and_only_its_owner_can_read_it(targets: Targets) -> None:
    targets.add(PROD)
    assert targets.find("prod") == PROD
    assert targets.all() == [PROD]
    assert stat.S_IMODE(targets.path.stat().st_mode) == 0o600


def test_a_name_that_is_taken_is_not_replaced_unless_that_is_wanted(targets: Targets) -> None:
    targets.add(PROD)
    other = Target(name="prod", broker="redis://other", bus="redis://other", database="postgresql://other/pyfi")
    with pytest.raises(ConflictError, match="pyfi target update"):
        targets.add(other)
    targets.add(other, replace=True)
    assert targets.find("prod") == other


def test_a_target_is_forgotten(targets: Targets) -> None:
    targets.add(PROD)
    targets.delete("prod")
    with pytest.raises(NotFound, match="pyfi target add"):
        targets.find("prod")
    with pytest.raises(NotFound):
        targets.delete("prod")


def test_a_name_that_is_nearly_right_is_suggested(targets: Targets) -> None:
    targets.add(PROD)
    with pytest.raises(NotFound, match="did you mean 'prod'"):
        targets.find("prdo")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"broker": "kafka://x"}, "the broker of target 'prod' must be a URL that begins with amqp://"),
        ({"bus": "http://x"}, "the bus of target 'prod' must be a URL that begins with redis://"),
        ({"database": "sqlite:///x"}, "the database of target 'prod' must be a URL that begins with postgresql://"),
        ({"results": "ftp://x"}, "the results of target 'prod'"),
        ({"queues": "many"}, "classic or quorum"),
        ({"shared": ("relative",)}, "absolute paths"),
        ({"name": "local"}, "cannot be a target's name"),
        ({"name": "no spaces"}, "cannot be a target's name"),
    ],
)
def test_what_is_wrong_is_said_without_the_password(targets: Targets, values: dict[str, object], said: str) -> None:
    plain = {"name": "prod", "broker": PROD.broker, "bus": PROD.bus, "database": PROD.database} | values
    with pytest.raises(UsageError, match=said) as raised:
        targets.add(Target(**plain))  # type: ignore[arg-type]
    assert "secret" not in str(raised.value)
    assert not targets.path.exists()


def test_a_file_that_is_no_toml_or_holds_a_wrong_word_is_named(targets: Targets) -> None:
    targets.path.parent.mkdir()
    targets.path.write_text("[prod\n")
    with pytest.raises(UsageError, match=r"targets\.toml cannot be read"):
        targets.all()
    targets.path.write_text('[prod]\nbrokr = "redis://x"\n')
    with pytest.raises(UsageError, match="target 'prod' is not right"):
        targets.all()


def test_variables_make_a_target_where_there_is_no_file(tmp_path: Path) -> None:
    environment = {
        "PYFI_TARGET_EU_WEST_BROKER": "redis://r",
        "PYFI_TARGET_EU_WEST_BUS": "redis://r",
        "PYFI_TARGET_EU_WEST_DATABASE": "postgresql://d/pyfi",
        "PYFI_TARGET_EU_WEST_SHARED": "/a:/b",
        "PYFI_TARGETS": str(tmp_path / "targets.toml"),
    }
    found = Targets(environment=environment).find("eu-west")
    assert (found.broker, found.shared, found.results_url) == ("redis://r", ("/a", "/b"), "postgresql://d/pyfi")


def test_no_password_is_ever_shown() -> None:
    assert "secret" not in repr(PROD)
    assert PROD.servers()["database"] == "postgresql://pyfi@db/pyfi"
    assert without_password("redis://:secret@host:6379/0") == "redis://host:6379/0"
    assert without_password("redis://[") == "a URL that cannot be read"
