"""What a step takes of a person's outcome, and the routing variables it makes of it."""

import re
from typing import Any

import pytest

from engine.moves.outcome import Outcome, OutcomeRefused, accepted
from engine.process import Element


def step(**properties: str) -> Element:
    return Element("example", "target_filing", "示例阶段", None, "userTask", properties)


@pytest.mark.parametrize(("given", "taken"), [(True, True), (False, False), ("true", True), ("false", False)])
def test_yes_and_no_are_taken_as_a_truth_or_as_its_word(given: Any, taken: bool) -> None:
    outcome = Outcome("recorded", answers={"upheld": given})

    answers = accepted(outcome, step(outcomes="recorded", sets="upheld=true|false"))

    assert answers == {"outcome": "recorded", "upheld": taken}


@pytest.mark.parametrize("answers", [{}, {"objection": "perhaps"}, {"objection": "none", "grade": "excellent"}])
def test_what_is_lacking_or_wrong_is_said_in_the_words_of_the_page(answers: dict[str, str]) -> None:
    asking = step(outcomes="recorded", sets="objection=none|raised")

    with pytest.raises(OutcomeRefused) as refused:
        accepted(Outcome("recorded", answers=answers), asking)

    assert not re.search("[a-z_]{4,}", refused.value.message), refused.value.message
    assert re.search("对反馈意见有无异议|评价等级", refused.value.message)
