"""为什么是这个等级: from the grade back to the people: table row, score, subtotals, rows, paper, who judged it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import NotFound
from engine.policies import Policy
from engine.queries.counting import DROPPED
from engine.queries.scope import visible_to
from engine.rectifications import Letter
from engine.reviews import Review
from engine.scores import Score, explain
from engine.stages import library_of
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.submissions.forms import FORMS
from engine.words import GradeGround, RowStatus, ScoreKind


class NoGrade(NotFound):
    """Nobody scored this case yet, or not so that this person may see it."""

    code = "score.none"


@dataclass(frozen=True, slots=True)
class Node:
    """One level of the answer: what stands there, on what it rests, and the levels below it.

    `kind` is grade, table_row, decided, score, subtotal, row, paper or judgement; `facts` are JSON values for machines.
    """

    kind: str
    label: str
    value: str | None
    facts: Mapping[str, Any]
    parts: tuple["Node", ...] = ()


def why_this_grade(session: Session, actor: Actor, case_id: int, kind: str | None = None) -> Node:
    """The grade of the score that counts (or of that `kind`) as a tree; refuses while there is none."""
    score = session.execute(_counting(actor, case_id, kind)).first()
    if score is None:
        raise NoGrade("本案卷还没有得分，或者您无权查看。有了评价结果以后再来看。", case_id=case_id)
    judgements = session.execute(_judgements(case_id, score.submission_id)).all()
    stated = select(Letter.grade).where(Letter.case_id == case_id).order_by(Letter.id.desc()).limit(1)
    letter = session.scalar(stated)
    total = Node(
        "score",
        f"{ScoreKind.said(score.kind)}得分",
        str(score.total),
        {"method": score.method, "scored_at": score.scored_at.isoformat()},
        (*levels_of(_told(score)), _paper(score, judgements)),
    )
    grade = score.grade or letter
    policy = library_of(session).policy_version(session, score.policy_id)
    return Node("grade", "等级", grade, {"score": str(score.total)}, (*_grounds(score, letter, policy), total))


def _counting(actor: Actor, case_id: int, kind: str | None) -> Any:
    """The scores of the case with their papers, the weightiest and latest first."""
    filler, head = Person.__table__.alias("filler"), Person.__table__.alias("head")
    rank = case({name: at for at, name in enumerate(ScoreKind)}, value=Score.kind)
    found = (
        select(
            Case.policy_id, Score.kind, Score.total, Score.grade, Score.method, Score.basis, Score.scored_at,
            Score.submission_id, Submission.content,
            Submission.form, Submission.version, Submission.state, Submission.filled_at, Submission.submitted_at,
            filler.c.name.label("filled_by"), head.c.name.label("submitted_by"),
        )
        .join(Submission, Submission.id == Score.submission_id)
        .join(Case, Case.id == Score.case_id)
        .join(filler, filler.c.id == Submission.filled_by)
        .outerjoin(head, head.c.id == Submission.submitted_by)
        .where(Score.case_id == case_id, Submission.state.not_in(DROPPED), visible_to(actor))
        .order_by(rank, Score.scored_at.desc(), Submission.version.desc())
        .limit(1)
    )  # fmt: skip
    return found if kind is None else found.where(Score.kind == kind)


def _judgements(case_id: int, submission_id: Any) -> Any:
    review = all_of(Review)
    return (
        select(review.outcome, review.reason, review.at, Person.name.label("by"))
        .join(Person, Person.id == review.by)
        .where(review.case_id == case_id, review.submission_id == submission_id)
        .order_by(review.at)
    )


def _grounds(score: Any, letter: str | None, policy: Policy) -> Iterable[Node]:
    """The row of the table, or who settled another grade and why; in earlier releases, what the letter says."""
    basis, settled = score.basis, score.basis.get("settled")
    if settled is not None:
        why = f"：{settled['reason']}" if settled["reason"] else ""
        former = f"（等级表为{settled['instead_of']}）" if settled["instead_of"] else f"（{RowStatus.UNDEFINED.label}）"
        yield Node("decided", f"{GradeGround.said(settled['ground'])}{former}{why}", score.grade, {})
    elif score.grade is not None:
        facts = {"source": basis.get("grade_source"), "status": basis.get("grade_status")}
        row = basis.get("grade_row")
        yield Node("table_row", policy.row_told("grade", row), row, facts)
    elif letter is not None:
        yield Node("decided", "本区未规定，反馈意见函认定", letter, {})


def _told(score: Any) -> Mapping[str, Any]:
    """The rows with their formulas, from what was kept and the paper; earlier releases kept the subtotals only."""
    return explain(score.basis, score.content) if "p" in score.basis else score.basis


def levels_of(told: Mapping[str, Any]) -> Iterable[Node]:
    """First levels with the rows below them, each row with its formula.

    `told` is what stands beside the score: `groups` of {name, weight, points, rows}, a row being {name, points,
    formula, …}; or only `subtotals` by name, which is all that earlier releases kept.
    """
    for group in told.get("groups") or ():
        rows = tuple(_row(row) for row in group.get("rows") or ())
        yield Node("subtotal", str(group["name"]), _text(group.get("points")), {"weight": group.get("weight")}, rows)
    if not told.get("groups"):
        for name, points in (told.get("subtotals") or {}).items():
            yield Node("subtotal", str(name), _text(points), {})


def _row(row: Mapping[str, Any]) -> Node:
    facts = {key: value for key, value in row.items() if key not in ("name", "points")}
    return Node("row", str(row.get("name") or row.get("id") or ""), _text(row.get("points")), facts)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def _paper(score: Any, judgements: Iterable[Any]) -> Node:
    facts = {
        "submission_id": str(score.submission_id),
        "form": score.form,
        "version": score.version,
        "state": score.state,
        "filled_by": score.filled_by,
        "filled_at": score.filled_at.isoformat(),
        "submitted_by": score.submitted_by,
    }
    judged = tuple(
        Node("judgement", one.by, one.outcome, {"reason": one.reason, "at": one.at.isoformat()}) for one in judgements
    )
    return Node("paper", f"{FORMS[score.form].title}第{score.version}稿", None, facts, judged)
