from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.database.connect import Database
from engine.errors import IntegrityError, NotFound
from engine.model import edits
from engine.stores.deployments import DeploymentStore
from engine.stores.flows import FlowStore
from tests.engine.stores.samples import chain, everything


@pytest.fixture
def flows(database: Database) -> FlowStore:
    return FlowStore(database)


@pytest.fixture
def deployments(database: Database) -> DeploymentStore:
    moments = iter(datetime(2024, 5, 1, tzinfo=UTC) + timedelta(days=day) for day in range(99))
    return DeploymentStore(database, now=lambda: next(moments))


def test_a_deployment_freezes_the_flow(flows: FlowStore, deployments: DeploymentStore) -> None:
    made = everything()
    flows.create(made, "ann")

    deployed = deployments.deploy("everything", "local", "bob", parameters={"n": 2**70})
    flows.apply("everything", 1, edits.delete(made, ["once"]), "ann")

    assert (deployed.name, deployed.flow_name, deployed.revision, deployed.desired) == (
        "everything",
        "everything",
        1,
        "running",
    )
    assert deployed.parameters == {"n": 2**70}
    assert repr(deployments.flow("everything", "local")) == repr(made)
    assert deployments.list() == [deployed]
    assert deployments.list("elsewhere") == []


def test_deploying_again_takes_the_place_of_the_deployment(flows: FlowStore, deployments: DeploymentStore) -> None:
    made = chain()
    flows.create(made, "ann")
    first = deployments.deploy("chain", "local", "ann")
    other = deployments.deploy("chain", "local", "ann", name="second", desired="stopped")
    flows.apply("chain", 1, edits.move(made, {"a": (1.0, 1.0)}), "ann")

    again = deployments.deploy("chain", "local", "bob")

    assert (again.id, again.created_at, again.revision, again.author) == (first.id, first.created_at, 2, "bob")
    assert again.updated_at > first.updated_at
    assert [each.name for each in deployments.list("local")] == ["chain", "second"]
    assert deployments.find("second", "local") == other


def test_desired_state_is_recorded_without_making_a_revision(flows: FlowStore, deployments: DeploymentStore) -> None:
    flows.create(chain(), "ann")
    deployments.deploy("chain", "local", "ann")

    assert deployments.desire("chain", "local", "paused", "bob").desired == "paused"

    assert [(each.number, each.action) for each in flows.history("chain")] == [(1, "create")]
    with pytest.raises(IntegrityError, match="a deployment should be running, paused or stopped"):
        deployments.desire("chain", "local", "flying", "bob")  # type: ignore[arg-type]


def test_a_deployed_flow_stays(flows: FlowStore, deployments: DeploymentStore) -> None:
    flows.create(chain(), "ann")
    deployments.deploy("chain", "cluster", "ann")

    with pytest.raises(IntegrityError, match="flow 'chain' is deployed on 'cluster'; delete its deployments first"):
        flows.delete("chain", "ann", force=True)
    deployments.delete("chain", "cluster", "ann")
    flows.delete("chain", "ann")

    assert flows.list() == []


def test_what_is_missing_is_told(deployments: DeploymentStore) -> None:
    with pytest.raises(NotFound, match="there is no flow 'ghost'"):
        deployments.deploy("ghost", "local", "ann")
    with pytest.raises(NotFound, match="there is no deployment 'ghost' on local; `pyfi ls deployments` shows those there are"):
        deployments.find("ghost", "local")
    with pytest.raises(NotFound):
        deployments.delete("ghost", "local", "ann")
