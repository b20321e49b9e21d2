"""Four eyes: whoever filed or confirmed a paper does not review it, in person, through or as a substitute."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from engine.commands import approve_submission, complete_task, return_submission
from engine.directory import Actor, Unit
from engine.moves.asking import moves_open_to
from engine.moves.outcome import Outcome
from engine.store import Database
from engine.words import Role
from tests.factories import Bureau, person_in
from tests.integration.desk import SHORT, latest, opened, the_task
from tests.integration.refusals import refused
from tests.office import Office


@dataclass(frozen=True)
class Paper:
    """A target that waits for its review, everybody who had a hand in it, and others."""

    office: Office
    case: int
    task: UUID
    version: UUID
    filer: Actor
    confirmer: Actor
    filed_for: Actor
    confirmed_for: Actor
    others: tuple[Actor, Actor]

    def reviewing(self, person: Actor, acting_for: Actor | None = None) -> Actor:
        """The person with the rights of the office that reviews."""
        department = self.office.bureau.department_id
        seat = {"unit_id": department, "roles": frozenset({Role.DEPARTMENT})}
        return replace(person, **seat, acting_for=acting_for.person_id if acting_for else None)


@pytest.fixture(scope="module")
def paper(shared_database: Database, shared_bureau: Bureau) -> Paper:
    office = Office(shared_database, shared_bureau)
    with office.transactions() as session:
        unit = session.get_one(Unit, shared_bureau.unit_id)
        names = {"甲": Role.UNIT_CLERK, "乙": Role.UNIT_HEAD, "丙": Role.UNIT_CLERK, "丁": Role.UNIT_HEAD}
        filer, confirmer, filed_for, confirmed_for = (person_in(session, unit, *each) for each in names.items())
        others = person_in(session, unit, "戊", Role.DEPARTMENT), person_in(session, unit, "己", Role.DEPARTMENT)
    case = opened(office)
    office.reach(case, "target_filing.fill_target", **SHORT)
    office.do(case, "fill_target", by=replace(filer, acting_for=filed_for.person_id))
    office.do(case, "confirm_target", by=replace(confirmer, acting_for=confirmed_for.person_id))
    task = the_task(office, case, "check_target")
    return Paper(office, case, task.id, latest(office, case).id, filer, confirmer, filed_for, confirmed_for, others)


Who = Callable[[Paper], Actor]

BARRED: dict[str, Who] = {
    "the filer": lambda paper: paper.reviewing(paper.filer),
    "the confirmer": lambda paper: paper.reviewing(paper.confirmer),
    "the one it was filed for": lambda paper: paper.reviewing(paper.filed_for),
    "the one it was confirmed for": lambda paper: paper.reviewing(paper.confirmed_for),
    "the filer for a reviewer": lambda paper: paper.reviewing(paper.filer, paper.others[0]),
    "the confirmer for a reviewer": lambda paper: paper.reviewing(paper.confirmer, paper.others[0]),
    "a reviewer for the filer": lambda paper: paper.reviewing(paper.others[0], paper.filer),
    "a reviewer for the confirmer": lambda paper: paper.reviewing(paper.others[0], paper.confirmer),
    "a reviewer for the one it was filed for": lambda paper: paper.reviewing(paper.others[0], paper.filed_for),
    "a reviewer for the one it was confirmed for": lambda paper: paper.reviewing(paper.others[0], paper.confirmed_for),
}
FREE: dict[str, Who] = {
    "a reviewer": lambda paper: paper.reviewing(paper.others[0]),
    "a reviewer for another": lambda paper: paper.reviewing(paper.others[0], paper.others[1]),
    "the department": lambda paper: paper.office.bureau.department,
}


def test_a_paper_names_everybody_who_had_a_hand_in_it(paper: Paper) -> None:
    hands = (paper.filer, paper.confirmer, paper.filed_for, paper.confirmed_for)

    kept = paper.office.case(paper.case).forms.latest["F02", None]

    assert kept.by == {person.person_id for person in hands}


@pytest.mark.parametrize("who", BARRED)
def test_whoever_had_a_hand_in_a_paper_does_not_review_it(paper: Paper, who: str) -> None:
    office, by = paper.office, BARRED[who](paper)
    told = {"by": by, "at": office.now}
    back = Outcome("returned", reason="示例：缺少依据")

    with refused(office.database, "review.own_submission"), office.transactions() as session:
        approve_submission(session, paper.version, **told)
    with refused(office.database, "review.own_submission"), office.transactions() as session:
        return_submission(session, paper.version, reason="示例：缺少依据", **told)
    with refused(office.database, "review.own_submission"), office.transactions() as session:
        complete_task(session, paper.task, back, **told)
    with office.transactions() as session:
        moves = moves_open_to(session, paper.task, by, at=office.now)
        assert {move.refusal.code if move.refusal else None for move in moves} == {"review.own_submission"}


@pytest.mark.parametrize("who", FREE)
def test_whoever_had_none_may_review_it(paper: Paper, who: str) -> None:
    office, by = paper.office, FREE[who](paper)

    with office.transactions() as session:
        moves = moves_open_to(session, paper.task, by, at=office.now)

    assert [move.refusal for move in moves] == [None, None]
