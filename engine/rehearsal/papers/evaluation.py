"""示例评价: F09, whose rows sum to the third-party score of the input files; every deduction has its evidence."""

from collections.abc import Sequence
from decimal import ROUND_DOWN, Decimal
from random import Random
from typing import Any

from engine.rehearsal.desk import Desk
from engine.rehearsal.papers.grades import grade_for
from engine.rehearsal.papers.self_evaluation import amounts_of, spent_by_line
from engine.rehearsal.papers.words import NOT_A_FACT
from engine.rehearsal.plan import habits
from engine.rehearsal.subjects import led_by_department
from engine.scoring.numbers import HUNDRED, text_of, total
from engine.submissions.forms import FORMS, FormContext, prefill

Content = dict[str, Any]

CENT = Decimal("0.01")
OWN_ROWS = ("benefit", "performance")
"""Rows that stand for what only this object is measured by."""
EVIDENCE = "E-01"
PROBLEMS = (
    ("execution", "示例问题：用款计划与实施进度衔接不够", "示例：按月编制用款计划，按季度核对进度"),
    ("targets", "示例问题：部分指标值与上年相比没有提高", "示例：参照近三年实际重设指标值"),
    ("rules", "示例问题：个别管理环节没有成文的规定", "示例：制定并印发管理办法"),
    ("responsibility", "示例问题：责任分工没有落到个人", "示例：明确责任人和完成时间"),
)


def report(desk: Desk, context: FormContext) -> Content:
    """F09 with the score the files give its object."""
    score = desk.subject.third_party_score
    amount = context.amount_wan or Decimal(0)
    content = prefill(FORMS["F09"], context)
    return (
        content
        | {
            "organizer": "department" if led_by_department(desk.subject, desk.seed) else "finance",
            "agency": desk.subject.agency,
            "lead_evaluator": "示例主评人",
            "amount_wan": text_of(amount),
            "executed_amount_wan": text_of(total(spent_by_line(desk, amounts_of(desk.subject, amount), context))),
            "rows": _rows(content["rows"], HUNDRED - score, desk.chance("evaluation")),
            "evidence_items": [{"id": EVIDENCE, "text": f"示例：评价工作底稿（{NOT_A_FACT}）"}],
            "grade": grade_for(context, score, desk.subject.published_grade),
            "basic_facts": "示例：见案卷中的目标表和自评表",
            "work_done": "示例：查阅资料、核对台账、现场查看和问卷",
            "conclusion": f"示例：得分 {text_of(score)}，等级按本区等级表",
            "analysis": "示例：公布的结果只有总分，各行扣分由演练按权重分摊",
            "report": [{"id": "f1", "name": "示例：评价报告"}],
        }
        | _problems(desk, score)
    )


def _rows(rows: Sequence[Content], lost: Decimal, chance: Random) -> list[Content]:
    """The common framework with every row scored: the points lost are spread over the rows by weight."""
    weights = [Decimal(row["weight"]) for row in rows]
    deductions = spread_by_weight(lost, weights, chance)
    return [
        row
        | {
            "scope": "specific" if row["id"] in OWN_ROWS else "common",
            "standard": "示例：完全达到得满分，按比例扣分",
            "score": text_of(weight - deduction),
        }
        | (_deducted(row) if deduction else {})
        for row, weight, deduction in zip(rows, weights, deductions, strict=True)
    ]


def spread_by_weight(lost: Decimal, weights: Sequence[Decimal], chance: Random) -> list[Decimal]:
    """Deductions to the cent that sum to `lost`, none above its row's weight; some rows lose nothing if they can."""
    full = sum(weights, Decimal(0))
    taking = [weight if chance.random() < 0.6 else Decimal(0) for weight in weights]
    if sum(taking, Decimal(0)) < lost:
        taking = list(weights)
    room = sum(taking, Decimal(0))
    shares = [(lost * taken / room).quantize(CENT, ROUND_DOWN) if room else Decimal(0) for taken in taking]
    left = lost - sum(shares, Decimal(0))
    for number in sorted(range(len(weights)), key=lambda at: -taking[at]):
        more = min(left, taking[number] - shares[number])
        shares[number], left = shares[number] + more, left - more
    assert left == 0, f"{lost} does not fit into {full}"
    return shares


def _deducted(row: Content) -> Content:
    reason = f"示例：“{row['name']}”按公布总分分摊的扣分，公布结果没有分项"
    return {"deduction_reason": reason, "clause": "示例：按比例扣分", "evidence": [EVIDENCE]}


def _problems(desk: Desk, score: Decimal) -> Content:
    chance = desk.chance("problems")
    count = min(chance.choice(habits().problems), len(PROBLEMS))
    found = [] if score == HUNDRED else chance.sample(PROBLEMS, count)
    return {
        "problems": [
            {"id": str(n), "category": kind, "fact": f"{fact}（{NOT_A_FACT}）", "basis": "示例：评价工作底稿"}
            for n, (kind, fact, _) in enumerate(found, start=1)
        ],
        "suggestions": [
            {"id": f"s{n}", "problem": str(n), "text": advice} for n, (_, _, advice) in enumerate(found, start=1)
        ],
    }
