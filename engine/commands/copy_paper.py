"""抄送: show a version of a paper to colleagues of the jurisdiction; they read it and have nothing to do."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from engine.audit.events.filings import PaperCopied
from engine.cases import Case
from engine.directory import Actor, Appointment
from engine.errors import InvalidInput, NotAllowed, WrongState
from engine.moves.move import note as told
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.moves.versions import submission_by_id
from engine.submissions.copies import RECEIVERS, PaperCopy
from engine.tasks import Task
from engine.words import Role

LONGEST_NOTE = 200
MOST_PEOPLE = 50


class CopyRefused(InvalidInput):
    """Nobody is named, too many are, somebody has no office that reads papers, or the note is too long."""

    code = "copy.refused"


class NotTheirsToCopy(NotAllowed):
    """Only an office that files or decides in the case shows its papers to others."""

    code = "copy.not_theirs"


class CopiedAlready(WrongState):
    """Everybody who was named has this version."""

    code = "copy.already"


def copy_paper(
    session: Session,
    submission_id: UUID,
    people: Sequence[int],
    *,
    note: str = "",
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Show this one version to these people (at most fifty), with a word of at most 200 characters.

    Who has it already is left out. `gave` has how many got it. Refuses offices that have no step in the case.
    """
    submission = submission_by_id(session, submission_id)
    named = list(dict.fromkeys(people))

    def work(case: Case) -> dict[str, int]:
        _must_be_theirs(session, case, by)
        said = note.strip()
        _must_be_receivers(session, named, by)
        if len(said) > LONGEST_NOTE:
            raise CopyRefused(f"附言不超过{LONGEST_NOTE}字，没有抄送。请缩短。", length=len(said))
        has_it = set(session.scalars(select(PaperCopy.person_id).where(PaperCopy.submission_id == submission_id)))
        new = [person for person in named if person not in has_it]
        if not new:
            raise CopiedAlready(
                "所选的人都已经收到这一稿的抄送，没有再抄送。请改选别人；谁已阅在这一稿的页面上看。",
                submission_id=str(submission_id),
            )
        form, version = submission.form, submission.version
        event = PaperCopied(submission=submission_id, form=form, paper_version=version, to=tuple(new), note=said)
        told(session, case, by, at, event)  # whoever copies it at the same moment waits here
        session.add_all(
            PaperCopy(
                jurisdiction=by.jurisdiction, case_id=case.id, submission_id=submission_id, form=form,
                item=submission.item, version=version, person_id=person, note=said, copied_by=by.person_id,
                copied_at=at,
            )
            for person in new
        )  # fmt: skip
        session.flush()
        return {"copies": len(new)}

    content = {"submission": submission_id, "people": named, "note": note}
    return on_case(session, Asked("copy_paper", by, at, key, expected, content), submission.case_id, work)


def _must_be_theirs(session: Session, case: Case, by: Actor) -> None:
    has_steps = exists().where(Task.case_id == case.id, Task.unit_id == by.unit_id, Task.role.in_(by.roles))
    engaged = Role.AGENCY not in by.roles or case.agency_id == by.unit_id
    if not engaged or not session.scalar(select(has_steps)):
        raise NotTheirsToCopy("您的岗位没有经手这份案卷，不能抄送。请由报送或审核的岗位抄送。", case_id=case.id)


def _must_be_receivers(session: Session, named: Sequence[int], by: Actor) -> None:
    if not 0 < len(named) <= MOST_PEOPLE:
        raise CopyRefused(f"请选择抄送给谁（1至{MOST_PEOPLE}人），没有抄送。", people=len(named))
    if by.persons.intersection(named):
        raise CopyRefused("不用抄送给自己，没有抄送。请改选别人。")
    holds = select(Appointment.person_id).where(Appointment.person_id.in_(named), Appointment.role.in_(RECEIVERS))
    unfit = set(named) - set(session.scalars(holds))
    if unfit:
        raise CopyRefused(
            f"所选的人里有 {len(unfit)} 人不在可以接收抄送的岗位，没有抄送。请重新选择。", people=sorted(unfit)
        )
