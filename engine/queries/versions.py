"""对照: the versions of a paper, what differs between two of them, and what became of the remarks on the earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import InvalidInput, NotFound
from engine.queries.scope import visible_to
from engine.reviews import Review
from engine.reviews.remarks import Remark, standing, stored_remarks
from engine.submissions import Submission
from engine.submissions.forms import FORMS, FieldChange, diff


class VersionNotFound(NotFound):
    """No such version for this person."""

    code = "submission.version_not_found"


class NotComparable(InvalidInput):
    """Two papers that are not versions of the same form in the same case."""

    code = "submission.not_comparable"


@dataclass(frozen=True, slots=True)
class Said:
    """One judgement of a version: the outcome, the reason, and the remarks with what became of them."""

    by: str
    at: datetime
    outcome: str
    reason: str | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, with all that was said of it."""

    submission_id: UUID
    form: str
    item: str | None
    version: int
    state: str
    filled_by: str
    filled_at: datetime
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions side by side: cell by cell what changed, and the remarks made on the earlier one."""

    before: Version
    after: Version
    changes: tuple[FieldChange, ...]

    @property
    def remarks(self) -> tuple[Remark, ...]:
        """Every remark on the earlier version, as it stands with the later one."""
        return tuple(remark for said in self.before.said for remark in said.remarks)


def versions_of(session: Session, actor: Actor, submission_id: UUID) -> tuple[Version, ...]:
    """All versions of the same form (and item) in the same case, the first one first.

    A remark is 已改 when a later version has something else in its place, 已说明 when it explains the place.
    """
    rows = _rows(session, actor, submission_id)
    said = _said(session, rows)
    return tuple(_version(row, rows[at + 1 :], said) for at, row in enumerate(rows))


def compare(session: Session, actor: Actor, before_id: UUID, after_id: UUID) -> Comparison:
    """What differs from one version to another of the same paper, in the order of the form."""
    rows = {row.id: row for row in _rows(session, actor, before_id)}
    if after_id not in rows:
        raise NotComparable("这两份不是同一张表的两稿，不能对照。请从版本列表中选择。", submission_id=str(after_id))
    before, after = rows[before_id], rows[after_id]
    said = _said(session, [before, after])
    changes = diff(FORMS[before.form], before.content, after.content)
    return Comparison(_version(before, [after], said), _version(after, [], said), tuple(changes))


def between(form: str, before: Any, after: Any) -> tuple[FieldChange, ...]:
    """What differs between two contents of a form, a draft and a colleague's for instance."""
    return tuple(diff(FORMS[form], before, after))


def _rows(session: Session, actor: Actor, submission_id: UUID) -> Sequence[Any]:
    one, filler = aliased(Submission), aliased(Person)
    rows = session.execute(
        select(
            Submission.id, Submission.case_id, Submission.form, Submission.item, Submission.version, Submission.state,
            Submission.content, Submission.filled_at, filler.name.label("filled_by"),
        )
        .join(one, (one.case_id == Submission.case_id) & (one.form == Submission.form))
        .join(Case, Case.id == Submission.case_id)
        .join(filler, filler.id == Submission.filled_by)
        .where(one.id == submission_id, one.item.is_not_distinct_from(Submission.item), visible_to(actor))
        .order_by(Submission.version)
    ).all()  # fmt: skip
    if not rows:
        raise VersionNotFound("没有这份报送件，或者您无权查看。请核对编号。", submission_id=str(submission_id))
    return rows


def _said(session: Session, rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    found = session.execute(
        select(Review.submission_id, Review.outcome, Review.reason, Review.remarks, Review.at, Person.name.label("by"))
        .join(Person, Person.id == Review.by)
        .where(Review.case_id == rows[0].case_id, Review.submission_id.in_([row.id for row in rows]))
        .order_by(Review.at)
    )
    said: dict[UUID, list[Any]] = {}
    for row in found:
        said.setdefault(row.submission_id, []).append(row)
    return said


def _version(row: Any, later: Sequence[Any], said: Mapping[UUID, list[Any]]) -> Version:
    return Version(
        submission_id=row.id,
        form=row.form,
        item=row.item,
        version=row.version,
        state=row.state,
        filled_by=row.filled_by,
        filled_at=row.filled_at,
        said=tuple(
            Said(one.by, one.at, one.outcome, one.reason, _remarks(one.remarks, row.content, later))
            for one in said.get(row.id, ())
        ),
    )


def _remarks(stored: Any, content: Mapping[str, Any], later: Sequence[Any]) -> tuple[Remark, ...]:
    """The remarks with what the later versions made of them."""
    contents = [version.content for version in later]
    return tuple(standing(remark, content, contents) for remark in stored_remarks(stored))
