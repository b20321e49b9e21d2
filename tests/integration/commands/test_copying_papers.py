"""抄送: who may show a paper to whom, what the receiver may see, and that it is nothing but that."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from engine.cases import CaseNotFound
from engine.commands import copy_paper, read_copy
from engine.commands.claim import claim
from engine.directory import Actor, Unit
from engine.queries.case_card import case_card
from engine.queries.case_timeline import case_timeline
from engine.queries.copies import (
    CopyUnknown,
    copied_paper,
    copies_for,
    copies_of,
    copies_unread,
    people_to_copy_to,
    units_to_copy_to,
)
from engine.queries.versions import VersionNotFound, paper_read
from engine.words import Role, UnitKind
from tests.factories import bureau_in, person_in
from tests.integration.desk import project_at
from tests.integration.queries.plans import asked_by
from tests.integration.refusals import refused
from tests.office import Office


@pytest.fixture
def case(office: Office) -> int:
    """A target that waits for finance."""
    return project_at(office, "review_target")


@pytest.fixture
def paper(office: Office, case: int) -> UUID:
    return office.versions(case, "F02")[-1].id


@pytest.fixture
def neighbour(office: Office) -> Actor:
    """A clerk of a unit that has nothing to do with the case."""
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT.value, department_id=None)
        session.add(unit)
        session.flush()
        return person_in(session, unit, "吴邻居", Role.UNIT_CLERK)


def show(office: Office, paper: UUID, to: Sequence[int], by: Actor, **more: Any) -> Any:
    how: dict[str, Any] = {"note": "示例：请知悉", "by": by, "at": office.now} | more
    with office.transactions() as session:
        return copy_paper(session, paper, to, **how)


def shown_to(office: Office, actor: Actor) -> list[int]:
    with office.transactions() as session:
        return [each.copy_id for each in copies_for(session, actor).lines]


def test_the_receiver_finds_that_version_and_the_facts_of_its_case(
    office: Office, case: int, paper: UUID, neighbour: Actor
) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)

    with office.transactions() as session:
        (line,) = copies_for(session, neighbour).lines
        found = copied_paper(session, neighbour, line.copy_id)
        unread = copies_unread(session, neighbour)
    assert (line.case_id, line.by, line.note, line.version, line.read_at) == (case, "李经办", "示例：请知悉", 1, None)
    assert found.content == office.versions(case, "F02")[-1].content
    assert unread == 1


def test_a_copy_leaves_what_the_reviewer_has_before_them_as_it_is(
    office: Office, case: int, paper: UUID, neighbour: Actor
) -> None:
    as_seen, (task,) = office.case(case).journal_seq, office.tasks(case)
    reviewer = office.bureau.office
    show(office, paper, [neighbour.person_id], office.bureau.clerk)

    with office.transactions() as session:
        claim(session, task.id, by=reviewer, at=office.now, expected=as_seen)

    assert office.tasks(case)[0].holder_id == reviewer.person_id


def test_the_receiver_sees_nothing_else_of_the_case(office: Office, case: int, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)

    with office.transactions() as session:
        with pytest.raises(CaseNotFound):
            case_card(session, neighbour, case)
        with pytest.raises(VersionNotFound):
            paper_read(session, neighbour, paper)
        seen_of_others = copies_of(session, neighbour, paper)
    assert seen_of_others == ()


def test_a_later_version_is_not_shown_with_an_earlier_one(
    office: Office, case: int, paper: UUID, neighbour: Actor
) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    office.do(case, "review_target", "returned")
    office.reach(case, "target_filing.review_target")

    with office.transactions() as session:
        (line,) = copies_for(session, neighbour).lines
        found = copied_paper(session, neighbour, line.copy_id)
    assert (line.version, found.copy.submission_id) == (1, paper)


def test_a_copy_is_the_persons_alone(office: Office, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    (copy,) = shown_to(office, neighbour)
    substitute = replace(office.bureau.head, acting_for=neighbour.person_id)

    with office.transactions() as session:
        for somebody in (office.bureau.head, office.bureau.office, substitute):
            with pytest.raises(CopyUnknown):
                copied_paper(session, somebody, copy)
    with refused(office.database, "copy.not_found"), office.transactions() as session:
        read_copy(session, copy, by=office.bureau.head, at=office.now)
    with refused(office.database, "permission.not_through_substitute"), office.transactions() as session:
        read_copy(session, copy, by=substitute, at=office.now)


def test_another_tenant_finds_no_copy(office: Office, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    (copy,) = shown_to(office, neighbour)
    namesake = replace(neighbour, jurisdiction="conghua")

    with office.database.transaction("conghua") as session:
        assert copies_for(session, namesake).lines == ()
        assert copies_unread(session, namesake) == 0
        with pytest.raises(CopyUnknown):
            copied_paper(session, namesake, copy)


def test_that_it_was_read_is_told_to_whoever_sent_it_and_the_first_time_counts(
    office: Office, paper: UUID, neighbour: Actor
) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    (copy,) = shown_to(office, neighbour)
    first = office.now

    with office.transactions() as session:
        read_copy(session, copy, by=neighbour, at=first)
    with office.transactions() as session:
        read_copy(session, copy, by=neighbour, at=office.now)

    with office.transactions() as session:
        (receiver,) = copies_of(session, office.bureau.clerk, paper)
        assert copies_unread(session, neighbour) == 0
    assert (receiver.name, receiver.read_at) == ("吴邻居", first)


def test_the_journal_tells_to_whom_it_was_shown(office: Office, case: int, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id, office.bureau.division.person_id], office.bureau.clerk)

    (told,) = office.journal(case, "submission.copied")
    with office.transactions() as session:
        lines = case_timeline(session, office.bureau.office, case)
    assert told.payload["to"] == [neighbour.person_id, office.bureau.division.person_id]
    assert "）给吴邻居、钱业务：示例：请知悉" in lines[-1].sentence


def test_who_has_it_is_left_out_and_the_same_request_is_made_once(
    office: Office, case: int, paper: UUID, neighbour: Actor
) -> None:
    clerk, division = office.bureau.clerk, office.bureau.division.person_id
    first = show(office, paper, [neighbour.person_id], clerk, key="示例")

    again = show(office, paper, [neighbour.person_id], clerk, key="示例")
    more = show(office, paper, [neighbour.person_id, division, division], clerk)

    assert again.gave == first.gave == more.gave == {"copies": 1}
    assert len(office.journal(case, "submission.copied")) == 2
    with refused(office.database, "copy.already"):
        show(office, paper, [division], clerk)


def test_only_an_office_with_a_step_in_the_case_shows_its_papers(
    office: Office, case: int, paper: UUID, neighbour: Actor
) -> None:
    receiver = [office.bureau.division.person_id]
    show(office, paper, receiver, office.bureau.clerk)

    with refused(office.database, "copy.not_theirs"):
        show(office, paper, [office.bureau.head.person_id], neighbour)
    with refused(office.database, "copy.not_theirs"):
        show(office, paper, [neighbour.person_id], office.bureau.agency)
    show(office, paper, [neighbour.person_id], office.bureau.office)

    assert len(shown_to(office, neighbour)) == 1


def test_whom_it_cannot_be_shown_to_is_refused(office: Office, paper: UUID, neighbour: Actor) -> None:
    clerk = office.bureau.clerk
    with office.database.transaction("conghua") as session:
        foreigner = bureau_in(session, "conghua").clerk

    for people in ([], [clerk.person_id], [office.bureau.agency.person_id], [foreigner.person_id], [-1], [10**17]):
        with refused(office.database, "copy.refused"):
            show(office, paper, people, clerk)
    with refused(office.database, "copy.refused"):
        show(office, paper, range(1, 60), clerk)
    with refused(office.database, "copy.refused"):
        show(office, paper, [neighbour.person_id], clerk, note="示" * 201)

    assert shown_to(office, neighbour) == []


def test_a_copy_stays_readable_when_its_case_is_over(office: Office, case: int, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    content = office.versions(case, "F02")[-1].content
    office.finish(case, selected=False)
    (copy,) = shown_to(office, neighbour)

    with office.transactions() as session:
        assert copied_paper(session, neighbour, copy).content == content
    with refused(office.database, "case.not_active"):
        show(office, paper, [office.bureau.division.person_id], office.bureau.clerk)


def test_people_to_choose_from_are_those_of_the_jurisdiction_who_read_papers(
    office: Office, paper: UUID, neighbour: Actor
) -> None:
    bureau = office.bureau

    with office.transactions() as session:
        units = units_to_copy_to(session, bureau.clerk)
        own = people_to_copy_to(session, bureau.clerk, bureau.unit_id)
        agency = people_to_copy_to(session, bureau.clerk, bureau.agency_id)

    assert set(units.values()) == {"示例单位甲", "示例单位乙", "示例主管部门", "示例财政局"}
    assert [(each.name, each.roles) for each in own] == [("张负责", (Role.UNIT_HEAD,))]
    assert agency == ()


def test_no_read_of_copies_asks_more_than_twice(office: Office, paper: UUID, neighbour: Actor) -> None:
    show(office, paper, [neighbour.person_id], office.bureau.clerk)
    (copy,) = shown_to(office, neighbour)
    asked = {
        "list": asked_by(office.database, lambda s: copies_for(s, neighbour)),
        "count": asked_by(office.database, lambda s: copies_unread(s, neighbour)),
        "one": asked_by(office.database, lambda s: copied_paper(s, neighbour, copy)),
        "receivers": asked_by(office.database, lambda s: copies_of(s, office.bureau.clerk, paper)),
        "units": asked_by(office.database, lambda s: units_to_copy_to(s, neighbour)),
        "people": asked_by(office.database, lambda s: people_to_copy_to(s, neighbour, neighbour.unit_id)),
    }

    assert {name: len(statements) for name, statements in asked.items() if len(statements) > 2} == {}
