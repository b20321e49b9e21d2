"""The paper in the middle of 审核队列: beside an earlier version or last year's, whole or only what changed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask import request

from engine.queries.doubts import Doubt, InQuestion, doubts_of
from engine.queries.last_year import PaperOfLastYear, paper_of_last_year
from engine.queries.review_queue import ToReview
from engine.queries.task_card import PaperToJudge, TaskCard
from engine.queries.versions import Version, compare
from engine.reviews.remarks import Remark
from engine.submissions.forms import FieldChange, MalformedForm, form_of
from engine.words import RemarkState
from web.forms import About, Tree, only_changes, places_in, tree_of
from web.pages.papers import remarks_of
from web.pages.posted import number_in
from web.visits import Visit

LAST_YEAR = "last_year"
"""How the address asks for the comparison with last year's paper."""


@dataclass(frozen=True, slots=True)
class Judged:
    """The paper in the middle: compared with which earlier version (None: the first), whole or only what changed.

    `last_year` is the paper of the same object the year before, where there is one, `totals` the total scores of this
    one and that; `beside` names what it is compared with as the address does, None where with nothing; `seen` is the
    version the reader decided on last, if any.
    """

    tree: Tree
    former: Version | None
    last_year: PaperOfLastYear | None
    totals: tuple[Decimal, Decimal] | None
    beside: int | str | None
    seen: Version | None
    earlier: tuple[Version, ...]
    changes: int
    only_changes: bool
    places: list[tuple[str, str]]
    open_remarks: list[Remark]
    doubts: tuple[Doubt, ...]


def judged_paper(visit: Visit, card: TaskCard, judge: PaperToJudge, line: ToReview | None) -> Judged:
    """The paper beside last year's or the version asked for, else the one this step saw last, else the one before."""
    earlier = tuple(version for version in judge.versions if version.version < judge.version)
    former, seen = _former(earlier, line), _seen(earlier, visit)
    last_year = paper_of_last_year(visit.session, visit.actor, card.case_id, judge.form, card.item)
    beside: int | str | None = former.version if former else None
    called = f"第 {former.version} 轮" if former else ""
    changes = _changes(visit, former, judge)
    since_seen = changes if seen == former else _changes(visit, seen, judge)
    if last_year is not None and request.args.get("with") == LAST_YEAR:
        beside, called = LAST_YEAR, f"上年（{last_year.fiscal_year} 年度）"
        changes = _told(lambda: last_year.changes_to(judge.content))
    about = About(
        findings=judge.findings,
        remarks=remarks_of([former] if former else []),
        changes=changes or (),
        former=called,
        fixed=True,
        since_seen=since_seen,
    )
    tree = tree_of(form_of(judge.form), judge.content, about)
    fewer = beside is not None and request.args.get("changes", "1") != "0"
    return Judged(
        tree=only_changes(tree) if fewer else tree,
        former=former,
        last_year=last_year,
        totals=last_year.totals_with(judge.content) if last_year is not None else None,
        beside=beside,
        seen=seen,
        earlier=earlier,
        changes=len(changes or ()),
        only_changes=fewer,
        places=list(places_in(tree)),
        open_remarks=open_remarks(judge),
        doubts=line.doubts if line is not None else doubts_about(visit, card.case_id, judge),
    )


def doubts_about(visit: Visit, case_id: int, judge: PaperToJudge) -> tuple[Doubt, ...]:
    """What to look at twice in one paper."""
    (doubts,) = doubts_of(
        visit.session, visit.actor, [InQuestion(case_id, judge.form, judge.content, judge.submission_id)]
    )
    return doubts


def open_remarks(judge: PaperToJudge) -> list[Remark]:
    """What was said of the version before and is neither changed nor explained in this one."""
    before = [version for version in judge.versions if version.version < judge.version][-1:]
    return [remark for remark in remarks_of(before) if remark.state is RemarkState.UNCHANGED]


def _former(earlier: tuple[Version, ...], line: ToReview | None) -> Version | None:
    named = number_in(request.args.get("with", "")) or (line.last_seen if line is not None else None)
    return next((version for version in earlier if version.version == named), earlier[-1] if earlier else None)


def _seen(earlier: tuple[Version, ...], visit: Visit) -> Version | None:
    """The version whoever sits there decided on last, in whichever office."""
    mine = (version for version in reversed(earlier) if visit.actor.person_id in {said.by_id for said in version.said})
    return next(mine, None)


def _changes(visit: Visit, former: Version | None, judge: PaperToJudge) -> Sequence[FieldChange] | None:
    """What differs from an earlier version; None where there is none or one of the two cannot be read as the form."""
    if former is None:
        return None
    return _told(lambda: compare(visit.session, visit.actor, former.submission_id, judge.submission_id).changes)


def _told(compared: Callable[[], Sequence[FieldChange]]) -> Sequence[FieldChange] | None:
    try:
        return compared()
    except MalformedForm:
        return None
