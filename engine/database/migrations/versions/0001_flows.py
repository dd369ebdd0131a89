"""Flows, their parts and history, deployments, the cluster that runs them, and users."""

# pyright: reportUnknownArgumentType=false
# (sa.Double is generic in its Python value, which no statement here has a use for.)

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from engine.database.tables.base import ExactJson, Instant

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    _flows()
    _definitions()
    _steps()
    _processors()
    _subflows()
    _ports()
    _connections()
    _labels()
    _parameters()
    _code_history()
    _audit()
    _deployments()
    _nodes()
    _agents()
    _workers()
    _tasks()
    _users()
    _roles()
    _privileges()
    _user_roles()


def downgrade() -> None:
    for table in reversed(_TABLES):
        op.drop_table(table)


_TABLES = (
    "flows",
    "definitions",
    "steps",
    "processors",
    "subflows",
    "ports",
    "connections",
    "labels",
    "parameters",
    "code_history",
    "audit",
    "deployments",
    "nodes",
    "agents",
    "workers",
    "tasks",
    "users",
    "roles",
    "privileges",
    "user_roles",
)


def _flows() -> None:
    op.create_table(
        "flows",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.Column("updated_by", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_flows_named")),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_flows_revision")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_flows")),
        sa.UniqueConstraint("name", name=op.f("uq_flows_name")),
    )


def _definitions() -> None:
    op.create_table(
        "definitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("inputs", ExactJson(), nullable=False),
        sa.Column("outputs", ExactJson(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.CheckConstraint("(parent_id IS NULL) = (name IS NULL)", name=op.f("ck_definitions_named")),
        sa.ForeignKeyConstraint(
            ["flow_id", "parent_id"],
            ["definitions.flow_id", "definitions.id"],
            name=op.f("fk_definitions_flow_id_parent_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_definitions_flow_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_definitions")),
        sa.UniqueConstraint("flow_id", "id", name=op.f("uq_definitions_flow_id_id")),
        sa.UniqueConstraint("parent_id", "name", name=op.f("uq_definitions_parent_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_definitions_root",
        "definitions",
        ["flow_id"],
        unique=True,
        sqlite_where=sa.text("parent_id IS NULL"),
        postgresql_where=sa.text("parent_id IS NULL"),
    )


def _steps() -> None:
    op.create_table(
        "steps",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("auto_terminate", ExactJson(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.Column("color", sa.String(), nullable=True),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.CheckConstraint("(id = '') = (kind = 'boundary')", name=op.f("ck_steps_id")),
        sa.CheckConstraint("kind IN ('processor', 'subflow', 'boundary')", name=op.f("ck_steps_kind")),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name=op.f("ck_steps_position")),
        sa.ForeignKeyConstraint(["definition_id"], ["definitions.id"], name=op.f("fk_steps_definition_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("definition_id", "id", name=op.f("pk_steps")),
        sa.UniqueConstraint("definition_id", "id", "kind", name=op.f("uq_steps_definition_id_id_kind")),
        sqlite_with_rowid=False,
    )


def _processors() -> None:
    op.create_table(
        "processors",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), server_default="processor", nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("config", ExactJson(), nullable=False),
        sa.Column("code", sa.String(), nullable=True),
        sa.Column("git_repo", sa.String(), nullable=True),
        sa.Column("git_commit", sa.String(), nullable=True),
        sa.Column("git_module", sa.String(), nullable=True),
        sa.Column("git_requirements", sa.String(), nullable=True),
        sa.Column("function", sa.String(), nullable=True),
        sa.Column("inputs", ExactJson(none_as_null=True), nullable=True),
        sa.Column("outputs", ExactJson(none_as_null=True), nullable=True),
        sa.Column("concurrency", sa.Integer(), nullable=False),
        sa.Column("every_s", sa.Double(), nullable=True),
        sa.Column("cron", sa.String(), nullable=True),
        sa.Column("once", sa.Boolean(), nullable=False),
        sa.Column("retry_attempts", sa.Integer(), nullable=False),
        sa.Column("retry_penalty_s", sa.Double(), nullable=False),
        sa.Column("timeout_s", sa.Double(), nullable=False),
        sa.Column("batch", sa.Boolean(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
        sa.Column("replicas_min", sa.Integer(), nullable=False),
        sa.Column("replicas_max", sa.Integer(), nullable=False),
        sa.Column("requires", ExactJson(), nullable=False),
        sa.Column("requirements", ExactJson(), nullable=False),
        sa.Column("secrets", ExactJson(), nullable=False),
        sa.Column("state", sa.String(), nullable=True),
        sa.Column("tests", ExactJson(), nullable=False),
        sa.CheckConstraint("kind IN ('processor')", name=op.f("ck_processors_kind")),
        sa.CheckConstraint("mode IN ('message', 'lines')", name=op.f("ck_processors_mode")),
        sa.CheckConstraint("type <> ''", name=op.f("ck_processors_type")),
        sa.CheckConstraint(
            "(every_s IS NOT NULL AND cron IS NULL AND NOT once) OR (every_s IS NULL AND (cron IS NULL OR NOT once))",
            name=op.f("ck_processors_schedule"),
        ),
        sa.CheckConstraint(
            "(git_repo IS NULL) = (git_commit IS NULL) AND (git_repo IS NULL) = (git_module IS NULL)"
            " AND (git_repo IS NOT NULL OR git_requirements IS NULL)",
            name=op.f("ck_processors_git"),
        ),
        sa.CheckConstraint("concurrency >= 1", name=op.f("ck_processors_concurrency")),
        sa.CheckConstraint("every_s >= 0", name=op.f("ck_processors_every")),
        sa.CheckConstraint("memory_bytes >= 0", name=op.f("ck_processors_memory")),
        sa.CheckConstraint("replicas_min >= 0 AND replicas_max >= replicas_min", name=op.f("ck_processors_replicas")),
        sa.CheckConstraint("retry_attempts >= 0 AND retry_penalty_s >= 0", name=op.f("ck_processors_retry")),
        sa.CheckConstraint("timeout_s >= 0", name=op.f("ck_processors_timeout")),
        sa.ForeignKeyConstraint(
            ["definition_id", "id", "kind"],
            ["steps.definition_id", "steps.id", "steps.kind"],
            name=op.f("fk_processors_definition_id_id_kind"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("definition_id", "id", name=op.f("pk_processors")),
    )


def _subflows() -> None:
    op.create_table(
        "subflows",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), server_default="subflow", nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("uses_id", sa.Integer(), nullable=False),
        sa.Column("flow", sa.String(), nullable=False),
        sa.Column("parameters", ExactJson(), nullable=False),
        sa.CheckConstraint("kind IN ('subflow')", name=op.f("ck_subflows_kind")),
        sa.ForeignKeyConstraint(
            ["definition_id", "id", "kind"],
            ["steps.definition_id", "steps.id", "steps.kind"],
            name=op.f("fk_subflows_definition_id_id_kind"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["flow_id", "definition_id"],
            ["definitions.flow_id", "definitions.id"],
            name=op.f("fk_subflows_flow_id_definition_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["flow_id", "uses_id"],
            ["definitions.flow_id", "definitions.id"],
            name=op.f("fk_subflows_flow_id_uses_id"),
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.PrimaryKeyConstraint("definition_id", "id", name=op.f("pk_subflows")),
    )
    op.create_index("ix_subflows_uses", "subflows", ["flow_id", "uses_id"], unique=False)


def _ports() -> None:
    op.create_table(
        "ports",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("step_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("declared", sa.Boolean(), nullable=False),
        sa.CheckConstraint("direction IN ('in', 'out')", name=op.f("ck_ports_direction")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_ports_name")),
        sa.ForeignKeyConstraint(
            ["definition_id", "step_id"],
            ["steps.definition_id", "steps.id"],
            name=op.f("fk_ports_definition_id_step_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("definition_id", "step_id", "name", "direction", name=op.f("pk_ports")),
        sqlite_with_rowid=False,
    )


def _connections() -> None:
    op.create_table(
        "connections",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("source_step", sa.String(), nullable=False),
        sa.Column("source_port", sa.String(), nullable=False),
        sa.Column("source_direction", sa.String(), server_default="out", nullable=False),
        sa.Column("target_step", sa.String(), nullable=False),
        sa.Column("target_port", sa.String(), nullable=False),
        sa.Column("target_direction", sa.String(), server_default="in", nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("limit_messages", sa.BigInteger(), nullable=False),
        sa.Column("limit_bytes", sa.BigInteger(), nullable=False),
        sa.Column("expire_s", sa.Double(), nullable=False),
        sa.Column("priority", sa.String(), nullable=False),
        sa.Column("breakpoint", sa.Boolean(), nullable=False),
        sa.Column("fuse", sa.Boolean(), nullable=False),
        sa.Column("bends", ExactJson(), nullable=False),
        sa.CheckConstraint(
            "priority IN ('fifo', 'lifo', 'oldest') OR priority LIKE 'attribute:_%'", name=op.f("ck_connections_priority")
        ),
        sa.CheckConstraint("source_direction IN ('out')", name=op.f("ck_connections_source")),
        sa.CheckConstraint("target_direction IN ('in')", name=op.f("ck_connections_target")),
        sa.CheckConstraint("expire_s >= 0", name=op.f("ck_connections_expire")),
        sa.CheckConstraint("limit_messages >= 0 AND limit_bytes >= 0", name=op.f("ck_connections_limit")),
        sa.ForeignKeyConstraint(
            ["definition_id", "source_step", "source_port", "source_direction"],
            ["ports.definition_id", "ports.step_id", "ports.name", "ports.direction"],
            name="fk_connections_source",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["definition_id", "target_step", "target_port", "target_direction"],
            ["ports.definition_id", "ports.step_id", "ports.name", "ports.direction"],
            name="fk_connections_target",
            initially="DEFERRED",
            deferrable=True,
        ),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_connections_definition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint(
            "definition_id", "source_step", "source_port", "target_step", "target_port", name=op.f("pk_connections")
        ),
    )
    op.create_index("ix_connections_target", "connections", ["definition_id", "target_step", "target_port"], unique=False)


def _labels() -> None:
    op.create_table(
        "labels",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("x", sa.Double(), nullable=True),
        sa.Column("y", sa.Double(), nullable=True),
        sa.Column("width", sa.Double(), nullable=True),
        sa.Column("height", sa.Double(), nullable=True),
        sa.Column("color", sa.String(), nullable=True),
        sa.CheckConstraint("id <> ''", name=op.f("ck_labels_id")),
        sa.CheckConstraint("(width IS NULL) = (height IS NULL)", name=op.f("ck_labels_size")),
        sa.CheckConstraint("(x IS NULL) = (y IS NULL)", name=op.f("ck_labels_position")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_labels_definition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("definition_id", "id", name=op.f("pk_labels")),
    )


def _parameters() -> None:
    op.create_table(
        "parameters",
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("value", ExactJson(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_parameters_name")),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definitions.id"], name=op.f("fk_parameters_definition_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("definition_id", "name", name=op.f("pk_parameters")),
    )


def _code_history() -> None:
    op.create_table(
        "code_history",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("processor", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_code_history_flow_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_code_history")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_code_history_flow_id_processor_id"), "code_history", ["flow_id", "processor", "id"], unique=False)


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=True),
        sa.Column("flow_name", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=True),
        sa.Column("part", sa.String(), nullable=True),
        sa.Column("before", ExactJson(none_as_null=True), nullable=True),
        sa.Column("after", ExactJson(none_as_null=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_audit_flow_id_revision"), "audit", ["flow_id", "revision"], unique=False)


def _deployments() -> None:
    op.create_table(
        "deployments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("flow_id", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("desired", sa.String(), nullable=False),
        sa.Column("parameters", ExactJson(), nullable=False),
        sa.Column("frozen", ExactJson(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("updated_at", Instant(), nullable=False),
        sa.CheckConstraint("desired IN ('running', 'paused', 'stopped')", name=op.f("ck_deployments_desired")),
        sa.CheckConstraint("name <> ''", name=op.f("ck_deployments_named")),
        sa.ForeignKeyConstraint(["flow_id"], ["flows.id"], name=op.f("fk_deployments_flow_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deployments")),
        sa.UniqueConstraint("target", "name", name=op.f("uq_deployments_target_name")),
    )
    op.create_index(op.f("ix_deployments_flow_id"), "deployments", ["flow_id"], unique=False)


def _nodes() -> None:
    op.create_table(
        "nodes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("system", sa.String(), nullable=False),
        sa.Column("cpus", sa.Integer(), nullable=False),
        sa.Column("memory_bytes", sa.BigInteger(), nullable=False),
        sa.Column("labels", ExactJson(), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.CheckConstraint("cpus >= 0 AND memory_bytes >= 0", name=op.f("ck_nodes_size")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_nodes")),
    )


def _agents() -> None:
    op.create_table(
        "agents",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("node", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('starting', 'running', 'stopping', 'stopped')", name=op.f("ck_agents_state")),
        sa.ForeignKeyConstraint(["node"], ["nodes.name"], name=op.f("fk_agents_node"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_agents")),
    )
    op.create_index(op.f("ix_agents_node"), "agents", ["node"], unique=False)


def _workers() -> None:
    op.create_table(
        "workers",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("agent", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.CheckConstraint("state IN ('starting', 'running', 'stopping', 'stopped')", name=op.f("ck_workers_state")),
        sa.ForeignKeyConstraint(["agent"], ["agents.name"], name=op.f("fk_workers_agent"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployments.id"], name=op.f("fk_workers_deployment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_index(op.f("ix_workers_agent"), "workers", ["agent"], unique=False)
    op.create_index(op.f("ix_workers_deployment_id"), "workers", ["deployment_id"], unique=False)


def _tasks() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("deployment_id", sa.String(), nullable=False),
        sa.Column("worker", sa.String(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("started_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("failed", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.CheckConstraint("(state = 'running') = (finished_at IS NULL)", name=op.f("ck_tasks_finished")),
        sa.CheckConstraint("state IN ('running', 'done', 'failed', 'lost')", name=op.f("ck_tasks_state")),
        sa.CheckConstraint("received >= 0 AND sent >= 0 AND failed >= 0", name=op.f("ck_tasks_counts")),
        sa.ForeignKeyConstraint(["deployment_id"], ["deployments.id"], name=op.f("fk_tasks_deployment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["worker"], ["workers.name"], name=op.f("fk_tasks_worker"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tasks")),
    )
    op.create_index(op.f("ix_tasks_deployment_id"), "tasks", ["deployment_id"], unique=False)
    op.create_index(op.f("ix_tasks_started_at"), "tasks", ["started_at"], unique=False)
    op.create_index(op.f("ix_tasks_worker"), "tasks", ["worker"], unique=False)


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_users_named")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_users")),
    )


def _roles() -> None:
    op.create_table(
        "roles",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("notes", sa.String(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("ck_roles_named")),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_roles")),
    )


def _privileges() -> None:
    op.create_table(
        "privileges",
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("privilege", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role"], ["roles.name"], name=op.f("fk_privileges_role"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role", "privilege", name=op.f("pk_privileges")),
    )


def _user_roles() -> None:
    op.create_table(
        "user_roles",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role"], ["roles.name"], name=op.f("fk_user_roles_role"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user"], ["users.name"], name=op.f("fk_user_roles_user"), onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user", "role", name=op.f("pk_user_roles")),
    )
    op.create_index(op.f("ix_user_roles_role"), "user_roles", ["role"], unique=False)
