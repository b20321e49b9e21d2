"""What a step takes of a person's outcome, and the routing variables it makes of it."""

from typing import Any

import pytest

from engine.moves.outcome import Outcome, accepted
from engine.process import Element


def step(**properties: str) -> Element:
    return Element("example", "target_filing", "示例环节", None, "userTask", properties)


@pytest.mark.parametrize(("given", "taken"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_yes_and_no_are_taken_as_a_truth_or_as_its_word(given: Any, taken: bool) -> None:
    outcome = Outcome("recorded", answers={"upheld": given})

    answers = accepted(outcome, step(outcomes="recorded", sets="upheld=true|false"))

    assert answers == {"outcome": "recorded", "upheld": taken}
