"""What stops a form and what a sentence lets pass (ux 2.3)."""

from decimal import Decimal

import pytest

from engine.findings import FormFinding
from engine.moves.filling import SubmissionIncomplete, refuse_incomplete
from engine.submissions.forms import FORMS, blank, check, facts, settle, take_in
from tests.factories_forms import (
    Said,
    context_for,
    default,
    examine,
    form_context,
    inferred,
    one_at,
    stated,
    valid_content,
)


@pytest.mark.parametrize("code", sorted(FORMS))
def test_a_valid_form_can_be_handed_in(code: str) -> None:
    assert [finding.message for finding in examine(code) if finding.stops] == []


@pytest.mark.parametrize("code", sorted(FORMS))
def test_an_empty_form_is_a_draft_that_misses_cells_and_says_why(code: str) -> None:
    findings = check(FORMS[code], {}, context_for(code))

    required = [finding for finding in findings if finding.status == "required"]
    assert required
    assert all(finding.severity == "error" and "请" in finding.message for finding in required)


@pytest.mark.parametrize(("many", "told"), [(1, "甲。"), (3, "甲。乙。丙。"), (4, "甲。乙。丙。（共4处）")])
def test_what_stops_a_form_is_told_for_the_first_three_places_and_counted_beyond(many: int, told: str) -> None:
    stops = [FormFinding("error", name, f"{name}。", "", "required") for name in "甲乙丙丁"[:many]]

    with pytest.raises(SubmissionIncomplete) as refusal:
        refuse_incomplete("F02", stops)

    assert refusal.value.message.endswith(f"还不能报送：{told}")
    assert [finding["field"] for finding in refusal.value.facts["findings"]] == list("甲乙丙丁"[:many])


def test_a_missing_cell_says_where_it_is_and_why_it_is_needed() -> None:
    finding = one_at("indicators[y3].data_source", examine("F02", {"indicators[y3].data_source": None}))

    assert finding.message == "“绩效指标”第 3 行“数据来源”未填。完成值要能核实，请补填。"


def test_zero_and_no_are_answers() -> None:
    findings = examine("F02", {"funds.mid_term.other_wan": "0", "indicators[y1].cumulative": False})

    assert not [finding for finding in findings if finding.stops]


def test_a_stated_rule_stops() -> None:
    answer = stated(acceptable=False, problems=["指标少于 8 条"])

    finding = one_at("indicators", examine("F02", answers={"target_quality": answer}))

    assert finding.severity == "error"
    assert finding.stops
    assert (finding.source, finding.status) == ("示例依据", "stated")


@pytest.mark.parametrize("answer", [default, inferred])
def test_a_rule_nobody_signed_only_asks_for_a_sentence(answer: object) -> None:
    assert callable(answer)
    quality = {"target_quality": answer(acceptable=False, problems=["指标少于 8 条"])}

    asked = one_at("indicators", examine("F02", answers=quality))
    explained = one_at(
        "indicators", examine("F02", {"explanations": {"indicators": "示例：项目小，指标少"}}, answers=quality)
    )

    assert (asked.severity, asked.stops) == ("explain", True)
    assert (explained.severity, explained.stops) == ("explain", False)
    assert explained.explanation == "示例：项目小，指标少"


def test_an_explanation_does_not_lift_an_error() -> None:
    changes = {"funds.annual.total_wan": "999", "explanations": {"funds.annual.total_wan": "示例：就是这样"}}

    assert any(finding.stops for finding in examine("F02", changes) if finding.field == "funds.annual.total_wan")


def test_what_is_not_laid_down_is_said_and_judges_nothing() -> None:
    finding = one_at("indicators", examine("F02", answers={"target_quality": Said()}))

    assert finding.severity == "undefined"
    assert not finding.stops
    assert "本区没有规定" in finding.message


def test_the_heaviest_findings_come_first() -> None:
    changes = {"funds.annual.total_wan": "999", "indicators[y5].direction": "≥", "indicators[y1].calculation": None}

    severities = [finding.severity for finding in examine("F02", changes)]

    order = ["error", "explain", "hint", "undefined"]
    assert severities == sorted(severities, key=order.index)
    assert set(severities) == set(order)


def test_explanations_stay_with_their_row_when_rows_are_moved() -> None:
    moved = list(reversed(valid_content("F02")["indicators"]))
    changes = {"explanations": {"indicators[y5].direction": "示例：合同约定保底"}, "indicators": moved}

    findings = examine("F02", changes | {"indicators[y5].direction": "≥"})

    assert one_at("indicators[y5].direction", findings).explanation == "示例：合同约定保底"


def test_a_computed_cell_left_empty_is_filled_in() -> None:
    settled = settle(FORMS["F06"], valid_content("F06"), context_for("F06"))

    assert settled["total_score"] == "92.66"
    assert settled["funds"]["execution_rate"] == "85.00"


def test_a_computed_cell_filled_in_wrongly_is_named_with_the_right_figure() -> None:
    changes = {"requested": {"total_wan": "90.63", "fiscal_wan": "90.63", "carry_over_wan": "0", "other_wan": "0"}}
    changes |= {"suggested_wan": "54.78", "requested_this_year_wan": "90.63", "reduction_rate": "39.55"}

    finding = one_at("reduction_rate", examine("F01", changes, amount_wan=None))

    assert "“核减率”填的是 39.55，按本表应为 39.56%" in finding.message


def test_a_computed_cell_written_with_more_decimals_is_right_if_it_rounds_the_same() -> None:
    assert not [f for f in examine("F06", {"funds.execution_rate": "85.0000"}) if f.field == "funds.execution_rate"]


def test_a_figure_too_large_for_its_cell_is_left_out_and_the_form_stays_readable() -> None:
    content = valid_content("F05", **{"funds.total": {"annual_budget_wan": "0.00000001"}})
    content["forecast_executed_wan"] = "999999999999"

    settled = settle(FORMS["F05"], content, context_for("F05"))

    assert "forecast_rate" not in settled
    assert FORMS["F05"].load(settled)


@pytest.mark.parametrize("code", sorted(FORMS))
def test_taking_a_form_in_says_the_same_as_the_single_steps(code: str) -> None:
    form, content, context = FORMS[code], valid_content(code), context_for(code)

    taken = take_in(form, content, context)

    assert taken.content == settle(form, content, context)
    assert taken.findings == check(form, content, context)
    assert taken.facts == facts(form, taken.content, context)


@pytest.mark.parametrize("code", sorted(FORMS))
def test_the_blank_form_can_be_read_and_settling_it_twice_changes_nothing(code: str) -> None:
    context = context_for(code)

    once = settle(FORMS[code], blank(FORMS[code], context), context)

    assert settle(FORMS[code], once, context) == once


def test_what_is_not_known_is_not_checked() -> None:
    context = form_context(object_name="", amount_wan=None)

    findings = check(FORMS["F02"], valid_content("F02", project_name="示例：另一个名字"), context)

    assert not [finding for finding in findings if finding.stops]


def test_an_input_that_is_not_known_is_not_sent_to_the_tables() -> None:
    asked: dict[str, object] = {}

    def lights(inputs: dict[str, object]) -> Said:
        asked.update(inputs)
        return Said()

    examine("F05", {"cutoff_month": None}, {"monitoring_light": lights})

    assert set(asked) == {"execution_rate", "achievement_rate"}
    assert asked["execution_rate"] == Decimal("0.611111")
