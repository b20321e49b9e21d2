"""The journal in Chinese."""

import re
from typing import Any

import pytest

from engine.audit.events import EVENTS, read_entry
from engine.queries.telling import words_for

WORDS = words_for(step={"target_filing.review_target": "审核绩效目标"}.__getitem__)
CHINESE = re.compile(r"[一-鿿]")
ANY_STEP = words_for(step=str)
REVIEWED = {
    "task": "19d39c9e-39fc-4e0a-a44a-35e24e76fd21",
    "step": "target_filing.review_target",
    "outcome": "returned",
}


def test_everything_that_can_happen_has_a_sentence() -> None:
    told = {name: kind.sample().sentence(ANY_STEP) for name, kind in EVENTS.items()}

    assert [name for name, sentence in told.items() if not CHINESE.search(sentence)] == []


@pytest.mark.parametrize(
    ("type_", "facts", "sentence"),
    [
        (
            "case.started",
            {"object_kind": "project", "code": "P1", "amount_wan": "100"},
            "建立项目案卷，编码P1，资金100万元",
        ),
        ("stage.entered", {"stage": "monitoring"}, "进入“绩效运行监控”"),
        ("stage.launched", {"stage": "self_evaluation", "fiscal_year": 2021}, "部署2021年度“绩效自评”"),
        ("submission.returned", REVIEWED | {"version": 2}, "退回“审核绩效目标”（第2稿）"),
        (
            "task.completed",
            REVIEWED | {"item": "q1", "answers": {"sampled": True}},
            "办结“审核绩效目标”（q1）：是",
        ),
        ("task.overdue", {"step": "target_filing.review_target"}, "“审核绩效目标”逾期"),
        ("task.overdue", {"deadline": "monitoring.fill"}, "期限“绩效运行监控·填报”已过，逾期"),
        (
            "target.frozen",
            {"form": "F02", "version": 3, "amount_wan": "80"},
            "项目支出绩效目标申报表第3稿批复生效，资金调整为80万元",
        ),
        (
            "budget.adjusted",
            {"from_wan": "100", "to_wan": "80", "kind": "cut", "reason": "压减"},
            "预算调减：100万元→80万元：压减",
        ),
        (
            "decision.made",
            {"answers": {"grade": {"row": "r1", "grade": "良"}, "quota_cut": None}},
            "按规则判定 评价等级：良；公用经费定额扣减：本区未规定",
        ),
        (
            "decision.made",
            {"answers": {"publication_gate": {"steps": "government congress publish", "congress_first": True}}},
            "按规则判定 公开前置程序：步骤（按先后） 报政府审议、人大（常委会）审议、公开，先经人大 是",
        ),
        (
            "deadline.fired",
            {"deadline": "target_filing.fill", "due_on": "2021-09-10", "consequence": "mark_overdue"},
            "期限“绩效目标申报·填报”（2021-09-10）届满，记逾期",
        ),
        ("sample.drawn", {"sample": 3, "purpose": "spot_review", "sampled": False}, "第3号抽样：未抽中"),
        (
            "sample.drawn",
            {"sample": 3, "purpose": "spot_review", "fiscal_year": 2021, "frame": 20, "candidates": 12}
            | {"frame_hash": "ab", "chosen": [1, 2], "witness": "代表"},
            "第3号抽样：从12个备选中抽取2个，见证人代表",
        ),
        (
            "evaluation.planned",
            {"sample": 1, "purpose": "key_evaluation", "selected": True, "organizer": "department"},
            "列入年度评价计划，部门自主",
        ),
        (
            "score.given",
            {"kind": "third_party", "total": "87.75", "grade": None},
            "第三方评价得分87.75，等级本区未规定",
        ),
        (
            "deliberation.recorded",
            {
                "document_kind": "key_evaluation_report",
                "body": "congress",
                "held_on": "2022-09-28",
                "passed": False,
                "opinion": "补充",
            },
            "重点评价报告人大（常委会）审议（2022-09-28）：须修改，意见：补充",
        ),
        (
            "disclosure.withheld",
            {"document_kind": "key_evaluation_report", "reason": "涉密"},
            "重点评价报告不予公开：涉密",
        ),
    ],
)
def test_an_event_is_told_as_a_sentence(type_: str, facts: dict[str, Any], sentence: str) -> None:
    assert read_entry(type_, None, facts).sentence(WORDS) == sentence
