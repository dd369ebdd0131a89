"""The Kubernetes manifests, and what tells right ones from wrong ones without a cluster or a network."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import yaml
from environment import ROOT
from jsonschema import Draft202012Validator

KUBERNETES = ROOT / "packaging" / "kubernetes"
VERSIONS = ("1.33", "1.35", "1.37")
"""Those of Kubernetes that the manifests are for; `kubernetes-validate` brings their schemas."""

_NAME = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
_TEXT = {"type": "string", "minLength": 1}
_COUNT = {"type": "integer", "minimum": 0}
# KEDA takes every value of a trigger as text.
_NUMBER = {"type": "string", "pattern": r"^\d+(\.\d+)?$"}


def _strict(properties: dict[str, Any], *required: str) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


# What each trigger is told by its `metadata`, which KEDA's own schema leaves open: its documentation of the scalers, 2.16.
_TRIGGERS = {
    "postgresql": _strict(
        {"query": _TEXT, "targetQueryValue": _NUMBER, "activationTargetQueryValue": _NUMBER}, "query", "targetQueryValue"
    ),
    "rabbitmq": _strict(
        {
            "protocol": {"enum": ["amqp", "http", "auto"]},
            "queueName": _TEXT,
            "mode": {"enum": ["QueueLength", "MessageRate"]},
            "value": _NUMBER,
            "activationValue": _NUMBER,
            "vhostName": _TEXT,
        },
        "queueName",
        "mode",
        "value",
    ),
}
_TRIGGER = _strict(
    {"type": {"enum": list(_TRIGGERS)}, "name": _NAME, "metadata": {}, "authenticationRef": _strict({"name": _NAME}, "name")},
    "type",
    "metadata",
    "authenticationRef",
) | {
    "allOf": [
        {"if": {"properties": {"type": {"const": type}}}, "then": {"properties": {"metadata": metadata}}}
        for type, metadata in _TRIGGERS.items()
    ]
}
_SPECS = {
    "ScaledObject": _strict(
        {
            "scaleTargetRef": _strict({"name": _NAME, "kind": _TEXT, "apiVersion": _TEXT}, "name"),
            "pollingInterval": _COUNT,
            "cooldownPeriod": _COUNT,
            "initialCooldownPeriod": _COUNT,
            "idleReplicaCount": _COUNT,
            "minReplicaCount": _COUNT,
            "maxReplicaCount": _COUNT,
            "advanced": _strict(
                {
                    "restoreToOriginalReplicaCount": {"type": "boolean"},
                    "horizontalPodAutoscalerConfig": _strict({"behavior": {"type": "object"}}, "behavior"),
                }
            ),
            "triggers": {"type": "array", "minItems": 1, "items": _TRIGGER},
        },
        "scaleTargetRef",
        "triggers",
    ),
    "TriggerAuthentication": _strict(
        {
            "secretTargetRef": {
                "type": "array",
                "minItems": 1,
                "items": _strict(
                    {"parameter": {"enum": ["connection", "host"]}, "name": _NAME, "key": _TEXT}, "parameter", "name", "key"
                ),
            }
        },
        "secretTargetRef",
    ),
}
KEDA = {
    kind: Draft202012Validator(
        _strict(
            {
                "apiVersion": {"const": "keda.sh/v1alpha1"},
                "kind": {"const": kind},
                "metadata": _strict({"name": _NAME}, "name"),
                "spec": spec,
            },
            "apiVersion",
            "kind",
            "metadata",
            "spec",
        )
    )
    for kind, spec in _SPECS.items()
}
"""KEDA's kinds, as far as the manifests use them: its `config/crd/bases`, 2.16. A key that is not known is a fault."""


def resources(folder: Path = KUBERNETES) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every resource with the name of its file; what kustomize reads is none."""
    for path in sorted(folder.rglob("*.yaml")):
        if path.name != "kustomization.yaml":
            for document in yaml.safe_load_all(path.read_text(encoding="utf-8")):
                yield path.relative_to(folder).as_posix(), document


def faults(resource: dict[str, Any]) -> list[str]:
    """What is wrong with a resource: by the schemas of Kubernetes and of KEDA."""
    keda = KEDA.get(resource.get("kind", ""))
    if keda is None:
        return [fault for version in VERSIONS for fault in _by_kubernetes(resource, version)]
    found = [f"{error.json_path}: {error.message}" for error in keda.iter_errors(resource)]
    config = resource["spec"].get("advanced", {}).get("horizontalPodAutoscalerConfig", {})
    if not found and "behavior" in config:
        # KEDA hands it on to Kubernetes as it is.
        found = [fault for version in VERSIONS for fault in _by_kubernetes(_autoscaler(config["behavior"]), version)]
    return found


def named(kind: str, name: str) -> dict[str, Any]:
    """The one resource of a kind and name."""
    (found,) = [each for _, each in resources() if each["kind"] == kind and each["metadata"]["name"] == name]
    return found


def _by_kubernetes(resource: dict[str, Any], version: str) -> list[str]:
    try:
        kubernetes_validate.validate(resource, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        return [f"Kubernetes {version}: {error.message}"]
    except (kubernetes_validate.SchemaNotFoundError, KeyError) as error:
        return [f"Kubernetes {version} knows no such kind: {error}"]
    return []


def _autoscaler(behavior: dict[str, Any]) -> dict[str, Any]:
    target = {"apiVersion": "apps/v1", "kind": "Deployment", "name": "agent"}
    spec = {"scaleTargetRef": target, "maxReplicas": 1, "behavior": behavior}
    return {"apiVersion": "autoscaling/v2", "kind": "HorizontalPodAutoscaler", "metadata": {"name": "agent"}, "spec": spec}
