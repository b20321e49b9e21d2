"""Sessions: found by their token alone, over in time, each seen and ended by its person; the seat taken in one."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.accounts import (
    SignIn,
    end,
    end_others,
    keep_alive,
    keys_from,
    must_be_proven,
    new_key,
    open_sessions,
    open_sessions_of,
    prove,
    renew_token,
    session_of,
    set_password,
    sit_for,
    take_seat,
    who_acts,
)
from engine.accounts.refusals import NotProven, PasswordDue
from engine.clock import day_of
from engine.directory import (
    Actor,
    Appointment,
    NoOffice,
    NotSubstitute,
    NotYourOffice,
    SeatNotChosen,
    Substitution,
    Unit,
)
from engine.words import Access, Role, SignInEnd, UnitKind
from tests.integration.accounts.somebody import ANOTHER, KEYS, NOW, PASSWORD, People, Somebody, WithTelephone
from tests.integration.refusals import must_be_a_sentence
from tests.trips import trips_to

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)


def found(person: Somebody, token: str, jurisdiction: str = "huaxi", **later: float) -> SignIn | None:
    with person.database.transaction(jurisdiction) as session:
        known = session_of(session, token, person.at + timedelta(**later))
        return known and known[0]


# ── a token ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_session_is_found_by_its_token_in_one_statement_with_whose_it_is(somebody: Somebody) -> None:
    here = somebody.is_in()

    with trips_to(somebody.database) as trips, somebody.transaction() as session:
        known = session_of(session, here.token, somebody.at)

    assert known is not None
    again, whose = known
    assert (again.id, whose.id) == (here.sign_in.id, here.sign_in.person_id)
    assert len(trips) == 3  # begins, asks, commits


def test_a_token_finds_nothing_for_another_tenant(somebody: Somebody) -> None:
    here = somebody.is_in()

    assert found(somebody, here.token, "conghua") is None


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_any_text_is_no_token(somebody: Somebody, token: str) -> None:
    assert found(somebody, token) is None


@pytest.mark.parametrize(("minutes", "open_"), [(0, True), (30, True), (30.1, False)])
def test_a_session_nobody_uses_is_over_after_half_an_hour(somebody: Somebody, minutes: float, open_: bool) -> None:
    here = somebody.is_in()

    assert (found(somebody, here.token, minutes=minutes) is not None) is open_
    assert here.sign_in.open_until == NOW + timedelta(minutes=30)


def test_a_session_in_use_lasts_ten_hours_and_no_longer(somebody: Somebody) -> None:
    here = somebody.is_in()
    for minutes in range(20, 600, 20):
        with somebody.transaction() as session:
            known = session_of(session, here.token, NOW + timedelta(minutes=minutes))
            assert known is not None
            mine, _ = known
            keep_alive(session, mine, NOW + timedelta(minutes=minutes))

    assert mine.open_until == NOW + timedelta(hours=10)
    assert found(somebody, here.token, minutes=599) is not None
    assert found(somebody, here.token, minutes=600) is None


def test_that_it_is_used_is_written_once_a_minute(somebody: Somebody) -> None:
    here = somebody.is_in()
    mine = here.sign_in

    with trips_to(somebody.database) as trips, somebody.transaction() as session:
        mine = session.merge(mine, load=False)
        keep_alive(session, mine, NOW + timedelta(seconds=59))
    assert trips == []

    with somebody.transaction() as session:
        mine = session.merge(mine, load=False)
        keep_alive(session, mine, NOW + timedelta(seconds=60))
    assert mine.seen_at == NOW + timedelta(seconds=60)


def test_a_new_token_takes_the_place_of_the_old_one(somebody: Somebody) -> None:
    here = somebody.is_in()

    with somebody.transaction() as session:
        token = renew_token(session, session.get_one(SignIn, here.sign_in.id))

    assert found(somebody, here.token) is None
    assert found(somebody, token) is not None


# ── ending ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def ended(person: Somebody, sign_in: SignIn, why: SignInEnd, by: Actor | None = None) -> None:
    with person.transaction() as session:
        end(session, session.get_one(SignIn, sign_in.id), why, at=person.at, by=by)


def test_who_signs_out_is_out_and_stays_out(somebody: Somebody) -> None:
    here = somebody.is_in()

    ended(somebody, here.sign_in, SignInEnd.SIGNED_OUT)
    ended(somebody.later(minutes=1), here.sign_in, SignInEnd.BY_ONESELF)

    assert found(somebody, here.token) is None
    assert somebody.log()[-2:] == [Access.SIGNED_IN, Access.SIGNED_OUT]
    with somebody.transaction() as session:
        kept = session.get_one(SignIn, here.sign_in.id)
    assert (kept.ended_at, kept.ended_why) == (NOW, SignInEnd.SIGNED_OUT)


def test_everybody_sees_the_own_open_sessions_and_ends_the_others(somebody: Somebody, people: People) -> None:
    first = somebody.elsewhere("10.1.1.1").is_in()
    last = somebody.later(minutes=2).elsewhere("10.2.2.2").is_in()
    stranger = people().is_in()

    assert [mine.from_address for mine in listed(somebody.later(minutes=3))] == ["10.2.2.2", "10.1.1.1"]
    with somebody.transaction() as session:
        assert end_others(session, session.get_one(SignIn, last.sign_in.id), at=NOW) == 1

    assert found(somebody, first.token) is None
    assert found(somebody, last.token, minutes=2) is not None
    assert found(somebody, stranger.token) is not None


def listed(person: Somebody) -> Sequence[SignIn]:
    with person.transaction() as session:
        return open_sessions_of(session, person.actor.person_id, person.at)


def test_the_security_admin_sees_all_and_ends_any(somebody: Somebody, security: Somebody, system: Somebody) -> None:
    here = somebody.is_in()
    with security.transaction() as session:
        assert here.sign_in.id in {one.id for one in open_sessions(session, NOW)}

    with pytest.raises(NotYourOffice):
        ended(system, here.sign_in, SignInEnd.BY_ADMIN, by=system.actor)
    ended(security, here.sign_in, SignInEnd.BY_ADMIN, by=security.actor)

    assert found(somebody, here.token) is None


def test_sessions_that_were_over_long_ago_are_forgotten(somebody: Somebody) -> None:
    somebody.is_in()
    somebody.later(days=1).is_in()
    somebody.later(days=91).is_in()

    with somebody.transaction() as session:
        begun = [one.begun_at for one in session.query(SignIn).filter_by(person_id=somebody.actor.person_id)]
    assert sorted(begun) == [NOW + timedelta(days=1), NOW + timedelta(days=91)]


# ── 再次认证 ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def proven(person: Somebody, sign_in: SignIn, password: str = PASSWORD, code: str = "", keys: Any = KEYS) -> str | None:
    with person.transaction() as session:
        refusal = prove(session, session.get_one(SignIn, sign_in.id), password, code, at=person.at, keys=keys)
    return None if refusal is None else refusal.message


def again(person: Somebody, sign_in: SignIn) -> SignIn:
    with person.transaction() as session:
        return session.get_one(SignIn, sign_in.id)


def test_the_password_given_again_holds_for_five_minutes(somebody: Somebody) -> None:
    here, later = somebody.is_in(), somebody.later(hours=1)
    with pytest.raises(NotProven) as refused:
        must_be_proven(again(later, here.sign_in), later.at)
    must_be_a_sentence(refused.value.message)

    assert proven(later, here.sign_in) is None

    mine = again(later, here.sign_in)
    must_be_proven(mine, later.at + timedelta(minutes=4, seconds=59))
    assert not mine.is_proven(later.at + timedelta(minutes=5))
    assert somebody.log()[-1] == Access.PROVEN


def test_wrong_tries_to_prove_count_and_lock_as_those_of_signing_in(somebody: Somebody) -> None:
    here = somebody.is_in()

    told = [proven(somebody, here.sign_in, ANOTHER) for _ in range(5)]

    assert told[0] == "账号或密码不对，还可再试 4 次。"
    assert told[4] == "连续 5 次不成功，已锁定至 10:57，可请安全管理员解锁。"
    assert somebody.refusal()[0] == "account.locked"


def test_with_a_second_factor_its_code_is_needed_too(telephone: WithTelephone) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.code(NOW))
    later = person.later(minutes=10)

    assert "动态口令" in str(proven(later, here.sign_in))
    assert "密钥" in str(proven(later, here.sign_in, code=telephone.code(later.at), keys=keys_from(new_key())))
    assert proven(later, here.sign_in, code=telephone.code(later.at)) is None


# ── 身份 ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def second_unit(somebody: Somebody) -> int:
    """A second unit in which the person holds an office."""
    with somebody.transaction() as session:
        unit = Unit(jurisdiction="huaxi", name=f"示例二{somebody.login}", kind=UnitKind.UNIT)
        session.add(unit)
        session.flush()
        mine = {"person_id": somebody.actor.person_id, "unit_id": unit.id}
        session.add(Appointment(jurisdiction="huaxi", role=Role.UNIT_HEAD, **mine))
        session.add(Appointment(jurisdiction="huaxi", role=Role.UNIT_CLERK, **mine))
        return unit.id


def test_who_has_taken_a_seat_acts_in_its_offices(somebody: Somebody, second_unit: int) -> None:
    here = somebody.is_in().sign_in
    with somebody.transaction() as session:
        with pytest.raises(SeatNotChosen):
            who_acts(session, session.get_one(SignIn, here.id), NOW)
        take_seat(session, session.get_one(SignIn, here.id), second_unit, at=NOW)
        both = who_acts(session, session.get_one(SignIn, here.id), NOW)
        take_seat(session, session.get_one(SignIn, here.id), second_unit, [Role.UNIT_HEAD], at=NOW)
        one = who_acts(session, session.get_one(SignIn, here.id), NOW)

    assert (both.unit_id, both.roles) == (second_unit, {Role.UNIT_HEAD, Role.UNIT_CLERK})
    assert (one.unit_id, one.roles) == (second_unit, {Role.UNIT_HEAD})
    assert somebody.log()[-2:] == [Access.SEAT_TAKEN] * 2


def test_a_seat_the_person_does_not_hold_is_refused(somebody: Somebody, people: People) -> None:
    here, foreign = somebody.is_in().sign_in, people().actor.unit_id

    for unit, roles in ((foreign, []), (somebody.actor.unit_id, [Role.BUREAU_LEADER]), (10**9, [])):
        with somebody.transaction() as session, pytest.raises(NoOffice):
            take_seat(session, session.get_one(SignIn, here.id), unit, roles, at=NOW)

    assert again(somebody, here).unit_id is None


def test_before_a_password_that_is_due_is_changed_nobody_acts(people: People) -> None:
    newcomer = people(must_change=True)
    here = newcomer.is_in().sign_in

    with newcomer.transaction() as session:
        mine = session.get_one(SignIn, here.id)
        take_seat(session, mine, newcomer.actor.unit_id, at=NOW)
        with pytest.raises(PasswordDue) as refused:
            who_acts(session, mine, NOW)
        must_be_a_sentence(refused.value.message)
        assert set_password(session, mine, PASSWORD, ANOTHER, at=NOW) is None
        assert who_acts(session, mine, NOW) == newcomer.actor


def test_an_office_taken_away_is_gone_from_sessions_at_once(somebody: Somebody, second_unit: int) -> None:
    here = somebody.is_in().sign_in
    with somebody.transaction() as session:
        take_seat(session, session.get_one(SignIn, here.id), second_unit, at=NOW)

    with somebody.transaction() as session:
        session.query(Appointment).filter_by(unit_id=second_unit).delete()

    with somebody.transaction() as session, pytest.raises(NoOffice):
        who_acts(session, session.get_one(SignIn, here.id), NOW)


def test_a_substitute_acts_for_the_absent_as_long_as_it_was_entrusted(somebody: Somebody, people: People) -> None:
    absent, here = people(Role.UNIT_HEAD), somebody.is_in().sign_in
    with somebody.transaction() as session, pytest.raises(NotSubstitute):
        sit_for(session, session.get_one(SignIn, here.id), absent.actor.person_id, at=NOW)
    with somebody.transaction() as session:
        days = {"from_on": day_of(NOW), "until_on": day_of(NOW)}
        both = {"absent_id": absent.actor.person_id, "substitute_id": somebody.actor.person_id}
        session.add(Substitution(jurisdiction="huaxi", **days, **both))

    with somebody.transaction() as session:
        sit_for(session, session.get_one(SignIn, here.id), absent.actor.person_id, at=NOW)
        acts = who_acts(session, session.get_one(SignIn, here.id), NOW)
    assert (acts.person_id, acts.acting_for) == (somebody.actor.person_id, absent.actor.person_id)
    assert (acts.unit_id, acts.roles) == (absent.actor.unit_id, {Role.UNIT_HEAD})
    assert somebody.log()[-1] == Access.STOOD_IN

    with somebody.transaction() as session, pytest.raises(NotSubstitute):
        who_acts(session, session.get_one(SignIn, here.id), NOW + timedelta(days=1))
    with somebody.transaction() as session:
        take_seat(session, session.get_one(SignIn, here.id), somebody.actor.unit_id, at=NOW)
        assert who_acts(session, session.get_one(SignIn, here.id), NOW).acting_for is None
