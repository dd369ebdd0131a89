"""Which node runs what: those that are disabled nothing, dedicated ones what asks for them, others no more than they may."""

from __future__ import annotations

from tests.cluster.site import Site, until

FLOW = """
pyfi: 1
name: flow
processors:
  - {{id: source, type: generate, config: {{count: 1000000, rate: 20, content: {{n: "{{n}}"}}}}}}
  - {{id: one, type: python, code: "def one(message): return message"{one}}}
  - {{id: two, type: python, code: "def two(message): return message"}}
  - {{id: three, type: python, code: "def three(message): return None"}}
connections:
  - {{from: source.success, to: one.in, fuse: false}}
  - {{from: one.success, to: two.in, fuse: false}}
  - {{from: two.success, to: three.in, fuse: false}}
auto_terminate: [three.success]
"""
STAGES = {"source", "one", "two", "three"}
ALL = STAGES | {""}


def holders(site: Site) -> dict[str, set[str | None]]:
    """Who holds the slots of every stage; the keeper's is called ""."""
    found: dict[str, set[str | None]] = {}
    for slot in site.slots():
        if slot.state == "running":
            found.setdefault(slot.stage, set()).add(slot.agent)
    return found


def stages_of(site: Site, agent: str) -> set[str]:
    return {stage for stage, agents in holders(site).items() if agent in agents}


def test_a_node_that_is_disabled_hands_all_over_and_gets_some_back(new_site) -> None:
    site = new_site("redis")
    for name in ("a", "b"):
        site.agent(name)
    site.deploy(FLOW.format(one=""))
    until(lambda: holders(site).keys() == ALL and stages_of(site, "a") and stages_of(site, "b"), what=site.logs())
    with site.cluster() as cluster:
        cluster.enable("a", enabled=False)
        until(lambda: stages_of(site, "b") == ALL and not stages_of(site, "a"), what=site.logs())
        cluster.enable("a", enabled=True)
        until(lambda: stages_of(site, "a"), what=site.logs())


def test_a_node_runs_no_more_workers_than_it_may_and_the_rest_runs_elsewhere(new_site) -> None:
    site = new_site("redis")
    # Many processors and few workers: whoever does not know of the bound takes it for the one with most room.
    site.agent("small", "--slots", "1", "--cpus", "64")
    site.agent("large", "--cpus", "1")
    site.deploy(FLOW.format(one=""))
    until(lambda: holders(site).keys() == ALL, what=site.logs())
    assert len(stages_of(site, "small") - {""}) == 1


def test_a_dedicated_node_runs_what_asks_for_it_and_nothing_else(new_site) -> None:
    site = new_site("redis")
    site.agent("apart", "--labels", "enrich", "--dedicated", "--cpus", "64")
    site.agent("other")
    site.deploy(FLOW.format(one=", requires: [enrich]"))
    until(lambda: holders(site).keys() == ALL, what=site.logs())
    assert stages_of(site, "apart") == {"one"}
    assert stages_of(site, "other") == ALL - {"one"}
