"""对照: the versions of a paper, what differs between two of them, and what became of the remarks on the earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from engine.audit import Entry
from engine.audit.events.filings import SubmissionFiledLate
from engine.cases import Case
from engine.directory import Actor, Person
from engine.errors import InvalidInput, NotFound
from engine.queries.scope import may_be_read, visible_to
from engine.reviews import Review
from engine.reviews.remarks import Remark, standing, stored_remarks
from engine.store.archives import all_of, archived_case
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
    by_id: int
    at: datetime
    outcome: str
    reason: str | None
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper, with all that was said of it; `late_reason` says why it was handed in after its day."""

    submission_id: UUID
    form: str
    item: str | None
    version: int
    state: str
    filled_by: str
    filled_at: datetime
    said: tuple[Said, ...]
    late_reason: str | None = None


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


@dataclass(frozen=True, slots=True)
class PaperRead:
    """One version to be read: its content, the case it belongs to, and all versions of the paper, the first one first.

    `at` is its place among the versions.
    """

    case_id: int
    content: Mapping[str, Any]
    versions: tuple[Version, ...]
    at: int

    @property
    def version(self) -> Version:
        """The version itself."""
        return self.versions[self.at]


def paper_read(session: Session, actor: Actor, submission_id: UUID) -> PaperRead:
    """A version of a paper of a case the actor may see, with what was said of it and of the others."""
    rows = _rows(session, actor, submission_id)
    at = next(place for place, row in enumerate(rows) if row.id == submission_id)
    return PaperRead(rows[at].case_id, rows[at].content, _told(session, rows), at)


def versions_of(session: Session, actor: Actor, submission_id: UUID) -> tuple[Version, ...]:
    """All versions of the same form (and item) in the same case, the first one first.

    A remark is 已改 when a later version has something else in its place, 已说明 when it explains the place.
    """
    return _told(session, _rows(session, actor, submission_id))


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


def _told(session: Session, rows: Sequence[Any]) -> tuple[Version, ...]:
    said = _said(session, rows)
    return tuple(_version(row, rows[at + 1 :], said) for at, row in enumerate(rows))


def _rows(session: Session, actor: Actor, submission_id: UUID) -> Sequence[Any]:
    """Every version of the paper one of whose versions was named; of a case that is over the packed ones too."""
    rows = session.execute(_versions(Submission, aliased(Submission), Entry, actor, submission_id)).all()
    if not rows or rows[0].closed_at is not None:
        case_id = rows[0].case_id if rows else archived_case(session, submission_id)
        each, one = all_of(Submission), all_of(Submission, "one")
        whole = _versions(each, one, all_of(Entry), actor, submission_id)
        packed = whole.where(each.case_id == case_id, one.case_id == case_id)
        rows = session.execute(packed).all() if case_id is not None else []
    if not rows:
        raise VersionNotFound("没有这份报送件，或者您无权查看。请核对编号。", submission_id=str(submission_id))
    return rows


def _versions(each: Any, one: Any, entry: Any, actor: Actor, submission_id: UUID) -> Select[Any]:
    """The versions of the same form and item in the same case as the `one` that was named."""
    filler = aliased(Person)
    return (
        select(
            each.id, each.case_id, each.form, each.item, each.version, each.state, each.content, each.filled_at,
            filler.name.label("filled_by"), Case.closed_at, _late_reason(each, entry).label("late_reason"),
        )
        .select_from(each)
        .join(one, (one.case_id == each.case_id) & (one.form == each.form))
        .join(Case, Case.id == each.case_id)
        .join(filler, filler.id == each.filled_by)
        .where(
            one.id == submission_id, one.item.is_not_distinct_from(each.item), visible_to(actor),
            may_be_read(one, actor), may_be_read(each, actor),
        )
        .order_by(each.version)
    )  # fmt: skip


def _late_reason(each: Any, entry: Any) -> Any:
    """Why a version was handed in after its day, as the journal keeps it; NULL for one that was not."""
    paper = func.replace(cast(each.id, Text), "-", "")
    of_paper = entry.type == SubmissionFiledLate.name, entry.payload["submission"].astext == paper
    return (
        select(entry.payload["reason"].astext)
        .where(entry.jurisdiction == each.jurisdiction, entry.case_id == each.case_id, *of_paper)
        .order_by(entry.seq)
        .limit(1)
        .scalar_subquery()
    )


def _said(session: Session, rows: Sequence[Any]) -> Mapping[UUID, list[Any]]:
    review = all_of(Review)
    found = session.execute(
        select(
            review.submission_id, review.outcome, review.reason, review.remarks, review.at, Person.name.label("by"),
            Person.id.label("by_id"),
        )
        .join(Person, Person.id == review.by)
        .where(review.case_id == rows[0].case_id, review.submission_id.in_([row.id for row in rows]))
        .order_by(review.at)
    )  # fmt: skip
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
            Said(one.by, one.by_id, one.at, one.outcome, one.reason, _remarks(one.remarks, row.content, later))
            for one in said.get(row.id, ())
        ),
        late_reason=row.late_reason,
    )


def _remarks(stored: Any, content: Mapping[str, Any], later: Sequence[Any]) -> tuple[Remark, ...]:
    """The remarks with what the later versions made of them."""
    contents = [version.content for version in later]
    return tuple(standing(remark, content, contents) for remark in stored_remarks(stored))
