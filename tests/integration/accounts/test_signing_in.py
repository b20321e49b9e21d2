"""Signing in: who is let in, what the others are told, and that nothing can be learnt from it."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from engine.accounts import AccessEntry, Account, Last, NotSignedIn, keys_from, link, new_key, sign_in_elsewhere, unlock
from engine.accounts.passwords import HASHER
from engine.words import Access
from tests.integration.accounts.somebody import ANOTHER, NOW, PASSWORD, People, Somebody, WithTelephone
from tests.integration.refusals import must_be_a_sentence
from tests.trips import trips_to

ANYTHING = st.text(st.characters(exclude_categories=()), max_size=300)
WRONG, LOCKED = "account.wrong_credentials", "account.locked"
IN_EARNEST = HASHER


def test_who_knows_the_password_is_in_with_a_token_that_is_kept_nowhere(somebody: Somebody) -> None:
    here = somebody.is_in()

    assert here.sign_in.person_id == somebody.actor.person_id
    assert (here.last, here.must_change) == (None, False)
    assert len(here.token) == 43
    assert here.token.encode() not in here.sign_in.digest
    assert somebody.log() == [Access.OPENED, Access.SIGNED_IN]


def test_every_sign_in_has_a_token_of_its_own_and_tells_of_the_one_before(somebody: Somebody) -> None:
    first = somebody.elsewhere("10.9.9.9").is_in()
    second = somebody.later(hours=1).is_in()

    assert first.token != second.token
    assert second.last == Last(NOW, "10.9.9.9")


def test_blanks_around_a_login_do_not_matter_and_its_capitals_do(somebody: Somebody) -> None:
    assert not isinstance(somebody.tries(login=f" {somebody.login}\n"), NotSignedIn)
    assert somebody.refusal(login=somebody.login.replace("示", "例"))[0] == WRONG


def test_the_fifth_wrong_try_locks_for_a_quarter_of_an_hour_and_says_until_when(somebody: Somebody) -> None:
    told = [somebody.refusal(ANOTHER) for _ in range(6)]

    assert told[:4] == [(WRONG, f"账号或密码不对，还可再试 {left} 次。") for left in (4, 3, 2, 1)]
    assert told[4:] == [(LOCKED, "连续 5 次不成功，已锁定至 10:57，可请安全管理员解锁。")] * 2
    assert somebody.refusal(PASSWORD)[0] == LOCKED
    assert somebody.log().count(Access.LOCKED) == 1


def test_a_lock_is_over_by_itself_and_tries_meanwhile_do_not_make_it_longer(somebody: Somebody) -> None:
    for minutes in range(15):
        assert somebody.later(minutes=minutes).refusal(ANOTHER)[0] in (WRONG, LOCKED)
    assert somebody.later(minutes=18, seconds=59).refusal()[0] == LOCKED

    assert somebody.later(minutes=19).is_in()
    assert somebody.later(minutes=20).refusal(ANOTHER)[1] == "账号或密码不对，还可再试 4 次。"


def test_a_right_try_begins_the_count_anew(somebody: Somebody) -> None:
    for _ in range(4):
        somebody.refusal(ANOTHER)
    somebody.is_in()

    assert somebody.refusal(ANOTHER)[1] == "账号或密码不对，还可再试 4 次。"


def test_a_password_nobody_filled_in_is_no_wrong_try_and_fills_no_log(somebody: Somebody) -> None:
    told = {somebody.elsewhere("10.8.8.8").refusal("") for _ in range(60)}

    with somebody.transaction() as session:
        logged = session.scalars(select(AccessEntry.id).where(AccessEntry.from_address == "10.8.8.8")).all()
    assert told == {("account.password_missing", "没有填写密码，没有办理。请填写密码后再试。")}
    assert logged == []
    assert somebody.elsewhere("10.8.8.8").is_in()


def test_a_wrong_try_counts_for_a_day(somebody: Somebody) -> None:
    somebody.refusal(ANOTHER)

    assert somebody.later(hours=23).refusal(ANOTHER)[1] == "账号或密码不对，还可再试 3 次。"
    assert somebody.later(hours=24).refusal(ANOTHER)[1] == "账号或密码不对，还可再试 4 次。"


def test_the_security_admin_unlocks(somebody: Somebody, security: Somebody) -> None:
    for _ in range(5):
        somebody.refusal(ANOTHER)

    with security.transaction() as session:
        assert unlock(session, somebody.actor.person_id, by=security.actor, at=NOW)

    assert somebody.is_in()


def test_a_login_that_does_not_exist_is_told_and_counted_the_same(somebody: Somebody) -> None:
    told = [somebody.refusal(ANOTHER) for _ in range(6)]

    assert [somebody.elsewhere("10.7.7.7").refusal(ANOTHER, login="nobody here") for _ in range(6)] == told


def test_a_login_that_does_not_exist_asks_the_database_the_same(somebody: Somebody, people: People) -> None:
    other = people()

    with trips_to(somebody.database) as known:
        somebody.refusal(ANOTHER)
    with trips_to(somebody.database) as unknown:
        other.refusal(ANOTHER, login="nobody at all")

    assert known == unknown


def test_a_person_without_an_account_is_told_the_same(somebody: Somebody) -> None:
    with somebody.transaction() as session:
        session.execute(update(Account).where(Account.person_id == somebody.actor.person_id).values(password=None))

    assert somebody.refusal(PASSWORD)[1] == "账号或密码不对，还可再试 4 次。"


def test_of_a_login_nobody_has_the_log_keeps_no_more_than_the_beginning(somebody: Somebody) -> None:
    """People type passwords where the login goes."""
    somebody.elsewhere("10.6.6.6").refusal(login="x7#Lm2pQ-secret")

    with somebody.transaction() as session:
        entry = session.scalars(select(AccessEntry).where(AccessEntry.from_address == "10.6.6.6")).one()
    assert (entry.login, entry.what, entry.facts) == ("x7…（15 字）", Access.REFUSED, {"why": WRONG})


def test_an_address_with_too_many_wrong_tries_waits_and_others_do_not(somebody: Somebody) -> None:
    crowd = somebody.elsewhere("10.5.5.5")
    for number in range(50):
        crowd.refusal(login=f"guess {number}")

    code, message = crowd.refusal()
    with somebody.transaction() as session:
        logged = len(session.scalars(select(AccessEntry.id).where(AccessEntry.from_address == "10.5.5.5")).all())

    assert code == "account.too_many_tries"
    assert message == (
        "从这个网络地址登录，不成功的次数太多，暂时不能登录。请在 10:57 以后再试，急用请联系安全管理员。"
    )
    assert logged == 50
    assert somebody.is_in()
    assert crowd.later(minutes=15).is_in()


def test_a_closed_account_is_told_only_to_who_knows_the_password(somebody: Somebody) -> None:
    with somebody.transaction() as session:
        session.execute(update(Account).where(Account.person_id == somebody.actor.person_id).values(closed_at=NOW))

    assert somebody.refusal(ANOTHER)[0] == WRONG
    assert somebody.refusal() == ("account.closed", "这个账号已停用，不能登录。需要恢复请联系系统管理员。")


def test_a_first_password_is_to_be_changed_and_opens_for_a_week(people: People) -> None:
    newcomer = people(must_change=True)

    assert newcomer.later(days=6.9).is_in().must_change
    code, message = newcomer.later(days=7).refusal()
    assert code == "account.first_password_expired"
    must_be_a_sentence(message)


def test_an_old_password_is_to_be_changed(somebody: Somebody) -> None:
    here = somebody.later(days=90, seconds=1).is_in()

    assert (here.must_change, here.sign_in.must_change) == (True, True)


def test_a_hash_of_other_strength_is_made_anew_when_its_person_comes(somebody: Somebody) -> None:
    with somebody.transaction() as session:
        stronger = IN_EARNEST.hash(PASSWORD)
        session.execute(update(Account).where(Account.person_id == somebody.actor.person_id).values(password=stronger))

    somebody.is_in()

    assert somebody.account().password != stronger
    assert somebody.is_in()


# ── the second factor ────────────────────────────────────────────────────────────────────────────────────────────────


def test_with_a_second_factor_the_code_is_needed_and_its_lack_is_no_wrong_try(telephone: WithTelephone) -> None:
    person = telephone.person

    assert [person.refusal()[0] for _ in range(6)] == ["account.code_needed"] * 6
    assert person.is_in(code=telephone.code(NOW)).sign_in.second_factor


def test_without_the_password_nobody_learns_that_there_is_one(telephone: WithTelephone) -> None:
    assert telephone.person.refusal(ANOTHER) == (WRONG, "账号或密码不对，还可再试 4 次。")


def test_a_code_opens_once(telephone: WithTelephone) -> None:
    person, code = telephone.person, telephone.code(NOW)

    person.is_in(code=code)

    assert person.later(seconds=5).refusal(code=code)[0] == "account.wrong_code"
    assert person.later(seconds=30).is_in(code=telephone.code(NOW + timedelta(seconds=30)))


@pytest.mark.parametrize(("seconds", "opens"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(telephone: WithTelephone, seconds: int, opens: bool) -> None:
    code = telephone.code(NOW + timedelta(seconds=seconds))

    assert isinstance(telephone.person.tries(code=code), NotSignedIn) is not opens


def test_a_code_before_the_last_one_used_does_not_open(telephone: WithTelephone) -> None:
    telephone.person.is_in(code=telephone.code(NOW + timedelta(seconds=30)))

    assert telephone.person.refusal(code=telephone.code(NOW))[0] == "account.wrong_code"


def test_a_code_is_read_however_it_is_typed(telephone: WithTelephone) -> None:
    code = telephone.code(NOW)
    full_width = "".join(chr(ord(digit) + 0xFEE0) for digit in f"{code[:3]}{code[3:]}")

    assert telephone.person.is_in(code=f" {full_width[:3]} {full_width[3:]}")


def test_wrong_codes_lock_as_wrong_passwords_do(telephone: WithTelephone) -> None:
    told = [telephone.person.refusal(code="abc") for _ in range(5)]

    assert [code for code, _ in told] == ["account.wrong_code"] * 4 + [LOCKED]
    assert told[0][1].startswith("动态口令不对，还可再试 4 次。")
    assert telephone.person.refusal(code=telephone.code(NOW))[0] == LOCKED


def test_a_recovery_code_opens_once_in_place_of_the_telephone(telephone: WithTelephone) -> None:
    person, code = telephone.person, telephone.recovery_codes[3]

    assert person.is_in(code=f" {code.lower()} ")
    assert person.refusal(code=code)[0] == "account.wrong_code"
    assert person.is_in(code=telephone.recovery_codes[4])


def test_a_recovery_code_of_somebody_else_does_not_open(telephone: WithTelephone, security: Somebody) -> None:
    assert telephone.person.refusal(code="AAAA-BBBB-CCCC-DDDD-EEEE-FFFF")[0] == "account.wrong_code"
    assert security.is_in(code=telephone.recovery_codes[0])
    assert telephone.person.is_in(code=telephone.recovery_codes[0])


def test_under_other_keys_the_code_cannot_be_checked_and_that_is_said(telephone: WithTelephone) -> None:
    person = Somebody(
        telephone.person.database, telephone.person.actor, telephone.person.login, keys=keys_from(new_key())
    )

    code, message = person.refusal(code=telephone.code(NOW))

    assert code == "account.secret_unreadable"
    must_be_a_sentence(message)


# ── 统一身份认证 ─────────────────────────────────────────────────────────────────────────────────────────────────────


def elsewhere(person: Somebody, subject: str) -> str | None:
    """The code of the refusal, None for who is in."""
    with person.transaction() as session:
        came = sign_in_elsewhere(session, subject, from_address="10.1.1.1", agent="", at=NOW)
        return came.refusal.code if isinstance(came, NotSignedIn) else None


def test_whom_the_identity_provider_vouches_for_is_in_where_the_account_is_linked(
    somebody: Somebody, system: Somebody
) -> None:
    assert elsewhere(somebody, "subject-1") == "account.not_found"

    with system.transaction() as session:
        link(session, somebody.actor.person_id, "subject-1", by=system.actor, at=NOW)
    assert elsewhere(somebody, "subject-1") is None
    assert somebody.log()[-2:] == [Access.LINKED, Access.SIGNED_IN]

    with somebody.transaction() as session:
        session.execute(update(Account).where(Account.person_id == somebody.actor.person_id).values(closed_at=NOW))
    assert elsewhere(somebody, "subject-1") == "account.closed"


# ── anything may be typed ────────────────────────────────────────────────────────────────────────────────────────────


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING, ANYTHING, ANYTHING)
def test_any_text_is_refused_in_words(somebody: Somebody, login: str, password: str, code: str) -> None:
    told, message = somebody.elsewhere(f"{password[:40]}{code}").refusal(password, code, login=f"{login}？")

    assert told in (WRONG, LOCKED, "account.too_many_tries", "account.password_missing")
    assert message.endswith("。")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANYTHING)
def test_any_text_is_a_wrong_code(telephone: WithTelephone, code: str) -> None:
    told, _ = telephone.person.refusal(code=f"{code}？")

    assert told in ("account.code_needed", "account.wrong_code", LOCKED)


@pytest.mark.parametrize("login", ["\0", "a\0b", "\ud800", "", " ", "x" * 10000])
def test_a_login_no_row_can_hold_is_nobodys(somebody: Somebody, login: str) -> None:
    code, message = somebody.refusal(login=login)

    assert code == WRONG
    assert message.startswith("账号或密码不对，还可再试")
