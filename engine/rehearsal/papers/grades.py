"""The grade people write down: what the jurisdiction's table says, or what they hold to be right where it is silent."""

from decimal import Decimal

from engine.submissions.forms import FormContext

USUAL = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
"""示例: how finance judges a score where nothing is laid down (本区未规定) and nothing was published."""


def grade_for(context: FormContext, score: Decimal, published: str | None = None) -> str:
    """The table's grade; where it lays down none, the published one, else the usual one."""
    answer = context.ask("grade", score=score, object_kind=context.object_kind)
    if not answer.undefined:
        return str(answer.outputs["grade"])
    return published or next(grade for floor, grade in USUAL if score >= floor)
