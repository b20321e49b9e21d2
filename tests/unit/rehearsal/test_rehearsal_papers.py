"""Every form of a rehearsal passes its checks, in every jurisdiction, and carries the scores it is given."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.evaluation import spread_by_weight
from engine.rehearsal.plan import dice
from engine.scoring import method_set_for, score
from engine.submissions.forms.scored import self_evaluation_sheet
from engine.words import CaseKind
from tests.unit.rehearsal.desks import desk_of, filled, proposed, subject_of

JURISDICTIONS = ("conghua", "guangzhou", "haicang", "huaxi", "jianghan")
YEARS = (2021, 2023)
SCORES = st.decimals(min_value=0, max_value=100, places=2)

everywhere = pytest.mark.parametrize("jurisdiction", JURISDICTIONS)
each_year = pytest.mark.parametrize("fiscal_year", YEARS)


def stops(taken: Any) -> list[str]:
    return [finding.message for finding in taken.findings if finding.stops]


def target_of(desk: Desk) -> dict[str, Any]:
    whole = desk.subject.kind is CaseKind.WHOLE_DEPARTMENT
    return filled("F04" if whole else "F02", desk).content


@everywhere
@each_year
@pytest.mark.parametrize("kind", [CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT])
def test_targets_monitoring_and_self_evaluations_can_be_handed_in(
    jurisdiction: str, fiscal_year: int, kind: CaseKind
) -> None:
    desk = desk_of(subject_of(kind, fiscal_year=fiscal_year), jurisdiction)
    target = filled("F04" if kind is CaseKind.WHOLE_DEPARTMENT else "F02", desk)
    papers = {"target": target.content, "target_version": 1}

    monitoring = filled("F05", desk, **papers)
    evaluated = filled("F07" if kind is CaseKind.WHOLE_DEPARTMENT else "F06", desk, **papers)

    assert stops(target) == stops(monitoring) == stops(evaluated) == []
    assert evaluated.content["total_score"] == "97.50"


@everywhere
@each_year
def test_reviews_and_evaluations_can_be_handed_in(jurisdiction: str, fiscal_year: int) -> None:
    desk = desk_of(subject_of(fiscal_year=fiscal_year), jurisdiction)
    target = target_of(desk)
    evaluated = filled("F06", desk, target=target, target_version=1).content

    review = filled("F03", desk_of(desk.subject, jurisdiction, element="review_target"), target=target)
    spot_review = filled("F08", desk, self_evaluation=evaluated)
    report = filled("F09", desk)

    assert stops(review) == stops(spot_review) == stops(report) == []
    assert Decimal(spot_review.content["total_score"]) < Decimal(evaluated["total_score"])
    assert report.content["total_score"] == "88.30"


@everywhere
@pytest.mark.parametrize("kind", [CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT])
@pytest.mark.parametrize("third_party", ["0", "59.99", "69.99", "79.99", "80", "99.99"])
def test_letters_ledgers_and_results_can_be_handed_in_for_any_score(
    jurisdiction: str, kind: CaseKind, third_party: str
) -> None:
    desk = desk_of(subject_of(kind, third_party=third_party), jurisdiction)
    report = filled("F09", desk).content
    letter = filled("F10", desk, evaluation=report)
    item = letter.content["problems"][0]["id"]

    plan = filled("F11", desk_of(desk.subject, jurisdiction, element="plan_rectification", item=item),
                  letter=letter.content, item=item)  # fmt: skip
    done = filled("F11", desk, letter=letter.content)
    application = filled("F12", desk, evaluation=report, proposals=proposed(desk, report))
    appraisal = filled("F13", desk, evaluation=report)

    assert stops(letter) == stops(plan) == stops(done) == stops(application) == stops(appraisal) == []
    assert letter.content["total_score"] == report["total_score"]


@everywhere
@pytest.mark.parametrize("kind", [CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT])
def test_a_report_without_a_fault_names_no_problem_and_its_letter_demands_nothing(
    jurisdiction: str, kind: CaseKind
) -> None:
    desk = desk_of(subject_of(kind, third_party="100"), jurisdiction)
    report = filled("F09", desk)
    letter = filled("F10", desk, evaluation=report.content)
    application = filled("F12", desk, evaluation=report.content, proposals=proposed(desk, report.content))

    assert stops(report) == stops(letter) == stops(application) == []
    assert (letter.content.get("problems"), letter.content["demands"]) == (None, False)


@everywhere
@pytest.mark.parametrize("kind", ["key_evaluation_report", "whole_department_report"])
def test_what_is_made_public_names_every_step_before_it(jurisdiction: str, kind: str) -> None:
    desk = desk_of(subject_of(), jurisdiction)
    desk.memory.said["document_kind"] = kind

    assert stops(filled("F14", desk)) == []


@everywhere
def test_ex_ante_reports_and_expiring_policies_can_be_handed_in(jurisdiction: str) -> None:
    policy = subject_of(CaseKind.POLICY)
    desk = desk_of(policy, jurisdiction, element="conclude_policy")
    desk.memory.said["policy_conclusion"] = "revise"

    assert stops(filled("F01", desk_of(subject_of(), jurisdiction))) == []
    assert stops(filled("F01", desk_of(policy, jurisdiction))) == []
    assert stops(filled("F15", desk)) == []


@everywhere
def test_where_only_a_spot_review_was_made_the_letter_can_be_sent(jurisdiction: str) -> None:
    desk = desk_of(subject_of(), jurisdiction)
    evaluated = filled("F06", desk, target=target_of(desk), target_version=1).content
    review = filled("F08", desk, self_evaluation=evaluated).content

    letter = filled("F10", desk, evaluation=review)

    assert [message for message in stops(letter) if "附件" in message] == []


@everywhere
def test_stopped_money_has_a_list_though_nothing_was_evaluated(jurisdiction: str) -> None:
    desk = desk_of(subject_of(), jurisdiction)

    assert stops(filled("F12", desk, proposals=proposed(desk, mode="cancel"))) == []


def test_a_policy_that_ends_is_followed_by_no_other() -> None:
    desk = desk_of(subject_of(CaseKind.POLICY), element="conclude_policy")
    desk.memory.said["policy_conclusion"] = "terminate"

    concluded = filled("F15", desk)

    assert stops(concluded) == []
    assert "new_policy" not in concluded.content


def test_an_adjusted_target_is_declared_at_the_new_amount() -> None:
    for kind in (CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT):
        desk = desk_of(subject_of(kind))
        amounts = {"amount_wan": Decimal("99.123456"), "amount_before_wan": Decimal("120.5"), "budget_adjusted": True}

        again = filled("F04" if kind is CaseKind.WHOLE_DEPARTMENT else "F02", desk, target=target_of(desk), **amounts)

        assert stops(again) == []
        assert again.content["revision"]["amount_after_wan"] == "99.123456"


@settings(max_examples=60, deadline=None)
@given(wanted=SCORES, fiscal_year=st.sampled_from(YEARS), amount=st.sampled_from(["0", "0.000001", "10.5", "98.86676"]))
def test_the_scoring_method_gives_any_self_score_wanted(wanted: Decimal, fiscal_year: int, amount: str) -> None:
    subject = subject_of(self_scores=(str(wanted),), fiscal_year=fiscal_year, amount=amount)
    desk = desk_of(subject)

    taken = filled("F06", desk, target=target_of(desk), target_version=1)

    assert stops(taken) == []
    assert score(self_evaluation_sheet(taken.content), method_set_for("huaxi", fiscal_year)).total == wanted


def test_several_fund_lines_carry_a_self_score_each_and_the_project_their_mean() -> None:
    desk = desk_of(subject_of(self_scores=("100", "99.99", "66.67")))

    taken = filled("F06", desk, target=target_of(desk), target_version=1)

    assert stops(taken) == []
    assert [line["self_score"] for line in taken.content["fund_lines"]] == ["100", "99.99", "66.67"]
    assert taken.content["total_score"] == "88.89"


@settings(max_examples=100, deadline=None)
@given(wanted=SCORES, kind=st.sampled_from([CaseKind.PROJECT, CaseKind.WHOLE_DEPARTMENT]))
def test_the_rows_of_an_evaluation_sum_to_any_third_party_score(wanted: Decimal, kind: CaseKind) -> None:
    taken = filled("F09", desk_of(subject_of(kind, third_party=str(wanted))))

    assert stops(taken) == []
    assert Decimal(taken.content["total_score"]) == wanted


@settings(max_examples=200, deadline=None)
@given(lost=SCORES, seed=st.integers())
def test_deductions_sum_to_what_is_lost_and_never_exceed_a_row(lost: Decimal, seed: int) -> None:
    weights = [Decimal(weight) for weight in (3, 5, 8, 14, 20, 50)]

    shares = spread_by_weight(lost, weights, dice(seed, "test"))

    assert sum(shares) == lost
    assert all(0 <= share <= weight for share, weight in zip(shares, weights, strict=True))
