"""Two at once are counted right, limits hold for all servers together, and the log of access only grows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.accounts import (
    Attempts,
    NotSignedIn,
    SignedIn,
    SignIn,
    close_account,
    prove,
    session_of,
    set_password,
    sign_in,
    within,
)
from engine.accounts.limits import forget
from engine.accounts.log import entries
from engine.store import Database
from engine.words import Access
from tests.integration.accounts.somebody import ANOTHER, KEYS, NOW, PASSWORD, Somebody, WithTelephone


def at_once(number: int, act: Callable[[], Any]) -> list[Any]:
    """What each of so many gets who begin together."""
    barrier = Barrier(number)

    def begin() -> Any:
        barrier.wait()
        return act()

    with ThreadPoolExecutor(number) as pool:
        return [done.result() for done in [pool.submit(begin) for _ in range(number)]]


# ── signing in ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_wrong_tries_at_once_are_each_counted(somebody: Somebody) -> None:
    told = at_once(2, lambda: somebody.refusal(ANOTHER)[1])

    assert sorted(told) == ["账号或密码不对，还可再试 3 次。", "账号或密码不对，还可再试 4 次。"]
    assert somebody.refusal(ANOTHER)[1] == "账号或密码不对，还可再试 2 次。"


def test_many_tries_at_once_are_not_more_than_five(somebody: Somebody) -> None:
    told = at_once(8, lambda: somebody.refusal(ANOTHER)[0])

    assert sorted(told) == ["account.locked"] * 4 + ["account.wrong_credentials"] * 4
    assert somebody.refusal(PASSWORD)[0] == "account.locked"


def test_of_two_who_use_one_code_at_once_one_is_in(telephone: WithTelephone) -> None:
    came = at_once(2, lambda: telephone.person.tries(code=telephone.code(NOW)))

    assert sorted(type(each).__name__ for each in came) == ["NotSignedIn", "SignedIn"]


def test_of_two_who_use_one_recovery_code_at_once_one_is_in(telephone: WithTelephone) -> None:
    came = at_once(2, lambda: telephone.person.tries(code=telephone.recovery_codes[0]))

    assert sorted(type(each).__name__ for each in came) == ["NotSignedIn", "SignedIn"]


def test_two_who_sign_in_at_once_have_two_sessions(somebody: Somebody) -> None:
    came = at_once(2, somebody.tries)

    assert [isinstance(each, NotSignedIn) for each in came] == [False, False]
    assert len({each.sign_in.id for each in came}) == len({each.token for each in came}) == 2


def test_a_wrong_try_and_a_wrong_proof_at_once_are_both_counted(somebody: Somebody) -> None:
    here = somebody.tries()
    assert isinstance(here, SignedIn)

    def proves_wrongly() -> Any:
        with somebody.transaction() as session:
            mine = session.get_one(SignIn, here.sign_in.id)
            return prove(session, mine, ANOTHER, "", at=NOW, keys=KEYS)

    with ThreadPoolExecutor(2) as pool:
        both = [pool.submit(proves_wrongly), pool.submit(somebody.refusal, ANOTHER)]
        assert all(done.result() for done in both)

    assert somebody.refusal(ANOTHER)[1] == "账号或密码不对，还可再试 2 次。"


def test_an_account_closed_while_its_person_signs_in_has_no_open_session(somebody: Somebody) -> None:
    def close() -> None:
        with somebody.transaction() as session:
            close_account(session, somebody.actor.person_id, by=None, at=NOW)

    with ThreadPoolExecutor(1) as another:
        with somebody.transaction() as session:
            came = sign_in(session, somebody.login, PASSWORD, "", from_address="", agent="", at=NOW, keys=KEYS)
            assert isinstance(came, SignedIn)
            closing = another.submit(close)
            assert any(_somebody_waits(somebody.database) for _ in range(5000))
        closing.result()

    with somebody.transaction() as session:
        assert session_of(session, came.token, NOW) is None


def _somebody_waits(database: Database) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with database.upkeep() as session:
        return bool(session.scalar(text(waiting)))


def test_who_changes_the_password_and_signs_in_at_once_is_not_stuck(telephone: WithTelephone) -> None:
    person = telephone.person
    here = person.is_in(code=telephone.recovery_codes[0])
    codes = iter(telephone.recovery_codes[1:4])

    def change() -> Any:
        with person.transaction() as session:
            return set_password(session, session.get_one(SignIn, here.sign_in.id), PASSWORD, ANOTHER, at=NOW)

    with ThreadPoolExecutor(4) as pool:
        coming = [pool.submit(person.tries, PASSWORD, code) for code in codes]
        changing = pool.submit(change)
        came = [each.result() for each in coming]

    assert changing.result() is None
    told = {each.refusal.code for each in came if isinstance(each, NotSignedIn)}
    assert told <= {"account.wrong_credentials"}


# ── limits ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def allowed(database: Database, key: str, most: int = 3, **later: float) -> bool:
    with database.transaction("huaxi") as session:
        return within(session, "示例", key, most, 60, NOW + timedelta(**later))


def test_so_many_are_let_through_within_a_window_and_the_next_window_begins_anew(shared_database: Database) -> None:
    first = [allowed(shared_database, "a", seconds=seconds) for seconds in (0, 1, 2, 3, 59.9)]
    then = [allowed(shared_database, "a", seconds=seconds) for seconds in (60, 61, 62, 63)]

    assert first == [True, True, True, False, False]
    assert then == [True, True, True, False]


def test_every_key_every_kind_and_every_tenant_is_counted_alone(shared_database: Database) -> None:
    assert allowed(shared_database, "b", most=1)

    assert allowed(shared_database, "c\0\ud800", most=1)
    with shared_database.transaction("huaxi") as session:
        assert within(session, "another", "b", 1, 60, NOW)
    with shared_database.transaction("conghua") as session:
        assert within(session, "示例", "b", 1, 60, NOW)
    assert not allowed(shared_database, "b", most=1)


def test_of_many_at_once_only_so_many_are_let_through(shared_database: Database) -> None:
    assert sum(at_once(8, lambda: allowed(shared_database, "d"))) == 3


def test_windows_that_are_over_go_with_the_next_count(shared_database: Database) -> None:
    for number in range(5):
        allowed(shared_database, f"e{number}")

    allowed(shared_database, "f", days=1)

    with shared_database.transaction("huaxi") as session:
        left = session.scalars(select(Attempts.begun_at).where(Attempts.kind == "示例")).all()
    assert left == [NOW + timedelta(days=1)]


def test_what_is_forgotten_begins_anew(shared_database: Database) -> None:
    allowed(shared_database, "g", most=1)

    with shared_database.transaction("huaxi") as session:
        assert forget(session, "示例", "g")
        assert not forget(session, "示例", "g")
    assert allowed(shared_database, "g", most=1)


# ── the log ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "statement", ["UPDATE access_log SET login = ''", "DELETE FROM access_log", "TRUNCATE access_log"]
)
def test_nobody_changes_the_log_of_access(somebody: Somebody, statement: str) -> None:
    somebody.refusal(ANOTHER)

    with pytest.raises(DBAPIError) as by_the_program, somebody.transaction() as session:
        session.execute(text(statement))
    with pytest.raises(DBAPIError, match="append-only"), somebody.database.upkeep() as session:
        session.execute(text(statement))

    assert getattr(by_the_program.value.orig, "sqlstate", None) == "42501"
    assert len(somebody.log()) == 2


def test_the_log_is_read_from_the_newest_line_on(somebody: Somebody) -> None:
    somebody.refusal(ANOTHER)
    somebody.is_in()

    with somebody.transaction() as session:
        mine = entries(session, person_id=somebody.actor.person_id, most=2)
        older = entries(session, person_id=somebody.actor.person_id, before=mine[-1].id)
        assert entries(session, most=1)[0].id == mine[0].id

    assert [entry.what for entry in (*mine, *older)] == [Access.SIGNED_IN, Access.REFUSED, Access.OPENED]


def test_no_row_of_an_account_shows_a_password_a_token_or_a_code(telephone: WithTelephone) -> None:
    here = telephone.person.tries(code=telephone.recovery_codes[0])
    assert isinstance(here, SignedIn)
    secrets = [PASSWORD, here.token, telephone.secret, *(code.replace("-", "") for code in telephone.recovery_codes)]

    kept = ""
    with telephone.person.database.upkeep() as session:
        for table in ("accounts", "password_history", "recovery_codes", "sign_ins", "attempts", "access_log"):
            kept += "".join(session.scalars(text(f"SELECT {table}::text FROM {table}")))

    assert [secret for secret in secrets if secret in kept or secret.encode().hex() in kept] == []
