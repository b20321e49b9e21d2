"""What administrators do to accounts, and people to their own password and second factor."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from sqlalchemy import func, select

from engine.accounts import (
    FormerPassword,
    SignIn,
    close_account,
    give_password,
    link,
    locked_people,
    locked_until,
    open_account,
    reopen_account,
    session_of,
    set_password,
    unlock,
)
from engine.accounts import second_factor as factor
from engine.accounts.refusals import (
    AccountExists,
    AccountStands,
    NoAccount,
    NotForOneself,
    NotProven,
    SecondFactorStands,
    WeakPassword,
    WrongCode,
)
from engine.directory import Actor, NotYourOffice, Person
from engine.errors import EngineError
from engine.words import Access
from tests.integration.accounts.somebody import ANOTHER, KEYS, NOW, PASSWORD, People, Somebody, WithTelephone
from tests.integration.refusals import must_be_a_sentence


def changed(person: Somebody, sign_in: SignIn, old: str, new: str) -> EngineError | None:
    with person.transaction() as session:
        return set_password(session, session.get_one(SignIn, sign_in.id), old, new, at=person.at)


def is_open(person: Somebody, token: str) -> bool:
    with person.transaction() as session:
        return session_of(session, token, person.at) is not None


# ── opening ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_person_has_one_account(somebody: Somebody, system: Somebody) -> None:
    with somebody.transaction() as session:
        person = session.get_one(Person, somebody.actor.person_id)
        with pytest.raises(AccountExists) as refused:
            open_account(session, person, ANOTHER, by=system.actor, at=NOW)

    must_be_a_sentence(refused.value.message)
    assert somebody.is_in()


def test_a_first_password_is_a_good_one(somebody: Somebody, system: Somebody) -> None:
    with somebody.transaction() as session:
        newcomer = Person(jurisdiction="huaxi", login=f"new{somebody.actor.person_id}", name="示例")
        session.add(newcomer)
        session.flush()
        with pytest.raises(WeakPassword):
            open_account(session, newcomer, newcomer.login, by=system.actor, at=NOW)
        with pytest.raises(NoAccount) as refused:
            unlock(session, newcomer.id, by=None, at=NOW)

    must_be_a_sentence(refused.value.message)


DONE_BY: list[tuple[str, Callable[..., Any]]] = [
    ("security", give_password),
    ("security", unlock),
    ("system", close_account),
    ("system", reopen_account),
    ("system", lambda session, person, **how: link(session, person, "x", **how)),
    ("security", factor.switch_off_for),
]


@pytest.mark.parametrize(("office", "act"), DONE_BY)
def test_only_the_administrator_whose_work_it_is_does_it_and_never_for_himself(
    somebody: Somebody, security: Somebody, system: Somebody, office: str, act: Callable[..., Any]
) -> None:
    admins = {"security": security.actor, "system": system.actor}

    for by in (somebody.actor, Actor(0, "无", "huaxi", 0, frozenset())):
        with somebody.transaction() as session, pytest.raises(NotYourOffice):
            act(session, system.actor.person_id, by=by, at=NOW)
    with somebody.transaction() as session, pytest.raises(NotForOneself) as refused:
        act(session, admins[office].person_id, by=admins[office], at=NOW)
    must_be_a_sentence(refused.value.message)


# ── passwords ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_changes_the_password_is_out_everywhere_else(somebody: Somebody) -> None:
    here, there = somebody.is_in(), somebody.is_in()

    assert changed(somebody, here.sign_in, PASSWORD, ANOTHER) is None

    assert (is_open(somebody, here.token), is_open(somebody, there.token)) == (True, False)
    assert somebody.is_in(ANOTHER)
    assert somebody.refusal(PASSWORD)[0] == "account.wrong_credentials"
    assert Access.PASSWORD_CHANGED in somebody.log()


def test_a_wrong_old_password_counts_and_changes_nothing(somebody: Somebody) -> None:
    here = somebody.is_in()

    told = [changed(somebody, here.sign_in, ANOTHER, "又一个很长的新密码呀呀呀呀") for _ in range(5)]

    assert [refusal.code for refusal in told if refusal] == ["account.wrong_credentials"] * 4 + ["account.locked"]
    assert somebody.log().count(Access.PASSWORD_NOT_CHANGED) == 5
    assert somebody.later(minutes=15).is_in(PASSWORD)


@pytest.mark.parametrize("new", ["short", "Admin@2022", PASSWORD])
def test_a_weak_or_used_password_is_not_taken(somebody: Somebody, new: str) -> None:
    here = somebody.is_in()

    refusal = changed(somebody, here.sign_in, PASSWORD, new)

    assert refusal is not None
    must_be_a_sentence(refusal.message)
    assert somebody.is_in(PASSWORD)


def test_the_last_five_passwords_are_not_taken_again_and_no_more_are_kept(somebody: Somebody) -> None:
    here, now = somebody.is_in(), PASSWORD
    for number in range(5):
        new = f"{ANOTHER}-{'甲乙丙丁戊'[number]}"
        assert changed(somebody.later(seconds=number + 1), here.sign_in, now, new) is None
        now = new

    told = changed(somebody.later(minutes=1), here.sign_in, now, f"{ANOTHER}-甲")
    with somebody.transaction() as session:
        mine = FormerPassword.person_id == somebody.actor.person_id
        kept = session.scalar(select(func.count()).select_from(FormerPassword).where(mine))

    assert told is not None
    assert told.code == "account.password_used_before"
    assert kept == 5
    assert changed(somebody.later(minutes=1), here.sign_in, now, PASSWORD) is None


def test_a_password_given_by_the_security_admin_opens_until_it_is_changed(
    somebody: Somebody, security: Somebody
) -> None:
    before = somebody.is_in()
    for _ in range(5):
        somebody.refusal(ANOTHER)

    with security.transaction() as session:
        given = give_password(session, somebody.actor.person_id, by=security.actor, at=NOW)

    assert not is_open(somebody, before.token)
    assert somebody.refusal(PASSWORD)[0] == "account.wrong_credentials"
    here = somebody.is_in(given)
    assert here.must_change
    assert changed(somebody, here.sign_in, given, ANOTHER) is None
    assert not somebody.is_in(ANOTHER).must_change


# ── closing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_closed_account_lets_nobody_in_until_it_is_opened_again(somebody: Somebody, system: Somebody) -> None:
    here = somebody.is_in()

    with system.transaction() as session:
        close_account(session, somebody.actor.person_id, by=system.actor, at=NOW)
        for act in (close_account, give_password):
            with pytest.raises(AccountStands):
                act(session, somebody.actor.person_id, by=None, at=NOW)
    assert not is_open(somebody, here.token)
    assert somebody.refusal()[0] == "account.closed"

    with system.transaction() as session:
        given = reopen_account(session, somebody.actor.person_id, by=system.actor, at=NOW)
        with pytest.raises(AccountStands):
            reopen_account(session, somebody.actor.person_id, by=system.actor, at=NOW)
    assert somebody.is_in(given).must_change
    assert not is_open(somebody, here.token)


def test_an_identity_belongs_to_one_account(somebody: Somebody, people: People) -> None:
    other = people()
    with somebody.transaction() as session:
        link(session, somebody.actor.person_id, "the same", by=None, at=NOW)
        with pytest.raises(AccountExists):
            link(session, other.actor.person_id, "the same", by=None, at=NOW)
        link(session, somebody.actor.person_id, None, by=None, at=NOW)
        link(session, other.actor.person_id, "the same", by=None, at=NOW)


def test_until_when_a_login_is_locked_can_be_asked(somebody: Somebody) -> None:
    with somebody.transaction() as session:
        assert locked_until(session, somebody.login, NOW) is None
    for _ in range(5):
        somebody.refusal(ANOTHER)

    until = somebody.later(minutes=15).at
    with somebody.transaction() as session:
        assert locked_until(session, somebody.login, NOW) == until
        assert (somebody.actor.person_id, until) in [(person.id, end) for person, end in locked_people(session, NOW)]
        assert somebody.actor.person_id not in [person.id for person, _ in locked_people(session, until)]


# ── the second factor ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_second_factor_is_asked_for_only_when_a_code_has_confirmed_it(somebody: Somebody) -> None:
    here = somebody.is_in()
    with somebody.transaction() as session:
        mine = session.get_one(SignIn, here.sign_in.id)
        begun = factor.begin(session, mine, issuer="花溪区预算绩效", at=NOW, keys=KEYS)
        with pytest.raises(WrongCode):
            factor.confirm(session, mine, "000", at=NOW, keys=KEYS)
    other = somebody.is_in()

    with somebody.transaction() as session:
        mine = session.get_one(SignIn, here.sign_in.id)
        codes = factor.confirm(session, mine, pyotp.TOTP(begun.secret).at(NOW), at=NOW, keys=KEYS)

    assert begun.address.startswith("otpauth://totp/")
    assert len(set(codes)) == 10
    assert {len(code) for code in codes} == {29}
    assert not is_open(somebody, other.token)
    assert somebody.refusal()[0] == "account.code_needed"
    assert begun.secret.encode() not in (somebody.account().totp_secret or b"")


def test_what_concerns_the_second_factor_takes_the_password_again(telephone: WithTelephone) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.code(NOW)).sign_in
    later = person.later(minutes=6)
    acts: list[Callable[[Any, SignIn], object]] = [
        lambda session, mine: factor.begin(session, mine, issuer="", at=later.at, keys=KEYS),
        lambda session, mine: factor.make_recovery_codes(session, mine, at=later.at),
        lambda session, mine: factor.switch_off(session, mine, at=later.at),
    ]

    for act in acts:
        with later.transaction() as session, pytest.raises(NotProven):
            act(session, session.get_one(SignIn, here.id))


def test_new_recovery_codes_take_the_place_of_the_old_ones(telephone: WithTelephone) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.recovery_codes[0]).sign_in
    with person.transaction() as session:
        assert factor.recovery_codes_left(session, person.actor.person_id) == 9
        new = factor.make_recovery_codes(session, session.get_one(SignIn, here.id), at=NOW)
        assert factor.recovery_codes_left(session, person.actor.person_id) == 10

    assert person.refusal(code=telephone.recovery_codes[1])[0] == "account.wrong_code"
    assert person.is_in(code=new[1])


def test_switched_off_it_is_asked_for_no_more(telephone: WithTelephone) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.code(NOW)).sign_in
    with person.transaction() as session:
        mine = session.get_one(SignIn, here.id)
        with pytest.raises(SecondFactorStands):
            factor.begin(session, mine, issuer="", at=NOW, keys=KEYS)
        factor.switch_off(session, mine, at=NOW)
        with pytest.raises(SecondFactorStands):
            factor.switch_off(session, mine, at=NOW)
        with pytest.raises(SecondFactorStands):
            factor.confirm(session, mine, "", at=NOW, keys=KEYS)

    assert not person.is_in().sign_in.second_factor
    assert person.account().totp_secret is None


def test_for_who_lost_everything_the_security_admin_switches_it_off(
    telephone: WithTelephone, security: Somebody
) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.code(NOW))

    with security.transaction() as session:
        factor.switch_off_for(session, person.actor.person_id, by=security.actor, at=NOW)

    assert not is_open(person, here.token)
    assert person.is_in()
    assert Access.SECOND_FACTOR_OFF in person.log()
