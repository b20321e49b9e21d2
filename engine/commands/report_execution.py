"""登记执行数: what is spent of a case as of a day, as one more version; lights follow at once."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Case
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput, WrongState
from engine.moves.executing import Reported, keep, known_of, problems_of
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case


class ExecutionRefused(InvalidInput):
    """The figure cannot be one of this case."""

    code = "execution.refused"


class ExecutionKnown(WrongState):
    """Just this is on record already."""

    code = "execution.known"


def report_execution(
    session: Session,
    case_id: int,
    reported: Reported,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Keep what is spent as of a day; `gave` says the version.

    Nothing is overwritten: a figure of an earlier day than the newest is kept and does not become the newest. Refuses
    a day of another year or one to come, amounts that are none, and single fund lines of several.
    """

    def work(case: Case) -> dict[str, int]:
        known = known_of(session, [case])[case.id]
        for problem in problems_of(reported, known, day_of(at)):
            if problem.stops:
                raise ExecutionRefused(f"没有登记：{problem.message}", case_id=case.id, field=problem.column)
        if known.has(reported):
            raise ExecutionKnown(
                f"截至{reported.as_of}的这个执行数已经登记过，没有再登记，不需要再报。", case_id=case.id
            )
        keep(session, [(known, reported)], by=by, at=at)
        return {"version": len(known.versions) + 1}

    lines = {str(number): str(wan) for number, wan in reported.lines.items()}
    content = {
        "case": case_id, "as_of": reported.as_of, "executed_wan": reported.executed_wan, "source": reported.source,
        "planned_wan": reported.planned_wan, "lines": lines,
    }  # fmt: skip
    return on_case(session, Asked("report_execution", by, at, key, expected, content), case_id, work)
