"""One step on somebody's desk, prepared but not yet done: for tests in which it matters who does it and how often.

`tests.office` does whole steps; what is prepared here can be handed to two people at once, or to the wrong one.
"""

from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry
from engine.audit.events import WAITING
from engine.commands.complete_task import complete_task
from engine.deadlines.model import Deadline
from engine.directory import Actor
from engine.moves.outcome import Outcome
from engine.moves.receipts import Receipt
from engine.store.archives import all_of
from engine.submissions import Submission
from engine.tasks import Task
from engine.words import CaseKind
from tests.integration.soundness import faults
from tests.office import LATE, REASONS, Desk, Office

_numbers = count(1000)
SHORT = {"ex_ante_verdict": "exempt", "entry_review_verdict": "no"}
"""The shortest way of a project to its target."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step as its person would send it off."""

    task_id: UUID
    outcome: Outcome
    by: Actor

    def done(self, session: Session, office: Office, **how: Any) -> Receipt:
        """Send it off; `how` may name another person, another time, a key."""
        return complete_task(session, self.task_id, self.outcome, **{"by": self.by, "at": office.now, **how})


def prepared(office: Office, case_id: int, step: str, word: str | None = None, **wishes: Any) -> Prepared:
    """The open step of that name with its form filled in, its questions answered, and why, should it become late."""
    with office.transactions() as session:
        desk = Desk(session, office.bureau, office.task_named(session, case_id, step), office.now)
        desk.word = word or desk.element.step.normal_outcome
        desk.reason, desk.wishes = REASONS.get(LATE if desk.word == "submitted" else desk.word), wishes
        outcome = Outcome(desk.word, content=desk.paper(), answers=desk.answers(), reason=desk.reason)
        return Prepared(desk.task.id, outcome, desk.by)


def opened(office: Office, **facts: Any) -> int:
    """A project with a code of its own that has just entered the year."""
    known = office.way is not None and office.way.goes_on()  # then by the number it has in every test that goes there
    return office.open_case(code=f"P-{len(office.way) if known else next(_numbers)}", **facts)


def project_at(office: Office, step: str, **facts: Any) -> int:
    """A project whose target stands before that step of `target_filing`, or before monitoring ("approved")."""
    case_id = opened(office, **facts)
    office.reach(case_id, f"target_filing.{'approve_budget' if step == 'approved' else step}", **SHORT)
    if step == "approved":
        office.do(case_id, "approve_budget")
    return case_id


def the_task(office: Office, case_id: int, step: str) -> Task:
    """The open step of that name."""
    with office.transactions() as session:
        return office.task_named(session, case_id, step)


def steps(office: Office, case_id: int) -> list[str]:
    """The open steps by their ids."""
    return sorted(task.element for task in office.tasks(case_id))


def versions(office: Office, case_id: int, form: str) -> list[tuple[int, str]]:
    """Number and state of every version."""
    return [(each.version, each.state) for each in office.versions(case_id, form)]


def latest(office: Office, case_id: int, form: str = "F02") -> Submission:
    """The last version of a form."""
    return office.versions(case_id, form)[-1]


def deadline(office: Office, case_id: int, name: str) -> Deadline:
    """The last deadline of that name, whatever became of it."""
    with office.transactions() as session:
        row = all_of(Deadline)
        found = select(row).where(row.case_id == case_id, row.name == name)
        return list(session.scalars(found.order_by(row.started_on, row.state)))[-1]


def events(office: Office, case_id: int, *types: str) -> list[str]:
    """What happened, by name; what waits from then on only when it is asked for."""
    entries: list[Entry] = office.journal(case_id)
    return [entry.type for entry in entries if (entry.type in types if types else entry.type not in WAITING)]


def sound(office: Office) -> None:
    """Everything in the jurisdiction is as it must always be."""
    with office.transactions() as session:
        found = faults(session)
        assert found == [], found


def two_before_a_draw(office: Office) -> list[int]:
    """Two projects waiting to hear whether their self-evaluation is reviewed."""
    cases = [office.open_case(CaseKind.PROJECT, f"示例-{number}") for number in (1, 2)]
    for stage in ("monitoring", "self_evaluation"):
        for case in cases:
            office.reach(case, stage)
        office.launch(stage)
    for case in cases:
        office.reach(case, "spot_review")
    return cases
