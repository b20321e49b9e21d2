"""F12 to F16: what a result does to money, what agencies are paid, what is published, continued, appraised."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from engine.submissions.forms import FORMS, blank, check, facts, prefill, settle
from engine.submissions.forms.agency_appraisal import bands_of
from engine.submissions.forms.carried import carried_over
from engine.submissions.forms.context import Proposal
from engine.words import EffectKind, Occasion, RowStatus
from tests.factories_forms import UNIT, Said, context_for, default, examine, one_at, stated, valid_content


def effect(row_id: str, name: str, **cells: Any) -> dict[str, Any]:
    row = {"id": row_id, "occasion": "next_budget", "budget_year": 2023, "rule": "示例规则", "rule_version": "示例 v1"}
    return row | {"effect": name} | cells


QUOTA = effect("a1", "proportional_cut", applied=True, base_wan="120.00", rate="5", approved_wan="114.00")


def test_five_percent_of_the_quota_of_120_leaves_114() -> None:
    settled = settle(FORMS["F12"], valid_content("F12", effects=[QUOTA]), context_for("F12"))

    assert (settled["effects"][0]["reduction_wan"], settled["effects"][0]["reduction_rate"]) == ("6.00", "5.00")
    assert not [finding for finding in examine("F12", {"effects": [QUOTA]}) if finding.stops]


def test_a_proportional_cut_shows_its_working_when_it_is_wrong() -> None:
    finding = one_at("effects[a1].approved_wan", examine("F12", {"effects": [QUOTA | {"approved_wan": "115"}]}))

    assert "120.00 × 5% = 6，核定额应为 114.00，填的是 115" in finding.message


@pytest.mark.parametrize(
    ("requested", "approved", "cut", "rate"),
    [("3327.92", "2000", "1327.92", "39.90"), ("143", "85", "58", "40.56")],
    ids=["HC-20", "HC-21"],
)
def test_the_cuts_of_haicang_come_out(requested: str, approved: str, cut: str, rate: str) -> None:
    row = effect("a1", "cut", applied=True, requested_wan=requested, approved_wan=approved)

    settled = settle(FORMS["F12"], valid_content("F12", effects=[row]), context_for("F12"))["effects"][0]

    assert (settled["reduction_wan"], settled["reduction_rate"]) == (cut, rate)


def test_only_a_final_evaluation_reaches_the_list() -> None:
    assert "没有定稿的评价结果" in one_at("total_score", examine("F12", evaluation=None)).message


@pytest.mark.parametrize(("path", "value"), [("total_score", "88"), ("grade", "优"), ("fiscal_year", 2020)])
def test_the_list_says_what_the_evaluation_says(path: str, value: object) -> None:
    assert one_at(path, examine("F12", {path: value})).severity == "error"


def test_departing_from_a_rule_in_principle_needs_a_reason_and_an_approver() -> None:
    answers = {"budget_linkage": stated(mode="cut")}

    refused = examine("F12", answers=answers)
    excepted = examine(
        "F12",
        {"effects[a1].exception_reason": "示例：在建工程不宜中断", "effects[a1].approved_by": "示例局领导"},
        answers,
    )

    assert {finding.field for finding in refused if finding.stops} == {
        "effects[a1].exception_reason",
        "effects[a1].approved_by",
    }
    assert not [finding for finding in excepted if finding.stops]


def test_a_list_begins_with_the_version_of_the_rules_it_settles_by() -> None:
    proposal = Proposal("e1", EffectKind.CUT, 2023, "示例依据", RowStatus.STATED)
    context = context_for("F12", proposals=(proposal,), rules_of=date(2026, 11, 21))

    (row,) = prefill(FORMS["F12"], context)["effects"]

    assert row["rule_version"] == "2026-11-21 版"


def test_what_the_same_row_lays_down_beside_its_mode_is_no_exception() -> None:
    also = {"budget_linkage": stated(mode="cut", also=("cancel",))}
    cancel = effect("a1", "cancel", applied=True, requested_wan="100", approved_wan="0")
    proposal = Proposal("e1", EffectKind.CUT, 2023, "示例依据", RowStatus.STATED)

    unnamed = examine("F12", {"effects": [cancel]}, also)
    named = examine("F12", {"effects": [cancel | {"settles": "e1"}]}, also, proposals=(proposal,))
    elsewhere = examine("F12", {"effects": [cancel]}, {"budget_linkage": stated(mode="cut")})

    assert not [finding for finding in (*unnamed, *named) if finding.stops]
    assert len([finding for finding in elsewhere if finding.stops]) == 2


@pytest.mark.parametrize(
    ("base", "quota", "said"),
    [
        ("800.12345", None, "扣减的基数是在职人员公用经费综合定额"),
        ("100", "120", "案卷里的在职人员公用经费综合定额为 120"),
        ("", None, "按比例扣减须写明基数（在职人员公用经费综合定额）"),
    ],
)
def test_the_base_of_a_quota_cut_is_the_quota_and_not_the_budget(base: str, quota: str | None, said: str) -> None:
    known = None if quota is None else Decimal(quota)

    found = examine(
        "F12",
        {"effects": [QUOTA | {"base_wan": base}]},
        amount_wan=Decimal("800.12345"),
        public_expense_quota_wan=known,
    )
    right = examine("F12", {"effects": [QUOTA]}, amount_wan=Decimal(800), public_expense_quota_wan=Decimal("120.00"))

    assert [finding.severity for finding in found if said in finding.message] == ["error"]
    assert not [finding for finding in right if finding.stops]


def test_departing_from_an_unsigned_rule_only_asks_for_a_sentence() -> None:
    findings = examine("F12", answers={"budget_linkage": default(mode="cut")})

    assert {finding.severity for finding in findings if finding.stops} == {"explain"}


def test_a_poor_department_score_cuts_the_quota_by_the_rate_of_the_table() -> None:
    asked: list[Decimal] = []

    def quota(inputs: dict[str, Any]) -> Said:
        asked.append(inputs["whole_department_score"])
        return stated(rate=Decimal("0.05"), base="public_expense_quota")

    context: dict[str, Any] = {
        "object_kind": "whole_department",
        "object_name": UNIT,
        "evaluation": {"total_score": "68.5", "grade": "低"},
    }
    changes: dict[str, Any] = {"object_name": UNIT, "total_score": "68.5", "grade": "低"}

    left_out = examine("F12", changes, {"quota_cut": quota}, **context)
    applied = examine("F12", changes | {"effects": [QUOTA]}, {"quota_cut": quota}, **context)

    assert "应按 5.00% 扣减公用经费定额" in one_at("effects[a1].exception_reason", left_out).message
    assert not [finding for finding in applied if finding.stops]
    assert asked == [Decimal("68.5"), Decimal("68.5")]


CUT = Proposal("e1", EffectKind.CUT, 2023, "示例依据", RowStatus.STATED, occasion=Occasion.NEXT_BUDGET)
STOP = Proposal("e2", EffectKind.STOP_PAYMENT, 2022, "示例整改依据", RowStatus.STATED, occasion=Occasion.IN_YEAR)


def settled_rows(*rows: dict[str, Any], proposals: tuple[Proposal, ...] = (CUT,)) -> dict[str, Any]:
    """Row → what it makes of the proposal it names."""
    context = context_for("F12", proposals=proposals)
    settled = settle(FORMS["F12"], valid_content("F12", effects=[*rows]), context)["effects"]
    return {row["id"]: row.get("standing") for row in settled}


def test_a_row_carries_out_lists_or_waives_the_proposal_it_names_and_says_which() -> None:
    amounts = {"requested_wan": "100", "approved_wan": "80"}
    done = effect("a1", "cut", settles="e1", applied=True, **amounts)
    stricter = effect("a2", "cancel", applied=True, requested_wan="100", approved_wan="0")
    beside = done | {"applied": False}
    otherwise = effect("a1", "normal", settles="e1", applied=True)
    left = beside | {"exception_reason": "示例：在建", "approved_by": "示例局领导"}

    assert settled_rows(done) == {"a1": "applied"}
    assert settled_rows(beside, stricter) == {"a1": "listed", "a2": None}
    assert settled_rows(beside) == {"a1": "waived"}
    assert settled_rows(left, stricter) == {"a1": "waived", "a2": None}
    assert settled_rows(otherwise) == {"a1": "waived"}
    assert settled_rows(effect("a1", "cut", applied=True, **amounts)) == {"a1": None}


def test_a_proposal_is_waived_only_with_a_reason_and_whoever_approved_it() -> None:
    otherwise = {"effects": [effect("a1", "normal", settles="e1", applied=True)]}
    reasoned = {"effects": [{**otherwise["effects"][0], "exception_reason": "示例：在建", "approved_by": "示例局领导"}]}

    refused = examine("F12", otherwise, proposals=(CUT,))

    assert {finding.field for finding in refused if finding.stops} == {
        "effects[a1].exception_reason", "effects[a1].approved_by",
    }  # fmt: skip
    assert "示例依据" in {finding.source for finding in refused if finding.stops}
    assert not [finding for finding in examine("F12", reasoned, proposals=(CUT,)) if finding.stops]


def test_what_another_rule_proposes_is_carried_out_without_an_exception_from_the_grade() -> None:
    row = effect("a1", "stop_payment", settles="e2", applied=True, requested_wan="100", approved_wan="0")
    normal = {"budget_linkage": stated(mode="normal")}

    named = examine("F12", {"effects": [row]}, normal, proposals=(CUT, STOP))
    unnamed = examine("F12", {"effects": [row | {"settles": ""}]}, normal, proposals=(CUT, STOP))

    assert not [finding for finding in named if finding.stops]
    assert [finding.field for finding in unnamed if finding.stops]


def test_a_proposal_that_no_row_names_is_told_and_stays_open() -> None:
    finding = one_at("proposals[e1]", examine("F12", proposals=(CUT,)))

    assert (finding.severity, finding.stops) == ("hint", False)
    assert finding.message == "建议“2023年预算（下年编制）：调减”没有列入，报送后仍为待审定。"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([effect("a1", "cut", settles="e7", applied=True)], "没有“e7”这条建议"),
        (
            [effect("a1", "cut", settles="e1", applied=True), effect("a2", "cut", settles="e1", applied=True)],
            "已由另一行审定",
        ),
    ],
)
def test_a_row_names_a_proposal_there_is_and_no_two_rows_the_same(rows: list[dict[str, Any]], said: str) -> None:
    found = examine("F12", {"effects": rows}, proposals=(CUT,))

    assert [finding.severity for finding in found if said in finding.message] == ["error"]


def test_the_proposals_come_with_the_form_and_cannot_be_changed_in_it() -> None:
    context = context_for("F12", proposals=(CUT,))

    begun = prefill(FORMS["F12"], context)
    other = valid_content("F12") | {"proposals": [{**begun["proposals"][0], "text": "示例：优先保障"}]}
    refused, *_ = (finding for finding in check(FORMS["F12"], other, context) if finding.field == "proposals[e1]")

    assert begun["proposals"] == [{"id": "e1", "text": "2023年预算（下年编制）：调减", "rule": "示例依据（原文）"}]
    assert [(row["settles"], row["effect"], "applied" in row) for row in begun["effects"]] == [("e1", "cut", False)]
    assert "不能改动" in refused.message
    carried = carried_over(FORMS["F12"], context)
    assert carried is not None
    assert carried.holds("e1", "note")
    assert carried_over(FORMS["F12"], context_for("F12")) is None


def test_of_several_rules_the_strictest_applies_and_all_are_listed() -> None:
    mild = effect("a1", "control", applied=True)
    strict = effect("a2", "cut", applied=False, requested_wan="100", approved_wan="80")

    finding = one_at("effects[a2].applied", examine("F12", {"effects": [mild, strict]}))

    assert finding.severity == "explain"
    assert "比所执行的更严" in finding.message


def test_one_rule_of_each_budget_is_carried_out() -> None:
    assert one_at("effects[a1].applied", examine("F12", {"effects[a1].applied": False})).severity == "error"


def test_no_more_is_approved_than_was_asked() -> None:
    row = effect("a1", "cut", applied=True, requested_wan="100", approved_wan="101")

    assert one_at("effects[a1].approved_wan", examine("F12", {"effects": [row]})).severity == "error"


def test_the_agency_is_paid_contract_times_rate_less_penalty() -> None:
    content = valid_content("F13", payment_rate="95", penalty_wan="0.4")

    assert settle(FORMS["F13"], content, context_for("F13"))["payable_wan"] == "11.0"


@pytest.mark.parametrize(("marks", "rate"), [("14", "95"), ("8", "80")])
def test_a_payment_the_score_does_not_suggest_asks_for_a_sentence(marks: str, rate: str) -> None:
    changes = {"items[report].score": marks, "items[evidence].score": marks}

    finding = one_at("payment_rate", examine("F13", changes))

    assert finding.severity == "explain"
    assert f"默认付费比例 {rate}%" in finding.message


@pytest.mark.parametrize(
    ("score", "grade", "percent"),
    [
        ("94", "优", "100"),
        ("90", "优", "100"),
        ("89.99", "良", "95"),
        ("80", "良", "95"),
        ("79.99", "中", "80"),
        ("60", "中", "80"),
        ("59.99", "差", None),
        ("0", "差", None),
    ],
)
def test_each_band_of_an_agencys_score_begins_at_its_border(score: str, grade: str, percent: str | None) -> None:
    band = bands_of(context_for("F13")).of(Decimal(score))

    assert (band.grade, band.percent) == (grade, None if percent is None else Decimal(percent))


def test_a_failing_agency_is_not_paid_in_full() -> None:
    changes = {f"items[{item['id']}].score": "5" for item in valid_content("F13")["items"]}
    reasons = {f"items[{item['id']}].reason": "示例" for item in valid_content("F13")["items"]}

    findings = examine("F13", changes | reasons)

    assert "暂扣尾款" in one_at("payment_rate", findings).message
    assert one_at("blacklist_proposed", findings).severity == "hint"


def test_the_units_own_adviser_cannot_have_evaluated_it() -> None:
    findings = examine("F13", unit_advisers=frozenset({"示例评价机构"}))

    assert one_at("agency", findings).severity == "error"


def test_an_agency_loses_no_point_without_a_reason() -> None:
    assert one_at("items[plan].reason", examine("F13", {"items[plan].reason": None})).severity == "error"


def test_the_sheet_of_the_unit_sets_no_payment() -> None:
    findings = examine("F13", {"appraiser_kind": "unit", "payment_rate": None})

    assert not [finding for finding in findings if finding.stops]


def test_a_penalty_above_the_pay_is_refused() -> None:
    assert one_at("penalty_wan", examine("F13", {"penalty_wan": "13"})).severity == "error"


GATE = {"publication_gate": stated(steps=["congress", "publish"])}


def test_nothing_is_published_before_its_deliberation() -> None:
    too_early = examine("F14", {"items[k1].published_on": "2022-09-01"}, GATE)
    not_yet = examine("F14", {"items[k1].gate": []}, GATE)
    in_order = examine("F14", answers=GATE)

    assert "先于审议公开" in one_at("items[k1].gate", too_early).message
    assert "公开前还缺人大（常委会）审议" in one_at("items[k1].gate", not_yet).message
    assert not [finding for finding in in_order if finding.stops]


def test_steps_of_the_gate_follow_one_another() -> None:
    answers = {"publication_gate": stated(steps=["government", "congress", "publish"])}
    gate = [
        {"id": "s1", "step": "government", "done_on": "2022-10-01"},
        {"id": "s2", "step": "congress", "done_on": "2022-09-28"},
    ]

    assert "没有按先后" in one_at("items[k1].gate", examine("F14", {"items[k1].gate": gate}, answers)).message


@pytest.mark.parametrize(
    ("changes", "field", "severity"),
    [
        ({"items[k1].published_on": "2022-11-02"}, "items[k1].published_on", "explain"),
        ({"items[k1].url": None}, "items[k1].url", "error"),
        ({"items[k1].contents": ["报告"]}, "items[k1].contents", "explain"),
        ({"items[k1].regular": False}, "items[k1].regular", "explain"),
        ({"items[k2].exempt_reason": None}, "items[k2].exempt_reason", "error"),
    ],
    ids=["late", "no address", "incomplete", "irregular", "secret without a reason"],
)
def test_publication_is_timely_complete_and_regular(changes: dict[str, Any], field: str, severity: str) -> None:
    assert one_at(field, examine("F14", changes, GATE)).severity == severity


def test_what_should_be_public_by_now_is_missed() -> None:
    changes = {"items[k1].published_on": None, "items[k1].url": None}

    findings = examine("F14", changes, today=date(2022, 12, 1))

    assert "至今没有公开" in one_at("items[k1].published_on", findings).message


def test_reminders_come_180_and_90_days_before_the_end() -> None:
    settled = settle(FORMS["F15"], valid_content("F15"), context_for("F15"))

    assert (settled["first_reminder_on"], settled["second_reminder_on"]) == ("2021-01-22", "2021-04-22")


def test_an_ended_policy_gets_no_budget() -> None:
    assert one_at("budget_wan", examine("F15", {"conclusion": "terminate"})).severity == "explain"


def test_a_department_can_report_before_finance_concludes() -> None:
    changes = dict.fromkeys(("conclusion", "finance_opinion", "new_policy", "budget_year", "budget_wan"))

    assert not [finding for finding in examine("F15", changes) if finding.stops]


@pytest.mark.parametrize(("gone", "field"), [("conclusion", "conclusion"), ("finance_opinion", "finance_opinion")])
def test_conclusion_and_opinion_go_together(gone: str, field: str) -> None:
    assert one_at(field, [f for f in examine("F15", {gone: None}) if f.severity == "error"]).source == "HC-19"


def test_an_evaluation_after_the_end_is_explained() -> None:
    assert one_at("evaluated_on", examine("F15", {"evaluated_on": "2021-08-01"})).severity == "explain"


def test_a_changed_policy_names_the_new_paper() -> None:
    assert one_at("new_policy", examine("F15", {"new_policy": None})).severity == "error"


def test_the_process_learns_whether_the_policy_goes_on() -> None:
    assert facts(FORMS["F15"], valid_content("F15"), context_for("F15")) == {"policy_conclusion": "revise"}


def test_the_matrix_has_five_areas_by_three_levels() -> None:
    assert len(blank(FORMS["F16"], context_for("F16"))["cells"]) == 15


def test_an_empty_cell_of_the_matrix_is_asked_for() -> None:
    cells = [cell | {"weight": "10", "score": "10"} for cell in valid_content("F16")["cells"][:10]]

    assert "还有 5 格没有指标" in one_at("cells", examine("F16", {"cells": cells})).message


def test_points_taken_off_rest_on_something() -> None:
    assert one_at("cells[c1_exists].basis", examine("F16", {"cells[c1_exists].score": "5"})).severity == "error"


def test_nobody_appraises_themselves() -> None:
    assert one_at("appraiser", examine("F16", {"appraiser": "示例主管部门"})).severity == "error"
