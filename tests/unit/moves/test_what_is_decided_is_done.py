"""No word of a table or diagram that says what becomes of money, target or case stays without an act (HC-09, CH-31)."""

from collections.abc import Iterator
from typing import Any

import pytest

from engine.moves.consequences import FOLLOWS
from engine.moves.disposing import ACTS
from engine.policies import Policies
from engine.stages import Library
from engine.submissions.forms.result_application import EFFECTS
from engine.words import DISPOSALS, Advice, Consequence, Disposal, EffectKind, Linkage

LEADS_TO = {
    Advice.CONTINUE: {Disposal.CONTINUE},
    Advice.CHECK_PAYMENT: {Disposal.CONTINUE, Disposal.CUT},
    Advice.CHECK_QUALITY: {Disposal.ADJUST, Disposal.SUSPEND},
    Advice.CUT_OR_SUSPEND: {Disposal.CUT, Disposal.SUSPEND, Disposal.CANDIDATE},
}
"""What the office decides where the two lights suggest so (F05 双监控矩阵)."""


def given_by(library: Library, decision: str, output: str) -> set[Any]:
    """Every word that any jurisdiction's table of that name can answer."""
    return set(_words(library.policies, decision, output)) - {None}


def _words(policies: Policies, decision: str, output: str) -> Iterator[Any]:
    for name in policies.names():
        for row in policies.of(name).table(decision).rows:
            yield row.results.get(output)


def offered(library: Library, process: str, element: str, variable: str) -> set[str]:
    """The answers that a step of a diagram takes."""
    (question,) = (q for q in library.diagrams.element(process, element).step.asks if q.variable == variable)
    return set(question.choices)


def test_every_disposal_the_office_can_decide_is_carried_out(library: Library) -> None:
    choices = offered(library, "monitoring", "decide_monitoring_disposal", "monitoring_disposal")

    assert choices == set(DISPOSALS) == set(ACTS)


def test_whatever_the_lights_suggest_can_be_decided_and_is_carried_out(library: Library) -> None:
    suggested = given_by(library, "monitoring_light", "advice")

    assert suggested == set(Advice)
    assert all(LEADS_TO[Advice(word)] <= set(ACTS) for word in suggested)


def test_every_consequence_of_a_missed_day_is_carried_out(library: Library) -> None:
    laid_down = given_by(library, "deadline", "consequence")

    assert {"suspend", "mark_overdue"} <= laid_down
    assert {Consequence(word) for word in laid_down} <= set(FOLLOWS)


def test_every_way_a_budget_is_tied_to_a_result_can_be_decided_and_listed(library: Library) -> None:
    laid_down = given_by(library, "budget_linkage", "mode")

    assert laid_down
    assert laid_down <= offered(library, "result_use", "decide_budget_linkage", "linkage") == set(Linkage)
    assert {EffectKind(mode) for mode in laid_down} <= set(EFFECTS)


@pytest.mark.parametrize("kind", [kind for kind in EffectKind if kind is not EffectKind.UNDEFINED])
def test_every_effect_can_be_listed_in_the_use_of_results(kind: EffectKind) -> None:
    assert kind in EFFECTS
