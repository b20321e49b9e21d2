"""How the rows of a table speak: one alone, the first, or all together; and which inputs are refused."""

from contextlib import nullcontext
from datetime import date
from decimal import Decimal

import pytest

from engine.policies import DecisionInputRefused, UnsoundTables
from engine.policies.check import check_table
from engine.policies.kinds import Kind
from engine.policies.sfeel import compile_cell
from engine.policies.signatures import Column, Signature
from engine.policies.table import Row, Table
from tests.unit.policies.tables import NOTES, compiled, dmn

TODAY = date(2022, 10, 12)


def answer(table, inputs, on=TODAY):
    return table.answer(table.rows_for(table.read(inputs), on))


def test_unique_refuses_two_rows_at_once_instead_of_taking_the_first():
    table = compiled(dmn("quota_cut", [((">= 60",), ("0", "")), (("< 70",), ("0.05", ""))]), "quota_cut")

    assert answer(table, {"whole_department_score": 59}) == {"rate": Decimal("0.05"), "base": None}
    with pytest.raises(UnsoundTables, match="row_1、row_2"):
        answer(table, {"whole_department_score": 65})


def test_first_takes_the_first_row_that_matches():
    rows = [(("< 60",), ("0.1", "")), (("< 70",), ("0.05", "")), (("-",), ("0", ""))]
    table = compiled(dmn("quota_cut", rows, hit_policy="FIRST"), "quota_cut")

    assert [answer(table, {"whole_department_score": score})["rate"] for score in (59, 60, 70)] == [
        Decimal("0.1"),
        Decimal("0.05"),
        Decimal("0"),
    ]


def test_collect_joins_lists_and_needs_every_row_to_accept():
    rows = [(("-", "-", "-", "-"), ("true", "")), (("-", "< 4", "-", "-"), ("false", '"太少"'))]
    table = compiled(dmn("target_quality", rows, hit_policy="COLLECT"), "target_quality")

    assert answer(table, {"indicator_count": 3}) == {"acceptable": False, "problems": ["太少"]}
    assert answer(table, {"indicator_count": 4}) == {"acceptable": True, "problems": []}


def test_a_verdict_of_several_rows_is_as_firm_as_the_firmest_row_that_settles_it():
    rows = [
        (("-", "-", "-", "-"), ("true", "")),
        (("-", "< 4", "-", "-"), ("false", '"太少"')),
        (("-", "< 3", "-", "-"), ("false", '"太少"')),
    ]
    content = dmn("target_quality", rows, hit_policy="COLLECT").decode().split("stated 原文")
    table = compiled(
        "".join((content[0], "stated", content[1], "default", content[2], "inferred", content[3])).encode(),
        "target_quality",
    )

    def firmness(count):
        matched = table.rows_for(table.read({"indicator_count": count}), TODAY)
        return table.firmness(matched, table.answer(matched))

    assert [firmness(count) for count in (4, 3, 2)] == ["stated", "default", "inferred"]


@pytest.mark.parametrize(("length", "refused"), [(200, False), (201, True)])
def test_a_word_has_200_characters_at_the_most(policies, length, refused):
    inputs = {"stage": "target_filing", "step": "甲" * length}

    with pytest.raises(DecisionInputRefused, match="应为词") if refused else nullcontext():
        assert policies.of("huaxi").decide("deadline", inputs).undefined


def test_collect_takes_any_candidate_and_the_largest_weight():
    rows = [(("-", "-", '"livelihood"'), ("true", "1")), (("-", "-", '"major_impact"'), ("true", "2.5"))]
    table = compiled(dmn("spot_review_pool", rows, hit_policy="COLLECT"), "spot_review_pool")

    assert answer(table, {"marks": ["major_impact", "livelihood"]}) == {"candidate": True, "weight": Decimal("2.5")}


def test_collected_rows_that_contradict_one_another_are_refused():
    rows = [((">= 0", "-", "-"), ('"green"', "", "")), (("< 1", "-", "-"), ('"red"', "", ""))]
    table = compiled(dmn("monitoring_light", rows, hit_policy="COLLECT"), "monitoring_light")

    with pytest.raises(UnsoundTables, match="资金进度灯"):
        answer(table, {"execution_rate": "0.5"})


def test_a_row_is_asked_only_while_it_is_in_force():
    notes = NOTES | {"施行": "2021-07-01", "废止": "2022-12-31"}
    table = compiled(dmn("quota_cut", [(("< 70",), ("0.05", ""))], notes=notes), "quota_cut")

    assert [
        bool(table.rows_for(table.read({"whole_department_score": 60}), day))
        for day in (date(2021, 6, 30), date(2021, 7, 1), date(2022, 12, 31), date(2023, 1, 1))
    ] == [False, True, True, False]


def test_an_answer_can_be_changed_without_changing_the_table(policies):
    policy = policies.of("guangzhou")
    first = policy.decide("publication_gate", {"document_kind": "annual_report"})

    first.outputs["steps"].append("spoilt")

    assert policy.decide("publication_gate", {"document_kind": "annual_report"}).outputs["steps"] == [
        "congress",
        "publish",
    ]


@pytest.mark.parametrize(
    ("decision", "inputs", "said"),
    [
        ("grade", {"score": "ninety"}, "应为数值"),
        ("grade", {"score": 89.99}, "应为数值"),
        ("grade", {"score": True}, "应为数值"),
        ("grade", {"score": "9,000"}, "应为数值"),
        ("grade", {"score": "９０"}, "应为数值"),
        ("grade", {"score": "1e2"}, "应为数值"),
        ("grade", {"score": Decimal("NaN")}, "应为数值"),
        ("grade", {"score": Decimal("Infinity")}, "应为数值"),
        ("grade", {"score": ["90"]}, "应为数值"),
        ("grade", {"score": "100.01"}, "不能大于100"),
        ("grade", {"score": "-0.01"}, "不能小于0"),
        ("grade", {"score": 90, "object_kind": "项目"}, "project（项目）"),
        ("grade", {"score": 90, "object_kind": 1}, "应为词"),
        ("grade", {"score": 90, "kind": "project"}, "没有输入“kind”"),
        ("budget_linkage", {"grade": "良好"}, "只能是：优、良、中、低、差"),
        ("spot_review_pool", {"marks": "livelihood"}, "应为清单"),
        ("spot_review_pool", {"marks": ["lively"]}, "没有这个词"),
        ("key_monitoring_required", {"amount_wan": "-1"}, "不能小于0"),
        ("supplement_allowed", {"time_progress": "1.01"}, "不能大于1"),
    ],
)
def test_an_input_of_the_wrong_kind_or_range_is_refused_in_chinese(policies, decision, inputs, said):
    with pytest.raises(DecisionInputRefused) as refused:
        policies.of("huaxi").decide(decision, inputs)

    assert said in refused.value.message


def test_a_truth_value_is_read_as_one_and_a_missing_one_is_found():
    signature = Signature("测试", {"urgent": Column("加急", Kind.BOOLEAN)}, {"required": Column("需要", Kind.BOOLEAN)})
    cell = compile_cell("true", Kind.BOOLEAN)
    row = Row("row_1", 1, (cell,), (("urgent", cell.matches),), {"required": True}, "HX-14", "stated")
    table = Table("t.dmn", 1, "national", "t", "测试", "UNIQUE", True, signature, (row,))

    assert [len(table.rows_for(table.read({"urgent": value}), TODAY)) for value in (True, False, None)] == [1, 0, 0]
    assert [fault.message for fault in check_table(table)] == ["声明完整的表有遗漏：加急＝False时没有一行符合"]
    with pytest.raises(DecisionInputRefused, match="应为true或false"):
        table.read({"urgent": "true"})


@pytest.mark.parametrize("value", ["9" * 100_000, 10**6000, ["9"] * 5000], ids=["text", "integer", "list"])
def test_very_long_input_is_not_repeated_in_full(policies, value):
    with pytest.raises(DecisionInputRefused) as refused:
        policies.of("huaxi").decide("grade", {"score": value})

    assert len(refused.value.message) < 200
