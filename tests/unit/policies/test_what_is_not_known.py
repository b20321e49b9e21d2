"""资料不全 and 本区未规定 are two things; and what is the same whatever is not known is answered."""

from datetime import date
from typing import Any

import pytest

from engine.policies import Policies, decide_json
from engine.policies.completing import agreed
from tests.unit.policies.tables import compiled, dmn
from web.answers import decision_words

A_PROJECT = {"object_kind": "project", "project_nature": "new", "spending_frequency": "recurrent", "amount_wan": "2000"}


def asked(policies: Policies, decision: str, **inputs: Any) -> tuple[bool, list[str], dict[str, Any]]:
    answer = decide_json(policies, "guangzhou", decision, inputs)
    return answer["undefined"], answer["missing"], answer["outputs"]


def test_what_depends_on_something_unknown_is_not_answered_and_names_it(policies: Policies) -> None:
    assert asked(policies, "ex_ante_required", **A_PROJECT | {"spending_frequency": None}) == (
        True,
        ["spending_frequency"],
        {"required": None},
    )


@pytest.mark.parametrize(
    ("unknown", "required"),
    [
        ({"spending_frequency": None, "amount_wan": "3000"}, True),
        ({"spending_frequency": None, "amount_wan": "999.99"}, False),
        ({"project_nature": "continuing", "spending_frequency": None, "amount_wan": None}, False),
    ],
)
def test_what_is_the_same_whatever_is_unknown_is_answered(
    policies: Policies, unknown: dict[str, Any], required: bool
) -> None:
    assert asked(policies, "ex_ante_required", **A_PROJECT | unknown) == (False, [], {"required": required})


def test_an_answer_that_rests_on_several_rows_names_them_all_and_is_as_firm_as_the_weakest(policies: Policies) -> None:
    known = {"object_kind": "project", "project_nature": "new", "amount_wan": 3000}

    answer = policies.of("guangzhou").decide("ex_ante_required", known)

    assert (answer.row or "").split("、") == [
        "guangzhou_ex_ante_required_new_recurrent_from_1000",
        "guangzhou_ex_ante_required_new_one_off_from_3000",
    ]
    assert answer.status == "stated"


def test_what_nothing_is_laid_down_about_stays_so_whatever_is_unknown(policies: Policies) -> None:
    known = {"object_kind": "whole_department", "project_nature": None, "spending_frequency": None, "amount_wan": None}

    assert asked(policies, "ex_ante_required", **known) == (True, [], {"required": None})


def test_a_first_row_is_not_stepped_over_because_something_is_unknown() -> None:
    rows = [((">= 70",), ("0", "")), (("-",), ("0.05", ""))]
    table = dmn("quota_cut", rows, hit_policy="FIRST")

    assert told(table, {}) == ([], ("whole_department_score",))


def test_between_two_unknown_numbers_every_order_is_tried() -> None:
    rows = [(("< time_progress", "-"), ("false", "")), ((">= time_progress", "-"), ("true", ""))]
    other = [(("< time_progress", "-"), ("true", "")), (("> time_progress", "-"), ("true", ""))]

    assert told(dmn("supplement_allowed", rows), {}) == ([], ("execution_rate", "time_progress"))
    assert told(dmn("supplement_allowed", other), {}) == ([], ("execution_rate", "time_progress"))


def test_a_row_that_asks_whether_something_is_known_answers_for_it() -> None:
    rows = [(("null",), ("0", "")), (("< 70",), ("0.05", ""))]

    assert told(dmn("quota_cut", rows), {}) == (["row_1"], ())


def test_an_unknown_list_is_tried_with_every_choice_of_its_words(policies: Policies) -> None:
    policy = policies.of("haicang")

    whole = policy.decide("key_evaluation_candidate", {"object_kind": "whole_department", "amount_wan": 9})
    project = policy.decide("key_evaluation_candidate", {"object_kind": "project", "amount_wan": 9})

    assert (whole.undefined, whole.missing) == (True, ())
    assert (project.undefined, project.missing) == (True, ("marks",))


def test_a_person_reads_which_of_the_two_it_is(policies: Policies) -> None:
    unknown = decide_json(policies, "guangzhou", "ex_ante_required", A_PROJECT | {"spending_frequency": None})
    nothing = decide_json(policies, "huaxi", "grade", {"score": "79", "object_kind": "project"})

    assert "资料不全：不知道支出频次" in decision_words(unknown)
    assert "本区未规定" not in decision_words(unknown)
    assert "本区未规定" in decision_words(nothing)


def told(content: bytes, values: dict[str, Any]) -> tuple[list[str], tuple[str, ...]]:
    table = compiled(content, content.split(b'decision id="')[1].split(b'"')[0].decode())
    rows, missing = agreed(table, table.read(values), date(2022, 10, 12))
    return [row.id for row in rows], missing
