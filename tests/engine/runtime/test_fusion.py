"""Fusing changes what a flow costs, never what it does."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, given, settings

from tests.engine.runtime.flows import Shape, observe, shapes

GENERATED = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@GENERATED
@given(shapes())
def test_fused_and_unfused_flows_do_the_same(shape: Shape) -> None:
    # Given a flow with routing, failing steps, retries, joins, clones and stopped steps,
    # when it runs with its steps fused and with a queue on every hop,
    fused, unfused = observe(shape, fuse=True), observe(shape, fuse=False)
    # then the same messages, from the same source messages, end in the same places, and every count is the same.
    assert fused.counts == unfused.counts
    assert fused.messages == unfused.messages


@GENERATED
@given(shapes(rings=True))
def test_fused_and_unfused_rings_do_the_same(shape: Shape) -> None:
    # Given connections that lead back, some with limits that what goes round exceeds, then all that goes round arrives as well.
    fused, unfused = observe(shape, fuse=True), observe(shape, fuse=False)
    assert fused.counts == unfused.counts
    assert fused.messages == unfused.messages
