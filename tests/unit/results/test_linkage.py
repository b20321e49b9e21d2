"""What a result does to a budget, given what the tables answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal as D
from typing import Any

import pytest

from engine.errors import InvalidInput
from engine.results import (
    consequences,
    linkage_effect,
    propose,
    quota_effect,
)
from engine.results.linkage import lapse_effect
from engine.words import EffectKind


@dataclass(frozen=True)
class Answer:
    outputs: Mapping[str, Any] = field(default_factory=dict)
    source: str | None = "CH-21"
    status: str | None = "stated"

    @property
    def undefined(self) -> bool:
        return not self.outputs


class Conghua:
    """The answers of 从化 as of the 2022 budget: grade → mode (CH-20..23), score below 70 → 5 % (CH-21)."""

    modes = {"优": "guarantee", "良": "guarantee", "中": "strict", "低": "cut", "差": "cancel"}

    def __call__(self, decision: str, **inputs: Any) -> Answer:
        if decision == "quota_cut":
            low = inputs["whole_department_score"] < 70
            return Answer({"rate": D("0.05"), "base": "public_expense_quota"} if low else {"rate": D(0)})
        mode = self.modes.get(inputs["grade"])
        return Answer({"mode": mode, "override_needs_reason": mode in ("cut", "cancel")} if mode else {})


class Silent:
    """A jurisdiction that lays nothing down."""

    def __call__(self, decision: str, **inputs: Any) -> Answer:
        return Answer({}, None, None)


@pytest.mark.parametrize(
    ("grade", "kind", "label"),
    [("优", "guarantee", "优先保障"), ("中", "strict", "从严从紧（控制安排）"), ("差", "cancel", "撤销")],
)
def test_a_grade_has_the_effect_the_table_names(grade: str, kind: str, label: str) -> None:
    effect = linkage_effect(Conghua(), grade=grade, object_kind="project")

    assert (effect.kind, effect.label, effect.source, effect.status) == (kind, label, "CH-21", "stated")


def test_a_whole_department_at_68_5_loses_5_percent_of_its_quota() -> None:
    facts = {"grade": "低", "object_kind": "whole_department", "score": "68.5", "public_expense_quota_wan": "120.00"}

    linkage, quota = consequences(Conghua(), facts)

    assert linkage.kind == "cut"
    assert (quota.kind, quota.base, quota.rate) == ("quota_cut", "public_expense_quota", D("0.05"))
    assert (quota.base_wan, quota.cut_wan) == (D("120.00"), D("6.00"))
    assert quota.note == "部门整体得分 68.5，扣减 5.00%：120×5.00%＝6.00，核定 114.00 万元。"


def test_the_table_is_asked_with_the_grade_and_the_kind_of_object_as_far_as_they_are_known() -> None:
    asked = []

    def ask(decision: str, **inputs: Any) -> Answer:
        asked.append((decision, inputs))
        return Answer({"mode": "normal"})

    consequences(ask, {"grade": "良", "object_kind": "policy", "score": "85"})
    consequences(ask, {"grade": None, "object_kind": "policy"})

    assert asked == [
        ("budget_linkage", {"grade": "良", "object_kind": "policy"}),
        ("budget_linkage", {"object_kind": "policy"}),
    ]


def test_exactly_70_is_not_below_70() -> None:
    assert quota_effect(Conghua(), D(70), D(120)) is None


def test_without_the_quota_the_rate_is_proposed_and_the_amount_left_open() -> None:
    effect = quota_effect(Conghua(), D("68.5"))

    assert effect is not None
    assert (effect.rate, effect.cut_wan) == (D("0.05"), None)


def test_the_score_of_a_project_never_touches_a_quota() -> None:
    effects = consequences(Conghua(), {"grade": "低", "object_kind": "project", "score": "60"})

    assert [effect.kind for effect in effects] == ["cut"]


def test_what_is_not_laid_down_is_said_and_not_guessed() -> None:
    effects = consequences(Silent(), {"grade": "优", "object_kind": "whole_department", "score": "60"})

    assert [effect.kind for effect in effects] == ["undefined", "undefined"]
    assert [effect.label for effect in effects] == ["本区未规定", "本区未规定"]


def test_proposals_are_rows_of_result_effects() -> None:
    (row,) = propose(Conghua(), {"grade": "中", "object_kind": "project"})

    assert row == {
        "effect": "strict", "rate": None, "base_wan": None, "cut_wan": None, "note": None, "source": "CH-21",
        "status": "stated", "state": "proposed", "settled_as": None, "decided_by": None, "decided_at": None,
        "exception_reason": None, "approved_by": None,
    }  # fmt: skip


def test_where_the_tables_are_silent_the_persons_verdicts_are_proposed():
    facts = {"object_kind": "whole_department", "score": "68.5", "mode": "strict", "quota_cut_rate": "0.05"}

    linkage, quota = propose(Silent(), facts)

    assert (linkage["effect"], linkage["source"]) == ("strict", "本区未规定")
    assert (quota["effect"], quota["rate"], quota["source"]) == ("quota_cut", D("0.05"), "本区未规定")


def test_a_verdict_of_no_cut_is_one_of_its_own_and_contradicts_no_other():
    _, quota = propose(Silent(), {"object_kind": "whole_department", "score": "68.5", "quota_cut_rate": "0"})

    assert (quota["effect"], quota["rate"]) == ("no_cut", None)
    assert (EffectKind.NO_CUT.label, quota["source"]) == ("不扣减", "本区未规定")


def test_a_stop_of_payment_has_the_row_that_lays_it_down_and_else_the_person_who_proposes_it():
    laid_down = lapse_effect(lambda decision, **inputs: Answer({"mode": "stop_payment", "note": "示例"}, "HC-18"))
    beside = lapse_effect(lambda decision, **inputs: Answer({"mode": "cut", "also": ("stop_payment",)}, "HC-18"))
    by_a_person = lapse_effect(Silent())

    assert (laid_down.kind, laid_down.source, laid_down.status) == ("stop_payment", "HC-18", "stated")
    assert (beside.kind, beside.source) == ("stop_payment", "HC-18")
    assert (by_a_person.kind, by_a_person.source, by_a_person.status) == ("stop_payment", "本区未规定", "undefined")


def test_a_rate_written_as_a_percentage_is_refused_with_the_remedy():
    with pytest.raises(InvalidInput, match=r"0\.05"):
        propose(Silent(), {"object_kind": "whole_department", "score": "68.5", "quota_cut_rate": "5"})
