"""The Kubernetes manifests hold together, and are what Kubernetes and KEDA take."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from engine.cli.agent import start
from engine.targets import Targets
from tests.packaging.manifests import KUBERNETES, faults, named, resources

AGENTS = ("agent", "agent-enrich")
FOLDERS = (KUBERNETES / "agents", KUBERNETES / "keda")


def kustomization(folder: Path) -> dict[str, Any]:
    return yaml.safe_load((folder / "kustomization.yaml").read_text(encoding="utf-8"))


def variables(path: Path) -> dict[str, str]:
    """As kustomize reads them."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def container(name: str) -> dict[str, Any]:
    (found,) = named("Deployment", name)["spec"]["template"]["spec"]["containers"]
    return found


@pytest.mark.parametrize(
    "resource",
    [pytest.param(resource, id=f"{file}-{resource['kind']}-{resource['metadata']['name']}") for file, resource in resources()],
)
def test_a_resource_is_right(resource: dict[str, Any]) -> None:
    assert faults(resource) == []


def test_all_kinds_are_there() -> None:
    kinds = sorted(resource["kind"] for _, resource in resources())
    expected = ["Deployment", "Deployment", "Namespace", "PodDisruptionBudget", "ScaledObject", "ScaledObject"]
    assert kinds == [*expected, "TriggerAuthentication", "TriggerAuthentication"]


WRONG: list[tuple[str, str, Callable[[Any], object]]] = [
    ("Deployment", "agent", lambda spec: spec.update(replica=3)),
    ("Deployment", "agent", lambda spec: spec.update(replicas="three")),
    ("Deployment", "agent", lambda spec: spec.pop("selector")),
    ("Deployment", "agent", lambda spec: spec["template"]["spec"]["containers"][0].pop("name")),
    (
        "Deployment",
        "agent",
        lambda spec: spec["template"]["spec"]["containers"][0]["securityContext"].update(readOnlyRoot=True),
    ),
    ("PodDisruptionBudget", "agent", lambda spec: spec.update(maxUnavailable=[1])),
    ("ScaledObject", "agent", lambda spec: spec.update(minReplicas=3)),
    ("ScaledObject", "agent", lambda spec: spec.pop("scaleTargetRef")),
    ("ScaledObject", "agent", lambda spec: spec["triggers"][0]["metadata"].update(targetQueryValue=50_000)),
    ("ScaledObject", "agent", lambda spec: spec["triggers"][0]["metadata"].pop("query")),
    ("ScaledObject", "agent", lambda spec: spec["triggers"][0]["metadata"].update(queueName="a")),
    (
        "ScaledObject",
        "agent",
        lambda spec: spec["advanced"]["horizontalPodAutoscalerConfig"]["behavior"]["scaleDown"].update(windowSeconds=1),
    ),
    ("ScaledObject", "agent-enrich", lambda spec: spec["triggers"][0]["metadata"].update(mode="Length")),
    ("TriggerAuthentication", "pyfi-ledger", lambda spec: spec["secretTargetRef"][0].pop("key")),
]


@pytest.mark.parametrize(("kind", "name", "spoil"), WRONG)
def test_a_wrong_resource_is_found_out(kind: str, name: str, spoil: Callable[[Any], object]) -> None:
    resource = copy.deepcopy(named(kind, name))
    spoil(resource["spec"])
    assert faults(resource) != []


@pytest.mark.parametrize("changed", [{"kind": "Deploymnet"}, {"apiVersion": "apps/v1beta1"}, {"specs": {}}])
def test_a_resource_of_no_kind_is_found_out(changed: dict[str, Any]) -> None:
    assert faults(named("Deployment", "agent") | changed) != []


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_kustomization_names_all_files_beside_it_and_no_others(folder: Path) -> None:
    found = kustomization(folder)
    assert (found["apiVersion"], found["kind"]) == ("kustomize.config.k8s.io/v1beta1", "Kustomization")
    assert found.keys() <= {"apiVersion", "kind", "namespace", "resources", "secretGenerator", "images", "patches"}
    files = {path.name for path in folder.glob("*.yaml")} - {"kustomization.yaml"}
    assert {each for each in found["resources"] if not each.startswith("..")} == files
    assert all((folder / each / "kustomization.yaml").is_file() for each in found["resources"] if each.startswith(".."))
    assert found["namespace"] == named("Namespace", "pyfi")["metadata"]["name"]
    for secret in found["secretGenerator"]:
        assert all((folder / f"{env}.example").is_file() for env in secret["envs"])
    for patch in found.get("patches", []):
        resource = named(**patch["target"])
        for step in yaml.safe_load(patch["patch"]):
            *parents, last = step["path"].split("/")[1:]
            for parent in parents:
                resource = resource[parent]
            assert step["op"] == "remove"
            assert last in resource


def test_the_secret_of_the_target_describes_it(tmp_path: Path) -> None:
    given = variables(KUBERNETES / "agents" / "target.env.example")
    target = Targets(tmp_path / "none", given).find("prod")
    assert target.servers()["broker"] == "amqps://pyfi@rabbitmq.example.org:5671/pyfi"
    assert "PASSWORD" in given["PYFI_TARGET_PROD_DATABASE"], "a password to be chosen, not one that anybody may know"


@pytest.mark.parametrize("name", AGENTS)
def test_agents_get_the_secret_and_join_that_target(name: str) -> None:
    found = container(name)
    secrets = {each["secretRef"]["name"]: each["secretRef"].get("optional", False) for each in found["envFrom"]}
    assert secrets == {"pyfi-target": False, "pyfi-secrets": True}
    assert found["args"][:4] == ["agent", "start", "--target", "prod"]
    assert {"$(NODE)", "$(CPUS)"} <= set(found["args"])
    assert {each["name"] for each in found["env"]} == {"NODE", "CPUS"}


@pytest.mark.parametrize("name", AGENTS)
def test_agents_are_started_with_options_that_there_are(name: str) -> None:
    _, _, *options = [argument.replace("$(CPUS)", "2") for argument in container(name)["args"]]
    given = start.make_context("start", options).params
    assert given["target"] == "prod"
    assert (given["labels"], given["slots"], given["dedicated"]) == (
        ("enrich", 1, True) if name == "agent-enrich" else ("", 0, False)
    )


@pytest.mark.parametrize("name", AGENTS)
def test_agents_may_end_in_good_order_and_have_few_rights(name: str) -> None:
    pod = named("Deployment", name)["spec"]["template"]["spec"]
    assert pod["terminationGracePeriodSeconds"] == 45
    assert pod["automountServiceAccountToken"] is False
    assert pod["securityContext"]["runAsNonRoot"]
    rights = container(name)["securityContext"]
    assert (rights["readOnlyRootFilesystem"], rights["allowPrivilegeEscalation"]) == (True, False)
    assert {mount["mountPath"] for mount in container(name)["volumeMounts"]} == {"/var/lib/pyfi", "/tmp"}


def test_agents_keep_apart_and_are_not_all_taken_at_once() -> None:
    deployment = named("Deployment", "agent")["spec"]
    labels = deployment["template"]["metadata"]["labels"]
    (apart,) = deployment["template"]["spec"]["affinity"]["podAntiAffinity"].popitem()[1]
    assert apart["podAffinityTerm"]["labelSelector"]["matchLabels"] == labels
    budget = named("PodDisruptionBudget", "agent")["spec"]
    assert (budget["selector"]["matchLabels"], budget["maxUnavailable"]) == (labels, 1)


@pytest.mark.parametrize("name", AGENTS)
def test_keda_scales_agents_that_there_are_with_what_it_is_given(name: str) -> None:
    scaled = named("ScaledObject", name)["spec"]
    assert named("Deployment", scaled["scaleTargetRef"]["name"])
    assert scaled["minReplicaCount"] <= scaled["maxReplicaCount"]
    keys = variables(KUBERNETES / "keda" / "keda.env.example")
    for trigger in scaled["triggers"]:
        (given,) = named("TriggerAuthentication", trigger["authenticationRef"]["name"])["spec"]["secretTargetRef"]
        assert given["name"] == kustomization(KUBERNETES / "keda")["secretGenerator"][0]["name"]
        assert given["key"] in keys
        assert given["parameter"] == {"postgresql": "connection", "rabbitmq": "host"}[trigger["type"]]
