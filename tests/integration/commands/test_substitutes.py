"""身份与代理: in which unit a person acts, and who acts for whom, for how long, in which offices."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select, text

from engine.audit import Entry
from engine.commands import name_substitute, revoke_substitute
from engine.commands.revoke_substitute import SubstitutionOver
from engine.directory import (
    Actor,
    Appointment,
    NoOffice,
    NotSubstitute,
    SeatNotChosen,
    Unit,
    acting_as,
    actor_of,
    seats_of,
)
from engine.moves.receipts import Receipt
from engine.queries.office_holders import office_holders
from engine.words import Role
from tests.factories import person_in
from tests.integration.refusals import refused
from tests.office import Office


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture
def absent(office: Office) -> Iterator[Actor]:
    """Clerk and head of the unit, and somebody of the finance office too."""
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.unit_id)
        name = f"双职{session.query(Appointment).count()}"
        actor = person_in(session, unit, name, Role.UNIT_CLERK, Role.UNIT_HEAD)
        session.add(
            Appointment(
                jurisdiction="huaxi",
                person_id=actor.person_id,
                unit_id=office.bureau.finance_id,
                role=Role.PERFORMANCE_OFFICE,
            )
        )
    return actor


@pytest.fixture
def admin(office: Office) -> Actor:
    """The security admin, who sits in the finance bureau."""
    return replace(office.bureau.second_officer, roles=frozenset({Role.SECURITY_ADMIN}))


def _login(actor: Actor) -> str:
    return f"{actor.name}@{actor.unit_id}"


def _name(office: Office, absent: Actor, **how: Any) -> Receipt:
    today = office.today
    given = {"from_on": today, "until_on": today + timedelta(days=7), "by": absent, "at": office.now, **how}
    substitute = given.pop("substitute", office.bureau.head.person_id)
    with office.transactions() as session:
        return name_substitute(session, absent.person_id, substitute, **given)


def _as(office: Office, absent: Actor, on: date | None = None, **seat: Any) -> Actor:
    chosen = {"unit_id": office.bureau.unit_id, **seat}
    with office.transactions() as session:
        return acting_as(session, office.bureau.head, absent.person_id, on or office.today, **chosen)


# ── in which office ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_in_two_units_has_a_seat_in_each(office: Office, absent: Actor) -> None:
    with office.transactions() as session:
        seats = seats_of(session, absent.person_id)

    assert [(seat.unit_name, seat.roles) for seat in seats] == [
        ("示例单位甲", {Role.UNIT_CLERK, Role.UNIT_HEAD}),
        ("示例财政局", {Role.PERFORMANCE_OFFICE}),
    ]


def test_a_person_in_two_units_has_to_say_in_which_to_act(office: Office, absent: Actor) -> None:
    with pytest.raises(SeatNotChosen) as caught, office.transactions() as session:
        actor_of(session, _login(absent))

    assert caught.value.facts["seats"] == [office.bureau.unit_id, office.bureau.finance_id]


def test_a_chosen_unit_gives_its_offices_and_no_others(office: Office, absent: Actor) -> None:
    with office.transactions() as session:
        finance = actor_of(session, _login(absent), unit_id=office.bureau.finance_id)
        clerk = actor_of(session, _login(absent), unit_id=office.bureau.unit_id, roles=[Role.UNIT_CLERK])

    assert (finance.unit_id, finance.roles) == (office.bureau.finance_id, {Role.PERFORMANCE_OFFICE})
    assert (clerk.unit_id, clerk.roles) == (office.bureau.unit_id, {Role.UNIT_CLERK})


def test_nobody_chooses_an_office_they_do_not_hold(office: Office, absent: Actor) -> None:
    with office.transactions() as session:
        with pytest.raises(NoOffice):
            actor_of(session, _login(absent), unit_id=office.bureau.agency_id)
        with pytest.raises(NoOffice):
            actor_of(session, _login(absent), unit_id=office.bureau.unit_id, roles=[Role.BUREAU_LEADER])


# ── for whom ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_substitute_has_the_offices_of_the_absent_person_on_these_days(office: Office, absent: Actor) -> None:
    _name(office, absent)

    for day in (0, 7):
        actor = _as(office, absent, office.today + timedelta(days=day))
        assert (actor.person_id, actor.acting_for) == (office.bureau.head.person_id, absent.person_id)
        assert actor.roles == {Role.UNIT_CLERK, Role.UNIT_HEAD}
    for day in (-1, 8):
        with pytest.raises(NotSubstitute):
            _as(office, absent, office.today + timedelta(days=day))


def test_a_scope_keeps_the_other_offices_back(office: Office, absent: Actor) -> None:
    _name(office, absent, roles=[Role.UNIT_CLERK])

    assert _as(office, absent).roles == {Role.UNIT_CLERK}
    with pytest.raises(NotSubstitute):
        _as(office, absent, roles=[Role.UNIT_HEAD])
    with pytest.raises(NotSubstitute):
        _as(office, absent, unit_id=office.bureau.finance_id)


def test_two_scopes_add_up(office: Office, absent: Actor) -> None:
    _name(office, absent, roles=[Role.UNIT_CLERK])
    _name(office, absent, roles=[Role.UNIT_HEAD])

    assert _as(office, absent).roles == {Role.UNIT_CLERK, Role.UNIT_HEAD}


def test_naming_and_revoking_are_on_record_in_the_chain_of_the_jurisdiction(office: Office, absent: Actor) -> None:
    named = _name(office, absent, roles=[Role.UNIT_HEAD])
    with office.transactions() as session:
        number = named.gave["substitution"]
        revoked = revoke_substitute(session, number, reason="示例：提前返岗", by=absent, at=office.now)

    assert [event.name for event in (*named.events, *revoked.events)] == [
        "directory.substituted",
        "directory.substitution_revoked",
    ]
    with office.transactions() as session:
        last = session.scalars(select(Entry).where(Entry.case_id == 0).order_by(Entry.seq.desc()).limit(2)).all()
        assert [entry.payload["absent"] for entry in last] == [absent.person_id] * 2
        assert [entry.payload["scope"] for entry in last] == [["unit_head"]] * 2
        assert last[0].payload["reason"] == "示例：提前返岗"
    with pytest.raises(NotSubstitute):
        _as(office, absent)


def test_the_security_admin_names_and_revokes_for_somebody_else(office: Office, absent: Actor, admin: Actor) -> None:
    named = _name(office, absent, by=admin)

    assert _as(office, absent).acting_for == absent.person_id
    with office.transactions() as session:
        revoke_substitute(session, named.gave["substitution"], by=admin, at=office.now)
    with pytest.raises(NotSubstitute):
        _as(office, absent)


def test_nobody_else_names_or_revokes(office: Office, absent: Actor) -> None:
    named = _name(office, absent)

    for by in (office.bureau.head, office.bureau.office):
        with refused(office.database, "substitution.not_yours"):
            _name(office, absent, by=by)
        with refused(office.database, "substitution.not_yours"), office.transactions() as session:
            revoke_substitute(session, named.gave["substitution"], by=by, at=office.now)


def test_a_substitute_names_and_revokes_no_substitute(office: Office, absent: Actor, admin: Actor) -> None:
    named = _name(office, absent)

    for by in (_as(office, absent), replace(admin, acting_for=99), replace(absent, acting_for=99)):
        with refused(office.database, "permission.not_through_substitute"):
            _name(office, absent, by=by, substitute=office.bureau.clerk.person_id)
        with refused(office.database, "permission.not_through_substitute"), office.transactions() as session:
            revoke_substitute(session, named.gave["substitution"], by=by, at=office.now)


@pytest.mark.parametrize(
    ("from_day", "until_day"), [(-1, 3), (3, 2), (0, 366), (1, 367)], ids=["past", "backwards", "367 days", "later"]
)
def test_impossible_days_are_refused(office: Office, absent: Actor, from_day: int, until_day: int) -> None:
    days = {
        "from_on": office.today + timedelta(days=from_day),
        "until_on": office.today + timedelta(days=until_day),
    }

    with refused(office.database, "substitution.refused"):
        _name(office, absent, **days)


@pytest.mark.parametrize("last", [0, 365], ids=["one day", "366 days"])
def test_one_day_and_366_days_are_possible(office: Office, absent: Actor, last: int) -> None:
    receipt = _name(office, absent, until_on=office.today + timedelta(days=last))

    assert receipt.gave["substitution"]


def test_oneself_nobody_and_offices_not_held_are_refused(office: Office, absent: Actor) -> None:
    with refused(office.database, "substitution.refused"):
        _name(office, absent, substitute=absent.person_id)
    with refused(office.database, "directory.no_person"):
        _name(office, absent, substitute=10**6)
    with refused(office.database, "substitution.refused"):
        _name(office, absent, roles=[Role.UNIT_CLERK, Role.BUREAU_LEADER])


def test_what_is_over_is_not_revoked_again(office: Office, absent: Actor) -> None:
    number = _name(office, absent).gave["substitution"]

    with refused(office.database, "substitution.over"), office.transactions() as session:
        revoke_substitute(session, number, by=absent, at=office.now + timedelta(days=9))
    with office.transactions() as session:
        revoke_substitute(session, number, by=absent, at=office.now)
    with refused(office.database, "substitution.over"), office.transactions() as session:
        revoke_substitute(session, number, by=absent, at=office.now)
    with refused(office.database, "substitution.not_found"), office.transactions() as session:
        revoke_substitute(session, 10**6, by=absent, at=office.now)


def test_on_its_last_day_a_substitution_can_still_be_revoked(office: Office, absent: Actor) -> None:
    number = _name(office, absent, until_on=office.today).gave["substitution"]

    with office.transactions() as session:
        revoke_substitute(session, number, by=absent, at=office.now)

    with pytest.raises(NotSubstitute):
        _as(office, absent)


def test_of_two_who_revoke_at_once_the_second_is_told_that_it_is_over(office: Office, absent: Actor) -> None:
    number = _name(office, absent).gave["substitution"]

    def revoke() -> None:
        with office.transactions() as session:
            revoke_substitute(session, number, by=absent, at=office.now)

    with ThreadPoolExecutor(1) as another:
        with office.transactions() as session:
            revoke_substitute(session, number, by=absent, at=office.now)
            second = another.submit(revoke)
            assert any(_somebody_waits(office) for _ in range(5000))

        with pytest.raises(SubstitutionOver):
            second.result()


def _somebody_waits(office: Office) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with office.database.upkeep() as session:
        return bool(session.scalar(text(waiting)))


def test_the_same_request_names_one_substitute_only(office: Office, absent: Actor) -> None:
    first = _name(office, absent, key="代理-1")
    again = _name(office, absent, key="代理-1")

    assert (again.repeated, again.gave) == (True, first.gave)
    with refused(office.database, "command.key_taken"):
        _name(office, absent, key="代理-1", roles=[Role.UNIT_CLERK])


# ── one after another ────────────────────────────────────────────────────────────────────────────────────────────────


def _clerks(office: Office, many: int) -> list[Actor]:
    with office.transactions() as session:
        unit, taken = session.get_one(Unit, office.bureau.unit_id), session.query(Appointment).count()
        return [person_in(session, unit, f"连环{taken + at}", Role.UNIT_CLERK) for at in range(many)]


def _stands_in(office: Office, absent: Actor, substitute: Actor, first: int = 0, last: int = 7) -> Receipt:
    days = {"from_on": office.today + timedelta(days=first), "until_on": office.today + timedelta(days=last)}
    return _name(office, absent, substitute=substitute.person_id, **days)


def test_nobody_stands_in_for_whoever_stands_in_for_him_on_the_same_days(office: Office) -> None:
    first, second, third = _clerks(office, 3)
    _stands_in(office, first, second)
    _stands_in(office, second, third, 5, 9)

    for absent, substitute in ((second, first), (third, first)):
        with refused(office.database, "substitution.refused") as refusal:
            _stands_in(office, absent, substitute, 7, 8)
        assert f"{first.name}由{second.name}代理" in refusal.value.message
    _stands_in(office, second, first, 8, 9)
    _stands_in(office, third, first, 8, 9)


def test_no_more_than_three_substitutions_follow_one_another_on_the_same_days(office: Office) -> None:
    people = _clerks(office, 5)
    for one, other in pairwise(people[1:]):
        _stands_in(office, one, other)

    with refused(office.database, "substitution.refused") as refusal:
        _stands_in(office, people[0], people[1])
    _stands_in(office, people[0], people[1], 8, 9)

    assert f"{people[0].name}由{people[1].name}代理，{people[1].name}由" in refusal.value.message


def test_what_was_revoked_is_no_part_of_a_chain(office: Office) -> None:
    first, second = _clerks(office, 2)
    named = _stands_in(office, first, second)
    with office.transactions() as session:
        revoke_substitute(session, named.gave["substitution"], by=first, at=office.now)

    assert _stands_in(office, second, first).gave["substitution"]


# ── the administrators' offices ──────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def keeper(office: Office) -> Actor:
    """Clerk of the unit and security admin."""
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.unit_id)
        name = f"兼安全{session.query(Appointment).count()}"
        return person_in(session, unit, name, Role.UNIT_CLERK, Role.SECURITY_ADMIN)


def test_without_a_list_the_administrators_office_is_not_entrusted(office: Office, keeper: Actor) -> None:
    _name(office, keeper)

    assert _as(office, keeper).roles == {Role.UNIT_CLERK}
    with pytest.raises(NotSubstitute):
        _as(office, keeper, roles=[Role.SECURITY_ADMIN])


def test_an_administrators_office_is_entrusted_when_it_is_named(office: Office, keeper: Actor) -> None:
    _name(office, keeper, roles=[Role.SECURITY_ADMIN])

    assert _as(office, keeper).roles == {Role.SECURITY_ADMIN}


def test_who_is_only_an_administrator_has_to_name_the_office(office: Office) -> None:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.unit_id)
        only = person_in(session, unit, f"专职{session.query(Appointment).count()}", Role.AUDIT_ADMIN)

    with refused(office.database, "substitution.refused"):
        _name(office, only)


def test_a_substitute_is_told_only_where_the_substitution_goes(office: Office, keeper: Actor) -> None:
    _name(office, keeper)
    offices = [(office.bureau.unit_id, Role.UNIT_CLERK), (office.bureau.unit_id, Role.SECURITY_ADMIN)]

    with office.transactions() as session:
        clerks, admins = office_holders(session, offices, office.today).values()

    assert [len(holder.substitutes) for holder in clerks if holder.person_id == keeper.person_id] == [1]
    assert [len(holder.substitutes) for holder in admins if holder.person_id == keeper.person_id] == [0]
