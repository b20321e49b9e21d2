"""What every refusal owes: a stable code, a sentence for the person who asked, and not a trace in the database.

`act` and `step` are the attempts that are refused.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

from engine.errors import EngineError
from engine.store import Database
from tests.integration.desk import prepared
from tests.office import Office

CHINESE = re.compile(r"[一-鿿]")
REMEDY = re.compile(r"请|可选|只有|只能|应|需要|须|再办|另立|不必|不需要")
"""A sentence that says what to do now has one of these words."""
MACHINERY = re.compile(r"Error|Exception|Traceback|None|object at|sqlalchemy|psycopg|\bdict\b|\bself\b")


Attempt = Callable[[Office, int], object]
"""Something done to a case, in a transaction of its own."""


def act(command: Callable[..., object], *args: Any, by: str = "office", **how: Any) -> Attempt:
    """The command on the case, by somebody of the bureau, now."""

    def attempt(office: Office, case: int) -> object:
        with office.transactions() as session:
            who = getattr(office.bureau, by)
            return command(session, case, *args, **{"by": who, "at": office.now, **how})

    return attempt


def step(element: str, word: str | None = None, by: str | None = None, **changes: Any) -> Attempt:
    """The open step, prepared properly, then sent off with these changes of its outcome."""

    def attempt(office: Office, case: int) -> object:
        done = prepared(office, case, element, word)
        done = replace(done, outcome=replace(done.outcome, **changes))
        with office.transactions() as session:
            return done.done(session, office, **({"by": getattr(office.bureau, by)} if by else {}))

    return attempt


@contextmanager
def refused(database: Database, code: str) -> Iterator[pytest.ExceptionInfo[EngineError]]:
    """What is done inside must be refused with this code, in words, and leave everything as it was."""
    before = traces(database)
    with pytest.raises(EngineError) as caught:
        yield caught
    assert caught.value.code == code, caught.value.message
    must_be_a_sentence(caught.value.message)
    assert traces(database) == before


def must_be_a_sentence(message: str) -> None:
    """Chinese, with what, why and what now, and nothing of our insides."""
    assert CHINESE.search(message), message
    assert message.endswith(("。", "？", "）")), message
    assert REMEDY.search(message), f"no word on what to do now: {message}"
    assert not MACHINERY.search(message), message


def traces(database: Database) -> dict[str, str]:
    """Every table as a fingerprint of its rows; which connection serves whom is nobody's case."""
    with database.upkeep() as session:
        names = session.scalars(
            text("SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'servings' ORDER BY 1")
        ).all()
        prints = " UNION ALL ".join(
            f"SELECT '{name}' AS name, "
            f"count(*) || md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), '')) AS told FROM {name} r"
            for name in names
        )
        return {row.name: row.told for row in session.execute(text(prints))}
