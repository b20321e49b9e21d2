"""Which cases of a year wait for a message."""

from typing import Any

from sqlalchemy import Select, func, select, text

from engine.cases.model import Case
from engine.words import CaseState


def cases_waiting_for(jurisdiction: str, fiscal_year: int, message: str) -> Select[Any]:
    """The active cases of the year that wait for `message`, by number; to be selected from or narrowed further.

    A message is called after the stage that waits for it (`monitoring.launched`), so only the cases that stand there
    are looked at. An index into the JSON would not help: under row-level security PostgreSQL does not use it.
    """
    waits = func.jsonb_each(Case.waits).table_valued("key", "value", name="waiting")
    awaited = select(text("1")).select_from(waits).where(text("waiting.value ->> 0 = :awaited")).exists()
    stage, _, _ = message.partition(".")
    return (
        select(Case)
        .where(
            Case.jurisdiction == jurisdiction,
            Case.fiscal_year == fiscal_year,
            Case.state == CaseState.ACTIVE,
            Case.stage == stage,
            awaited,
        )
        .order_by(Case.id)
        .params(awaited=message)
    )
