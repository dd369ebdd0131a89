"""The tables, one noun a file. Importing the package makes `Base.metadata` whole."""

from engine.database.tables.agent import AgentRow
from engine.database.tables.audit import AuditRow
from engine.database.tables.base import Base
from engine.database.tables.cluster_setting import ClusterSettingRow
from engine.database.tables.code_history import CodeRow
from engine.database.tables.connection import ConnectionRow
from engine.database.tables.definition import DefinitionRow
from engine.database.tables.deployment import DeploymentRow
from engine.database.tables.flow import FlowRow
from engine.database.tables.label import LabelRow
from engine.database.tables.log_line import LogLineRow
from engine.database.tables.node import NodeRow
from engine.database.tables.parameter import ParameterRow
from engine.database.tables.port import PortRow
from engine.database.tables.processor import ProcessorRow
from engine.database.tables.slot import SlotRow
from engine.database.tables.step import StepRow
from engine.database.tables.subflow import SubflowRow
from engine.database.tables.task import TaskRow
from engine.database.tables.user import PrivilegeRow, RoleRow, UserRoleRow, UserRow
from engine.database.tables.worker import WorkerRow

__all__ = [
    "AgentRow",
    "AuditRow",
    "Base",
    "ClusterSettingRow",
    "CodeRow",
    "ConnectionRow",
    "DefinitionRow",
    "DeploymentRow",
    "FlowRow",
    "LabelRow",
    "LogLineRow",
    "NodeRow",
    "ParameterRow",
    "PortRow",
    "PrivilegeRow",
    "ProcessorRow",
    "RoleRow",
    "SlotRow",
    "StepRow",
    "SubflowRow",
    "TaskRow",
    "UserRoleRow",
    "UserRow",
    "WorkerRow",
]
