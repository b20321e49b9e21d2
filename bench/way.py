"""The way a case of the bench goes: a project of 花溪 through all stages, every office taking part, with returns.

Where the diagram asks and this page is silent, the first answer the diagram names is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.clock import shanghai
from engine.process import Element, QuestionKind
from tests.factories_forms import NAME, YEAR

JURISDICTION = "huaxi"
FISCAL_YEAR = YEAR
PROJECT = NAME
AMOUNT_WAN = "180"
FACTS = {"project_nature": "new", "spending_frequency": "one_off", "project_category": "development"}
BEGUN = shanghai(YEAR - 1, 9, 1)

MESSAGES: dict[str, dict[str, Any]] = {
    "monitoring.launched": {},
    "self_evaluation.launched": {},
    "spot_review.drawn": {"sampled": True},
    "key_evaluation.planned": {"selected": True, "organizer": "finance"},
    "result_use.launched": {},
}
"""What finance sets in motion, with the variables it brings."""

DAYS: dict[str, datetime] = {
    "monitoring.launched": shanghai(YEAR, 8, 2),
    "self_evaluation.launched": shanghai(YEAR + 1, 2, 10),
    "spot_review.drawn": shanghai(YEAR + 1, 4, 6),
    "key_evaluation.planned": shanghai(YEAR + 1, 4, 20),
    "result_use.launched": shanghai(YEAR + 1, 11, 10),
}
"""When it does so; everything up to the next motion happens on that day, so nothing falls due on the way."""

REASON = "示例：依据不够具体，请补充数据来源和测算过程后再报。"


@dataclass(frozen=True)
class Way:
    """How a life goes.

    `returned`: how often a step sends back before it lets through; `answers`: what is not answered by the first choice;
    `items`: how many problems are to be put right where no letter says so (the process alone).
    """

    returned: Mapping[str, int] = field(
        default_factory=lambda: {
            "confirm_target": 1,
            "check_target": 1,
            "review_target": 1,
            "check_monitoring": 1,
            "check_self_evaluation": 1,
            "accept_evaluation": 1,
            "verify_rectification": 1,
        }
    )
    answers: Mapping[str, str] = field(default_factory=lambda: {"publication": "congress"})
    items: int = 2

    def word(self, element: Element, round_: int) -> str:
        """How a step ends the `round_`-th time it is done."""
        back = [word for word in element.step.outcomes if word in ("returned", "revise")]
        return back[0] if back and round_ <= self.returned.get(element.id, 0) else element.step.normal_outcome

    def answers_to(self, element: Element, word: str) -> dict[str, Any]:
        """The answers the step asks for (`sets`), none when it sends back; amounts stay as they were asked for."""
        if word in ("returned", "revise"):
            return {}
        given: dict[str, Any] = {}
        for question in element.step.asks:
            if question.kind is QuestionKind.AMOUNT:
                continue
            given[question.variable] = self.answers.get(question.variable) or [*question.choices, "0"][0]
        return given


STRAIGHT = Way(returned={})
"""Nobody returns anything."""
