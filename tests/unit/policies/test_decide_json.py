"""One decision at the door: decimal text out, every input a person forgot named."""

import json
from datetime import date

import pytest

from engine.errors import EngineError
from engine.policies import decide_json


def test_the_document_has_the_agreed_shape(policies):
    document = decide_json(policies, "conghua", "quota_cut", {"whole_department_score": "69.99"})

    assert json.loads(json.dumps(document)) == document
    assert document["outputs"] == {"rate": "0.05", "base": "public_expense_quota"}
    assert {key: document[key] for key in ("decision", "jurisdiction", "undefined", "row", "status")} == {
        "decision": "quota_cut",
        "jurisdiction": "conghua",
        "undefined": False,
        "row": "conghua_quota_cut_below_70",
        "status": "stated",
    }
    assert document["source"].startswith("CH-21")
    assert (document["title"], document["layer"]) == ("公用经费定额扣减", "conghua")
    assert document["table"] == "policies/conghua/quota_cut.dmn"


def test_nothing_laid_down_is_undefined_with_empty_outputs(policies):
    document = decide_json(policies, "huaxi", "grade", {"score": "79.99", "object_kind": "project"})

    assert document["undefined"] is True
    assert document["outputs"] == {"grade": None}
    assert (document["row"], document["source"], document["status"]) == (None, None, None)


@pytest.mark.parametrize(
    ("amount", "required"), [(999.99, False), (999.99999, False), (1000, True), (1000.0, True), ("1000", True)]
)
def test_json_numbers_mean_the_decimals_they_were_written_as(policies, amount, required):
    inputs = {"object_kind": "project", "project_nature": "new", "spending_frequency": "recurrent"}

    document = decide_json(policies, "guangzhou", "ex_ante_required", inputs | {"amount_wan": amount})

    assert document["outputs"] == {"required": required}


def test_an_input_the_table_asks_for_must_be_named(policies):
    with pytest.raises(EngineError) as refused:
        decide_json(policies, "guangzhou", "ex_ante_required", {"object_kind": "project", "amount_wan": 1000})

    assert refused.value.facts["missing"] == ["project_nature", "spending_frequency"]
    assert "project_nature（项目性质）" in refused.value.message


def test_an_input_compared_with_another_must_be_named_too(policies):
    with pytest.raises(EngineError) as refused:
        decide_json(policies, "haicang", "supplement_allowed", {"execution_rate": "0.5"})

    assert refused.value.facts["missing"] == ["time_progress"]


def test_null_says_that_it_is_not_known(policies):
    inputs = {"object_kind": "project", "project_nature": "new", "spending_frequency": None, "amount_wan": 2000}

    assert decide_json(policies, "guangzhou", "ex_ante_required", inputs)["undefined"]


def test_an_input_no_row_asks_for_and_an_empty_list_need_not_be_named(policies):
    assert decide_json(policies, "conghua", "grade", {"score": "70"})["outputs"] == {"grade": "中"}
    assert decide_json(policies, "huaxi", "key_evaluation_candidate", {"amount_wan": "50", "object_kind": "project"})[
        "outputs"
    ] == {"candidate": True, "weight": "1"}


def test_the_day_decides_which_rows_are_in_force(policies):
    inputs = {"whole_department_score": "69.99"}

    assert decide_json(policies, "conghua", "quota_cut", inputs, date(2021, 6, 30))["undefined"]
    assert not decide_json(policies, "conghua", "quota_cut", inputs, date(2021, 10, 1))["undefined"]


@pytest.mark.parametrize(
    ("jurisdiction", "decision", "inputs", "code"),
    [
        ("tianhe", "grade", {"score": 90}, "policy.unknown_jurisdiction"),
        ("huaxi", "grading", {"score": 90}, "policy.unknown_decision"),
        ("huaxi", "grade", {"points": 90}, "policy.input_refused"),
        ("huaxi", "grade", {"score": float("nan"), "object_kind": "project"}, "policy.input_refused"),
        ("huaxi", "grade", {"score": float("inf"), "object_kind": "project"}, "policy.input_refused"),
        ("huaxi", "grade", {"score": {"a": 1}, "object_kind": "project"}, "policy.input_refused"),
        ("huaxi", "grade", {"score": 90, "object_kind": "项目"}, "policy.input_refused"),
    ],
)
def test_refusals_are_chinese_sentences_with_a_code(policies, jurisdiction, decision, inputs, code):
    with pytest.raises(EngineError) as refused:
        decide_json(policies, jurisdiction, decision, inputs)

    assert refused.value.code == code
    assert refused.value.message.endswith("。")
