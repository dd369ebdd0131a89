from __future__ import annotations

from engine.model.codec import load_flow
from tests.chaos.fuzz_files import fuzz, seeds


def test_random_and_mutated_files_end_in_a_flow_or_a_sentence(long_form: bool) -> None:
    random_count, mutated_count = (10_000, 1_000) if long_form else (300, 200)
    counts = fuzz(random_count=random_count, mutated_count=mutated_count)
    assert sum(counts.values()) == random_count + mutated_count
    # The mutations are gentle enough to reach validation, not only the parser.
    assert counts["unsound"] + counts["sound"] >= 20


def test_the_files_that_are_mutated_are_sound_before():
    assert all(load_flow(text).steps for text in seeds())
