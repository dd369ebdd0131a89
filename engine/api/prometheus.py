"""Everything that is counted, in the text format that Prometheus reads.

Format: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from engine.runtime.deployment import Deployment
from engine.runtime.meter import standing

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_METRICS = {
    "pyfi_flow_running": ("gauge", "1 while a flow runs, 0 while it is paused, stopped, ended or broken."),
    "pyfi_processor_in_total": ("counter", "Messages that came into a processor."),
    "pyfi_processor_out_total": ("counter", "Messages that left a processor, by output."),
    "pyfi_processor_failed_total": ("counter", "Messages that failed for good in a processor."),
    "pyfi_processor_tasks_total": ("counter", "Tasks of a processor."),
    "pyfi_processor_seconds_total": ("counter", "Seconds of work of a processor."),
    "pyfi_processor_running_tasks": ("gauge", "Tasks under way in the stage of a processor."),
    "pyfi_processor_dead_letters": ("gauge", "Messages of a processor kept as dead letters."),
    "pyfi_connection_messages": ("gauge", "Messages that wait in a connection."),
    "pyfi_connection_bytes": ("gauge", "Bytes that wait in a connection."),
    "pyfi_connection_passed_total": ("counter", "Messages that crossed a connection."),
    "pyfi_connection_expired_total": ("counter", "Messages that expired in a connection."),
}
_PROCESSOR = {
    "pyfi_processor_in_total": "in",
    "pyfi_processor_failed_total": "failed",
    "pyfi_processor_tasks_total": "tasks",
    "pyfi_processor_seconds_total": "seconds",
    "pyfi_processor_running_tasks": "running",
    "pyfi_processor_dead_letters": "dead",
}
_CONNECTION = {
    "pyfi_connection_messages": "messages",
    "pyfi_connection_bytes": "bytes",
    "pyfi_connection_passed_total": "passed",
    "pyfi_connection_expired_total": "expired",
}


def exposition(deployments: Mapping[str, Deployment], known: Iterable[Mapping[str, Any]]) -> str:
    """The page: what deployments count, also those that do not run. `known` are the flows as the API lists them."""
    samples: dict[str, list[str]] = {name: [] for name in _METRICS}

    def add(metric: str, value: float, **labels: str) -> None:
        text = ",".join(f'{name}="{_escaped(label)}"' for name, label in labels.items())
        samples[metric].append(f"{metric}{{{text}}} {value}")

    for flow in known:
        add("pyfi_flow_running", int(flow["state"] == "running"), flow=flow["name"])
    for name, deployment in deployments.items():
        found = standing(deployment)
        for step, values in found["processors"].items():
            for metric, key in _PROCESSOR.items():
                add(metric, values[key], flow=name, processor=step)
            for port, count in values["out"].items():
                add("pyfi_processor_out_total", count, flow=name, processor=step, output=port)
        for link, values in found["connections"].items():
            for metric, key in _CONNECTION.items():
                add(metric, values[key], flow=name, connection=link)
    lines: list[str] = []
    for metric, (kind, meaning) in _METRICS.items():
        lines += [f"# HELP {metric} {meaning}", f"# TYPE {metric} {kind}", *samples[metric]]
    return "\n".join(lines) + "\n"


def _escaped(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
