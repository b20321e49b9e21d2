"""关注: somebody follows a case they may see; it is their own affair, and over where they see the case no more."""

import sys
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from engine.cases import Case, CaseNotFound
from engine.commands import follow_case, unfollow_case
from engine.commands.cancel import cancel
from engine.commands.follow_case import FollowsTooMany
from engine.directory import Actor, Unit
from engine.errors import EngineError
from engine.moves.permissions import NotThroughSubstitute
from engine.queries.case_list import CaseFilters, case_list
from engine.queries.following import follows
from engine.queries.recent_moves import recent_moves
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.integration.desk import project_at
from tests.office import Office

OURS = CaseFilters(followed=True)


@pytest.fixture
def case(office: Office) -> int:
    return project_at(office, "fill_target")


def follow(office: Office, case: int, by: Actor) -> None:
    with office.transactions() as session:
        follow_case(session, case, by=by, at=office.now)


def unfollow(office: Office, case: int, by: Actor) -> None:
    with office.transactions() as session:
        unfollow_case(session, case, by=by, at=office.now)


def listed(office: Office, by: Actor) -> list[int]:
    with office.transactions() as session:
        return [line.case_id for line in case_list(session, by, on=office.today, filters=OURS).lines]


def heard_of(office: Office, by: Actor) -> set[tuple[int, bool]]:
    with office.transactions() as session:
        return {(each.case_id, each.followed) for each in recent_moves(session, by)}


def test_who_follows_a_case_finds_it_in_their_list_until_they_follow_it_no_more(office: Office, case: int) -> None:
    officer, other = office.bureau.office, project_at(office, "fill_target")

    for _ in range(2):
        follow(office, case, officer)
    during = listed(office, officer)
    for _ in range(2):
        unfollow(office, case, officer)

    assert during == [case]
    assert listed(office, officer) == []
    assert other not in during


def test_nobody_else_is_told_and_the_journal_says_nothing(office: Office, case: int) -> None:
    before = office.case(case).journal_seq

    follow(office, case, office.bureau.clerk)

    assert office.case(case).journal_seq == before
    assert listed(office, office.bureau.head) == listed(office, office.bureau.office) == []
    with office.transactions() as session:
        assert follows(session, office.bureau.clerk, case)
        assert not follows(session, office.bureau.head, case)


def test_finance_hears_of_the_cases_it_follows_and_a_unit_of_all_its_own(office: Office, case: int) -> None:
    other = project_at(office, "fill_target")
    office.clock.move_to(office.now + timedelta(minutes=10))
    before = heard_of(office, office.bureau.office)

    follow(office, case, office.bureau.office)
    follow(office, case, office.bureau.clerk)
    for each in (case, other):
        office.do(each, "fill_target")

    assert before == set()
    assert heard_of(office, office.bureau.office) == {(case, True)}
    assert heard_of(office, office.bureau.clerk) == {(case, True), (other, False)}


def test_a_case_that_is_over_is_heard_of_no_more_but_stays_in_the_list(office: Office, case: int) -> None:
    follow(office, case, office.bureau.office)

    with office.transactions() as session:
        cancel(session, case, reason="示例", by=office.bureau.office, at=office.now)

    assert heard_of(office, office.bureau.office) == set()
    assert listed(office, office.bureau.office) == [case]


def test_what_one_may_not_see_is_not_followed_and_what_one_sees_no_more_is_gone(office: Office, case: int) -> None:
    with office.transactions() as session:
        unit = Unit(jurisdiction="huaxi", name="示例单位乙", kind=UnitKind.UNIT)
        session.add(unit)
        session.flush()
        stranger = person_in(session, unit, "陈无关", Role.UNIT_CLERK)
    for command in (follow, unfollow):
        with pytest.raises(CaseNotFound):
            command(office, case, stranger)
        with pytest.raises(CaseNotFound):
            command(office, 987654321, office.bureau.office)

    follow(office, case, office.bureau.clerk)
    belongs_to(office, case, stranger.unit_id)

    assert listed(office, office.bureau.clerk) == []
    assert heard_of(office, office.bureau.clerk) == set()
    with office.transactions() as session:
        assert not follows(session, office.bureau.clerk, case)
    belongs_to(office, case, office.bureau.unit_id)
    assert listed(office, office.bureau.clerk) == [case]


def test_nobody_follows_a_case_in_anothers_place(office: Office, case: int) -> None:
    substitute = replace(office.bureau.head, acting_for=office.bureau.clerk.person_id)
    follow(office, case, office.bureau.clerk)

    for command in (follow, unfollow):
        with pytest.raises(NotThroughSubstitute):
            command(office, case, substitute)

    assert listed(office, substitute) == []


def test_another_tenant_and_an_administrator_follow_nothing(office: Office, case: int) -> None:
    conghua = Office.opened(office.database, "conghua")
    with pytest.raises(CaseNotFound):
        follow(conghua, case, conghua.bureau.office)
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        administrator = person_in(session, unit, "孙系统", Role.SYSTEM_ADMIN)
    with pytest.raises(EngineError):
        follow(office, case, administrator)


def test_one_case_too_many_is_refused_in_a_sentence_and_those_out_of_sight_do_not_count(
    office: Office, case: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk, other = office.bureau.clerk, project_at(office, "fill_target")
    monkeypatch.setattr(sys.modules[follow_case.__module__], "MOST_FOLLOWED", 1)
    follow(office, case, clerk)

    with pytest.raises(FollowsTooMany, match="最多关注 1 份案卷，没有关注。请先取消不再看的。"):
        follow(office, other, clerk)
    follow(office, case, clerk)
    belongs_to(office, case, office.bureau.finance_id)
    follow(office, other, clerk)
    belongs_to(office, case, office.bureau.unit_id)

    assert sorted(listed(office, clerk)) == sorted([case, other])


def belongs_to(office: Office, case: int, unit_id: int) -> None:
    with office.transactions() as session:
        session.execute(update(Case).where(Case.id == case).values(unit_id=unit_id))
