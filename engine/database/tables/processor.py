"""processors: what only a processor has."""

from __future__ import annotations

from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database.tables.base import Base, Json, OptionalStrings, Strings, one_of, rule


class ProcessorRow(Base):
    """A processor. Its shared columns are the row of the same key in `steps`.

    `inputs` and `outputs` are what the user declared (NULL: the type's own); what they come to is in `ports`. `config` and
    `tests` are open data.
    """

    __tablename__ = "processors"
    __table_args__ = (
        ForeignKeyConstraint(
            ["definition_id", "id", "kind"], ["steps.definition_id", "steps.id", "steps.kind"], ondelete="CASCADE"
        ),
        rule("kind", one_of("kind", "processor"), "a processor's step is a processor"),
        rule("type", "type <> ''", "a processor needs a type"),
        rule("mode", one_of("mode", "message", "lines"), "a processor's mode is 'message' or 'lines'"),
        rule("concurrency", "concurrency >= 1", "a processor's concurrency is at least 1"),
        rule("every", "every_s >= 0", "a schedule's interval is not negative"),
        rule(
            "schedule",
            "(every_s IS NOT NULL AND cron IS NULL AND NOT once) OR (every_s IS NULL AND (cron IS NULL OR NOT once))",
            "a schedule is one of 'every', 'cron' and 'once'",
        ),
        rule("retry", "retry_attempts >= 0 AND retry_penalty_s >= 0", "retry attempts and penalty are not negative"),
        rule("timeout", "timeout_s >= 0", "a timeout is not negative"),
        rule("memory", "memory_bytes >= 0", "a memory limit is not negative"),
        rule(
            "replicas",
            "replicas_min >= 0 AND replicas_max >= replicas_min",
            "replicas have a minimum of at least 0 and a maximum not below it",
        ),
        rule(
            "git",
            "(git_repo IS NULL) = (git_commit IS NULL) AND (git_repo IS NULL) = (git_module IS NULL)"
            " AND (git_repo IS NOT NULL OR git_requirements IS NULL)",
            "code from git has a repository, a commit and a module",
        ),
    )

    definition_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(server_default="processor")
    type: Mapped[str]
    config: Mapped[dict[str, Any]]
    code: Mapped[str | None]
    git_repo: Mapped[str | None]
    git_commit: Mapped[str | None]
    git_module: Mapped[str | None]
    git_requirements: Mapped[str | None]
    function: Mapped[str | None]
    inputs: Mapped[OptionalStrings]
    outputs: Mapped[OptionalStrings]
    concurrency: Mapped[int]
    every_s: Mapped[float | None]
    cron: Mapped[str | None]
    once: Mapped[bool]
    retry_attempts: Mapped[int]
    retry_penalty_s: Mapped[float]
    timeout_s: Mapped[float]
    batch: Mapped[bool]
    mode: Mapped[str]
    memory_bytes: Mapped[int] = mapped_column(BigInteger)
    replicas_min: Mapped[int]
    replicas_max: Mapped[int]
    requires: Mapped[Strings]
    requirements: Mapped[Strings]
    secrets: Mapped[Strings]
    state: Mapped[str | None]
    tests: Mapped[Json]
    python: Mapped[str | None]
