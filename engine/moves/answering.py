"""The remarks on a version, and what the version that follows says to them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select

from engine.audit.events.papers import RemarkAnswered
from engine.cases import CasePaper
from engine.errors import InvalidInput
from engine.moves.move import Move
from engine.reviews import Review
from engine.reviews.remarks import Remark, explanation_of, standing, stored_remarks
from engine.store.base import table_of
from engine.store.wire import Order, in_one_trip
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import OutcomeWord, RemarkState

_reviews, _submissions = table_of(Review), table_of(Submission)
_REMARKS = (
    select(_reviews.c.remarks, _reviews.c.outcome, _submissions.c.content)
    .join(_submissions, _submissions.c.id == _reviews.c.submission_id)
    .where(_reviews.c.case_id == bindparam("of_case"), _reviews.c.submission_id == bindparam("version"))
    .order_by(_reviews.c.at)
)


class ObjectionUnanswered(InvalidInput):
    """Somebody was heard on the paper, and the next version says nothing to it; `paths` say where."""

    code = "review.objection_unanswered"


def remember_remarks(move: Move, submission: UUID) -> None:
    """Note on the case that its latest version of a form has remarks on it; who fills in the next one answers them."""
    for (_, item), paper in move.forms.latest.items():
        if paper.id == submission:
            move.forms = move.forms.with_paper(replace(paper, remarked=True), item)


def record_answers(move: Move, task: Task, before: CasePaper | None, paper: Mapping[str, Any]) -> None:
    """Record what a new version, the row `paper`, says to the remarks on the one `before` it, as the case had that.

    One event a place, where the version has something else or explains it; the others stay as they are. Only a version
    with remarks is looked up. Refuses a version that leaves an objection of who was heard unanswered: it is taken up by
    a change, or not, with a word why (JH-18).
    """
    if before is None or not before.remarked:
        return
    (found,) = in_one_trip(move.session, Order(_REMARKS, {"of_case": move.case.id, "version": before.id}))
    told: set[str] = set()
    stands = [
        (standing(remark, row.content, [paper["content"]]), row.outcome)
        for row in found.rows
        for remark in stored_remarks(row.remarks)
    ]
    _must_answer([remark for remark, outcome in stands if outcome == OutcomeWord.RECORDED])
    for remark, _ in stands:
        state = remark.state
        if state is RemarkState.UNCHANGED or remark.path in told:
            continue
        told.add(remark.path)
        text = explanation_of(paper["content"], remark.path) if state is RemarkState.EXPLAINED else None
        event = RemarkAnswered(
            task=task.id, submission=paper["id"], path=remark.path, state=state.value, text=text or None
        )
        move.record(event)


def _must_answer(objections: Sequence[Remark]) -> None:
    """Refuse while an objection to a place of the paper has no answer; one to the whole of it is answered in words."""
    left = [remark for remark in objections if remark.path and remark.state is RemarkState.UNCHANGED]
    if left:
        raise ObjectionUnanswered(
            f"被评价单位的意见还有 {len(left)} 条没有答复，没有报送。第一条：“{left[0].text[:60]}”。"
            "采纳的请改该处，不采纳的请在该处写说明。",
            paths=[remark.path for remark in left],
        )
