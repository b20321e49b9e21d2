"""Is this installation fit to work: every question that can be asked, with a verdict and what to do."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.engine import Connection

from engine.errors import EngineError
from engine.store.fitness import PATIENCE_SECONDS, reached
from web.failures import refusal_behind, unforeseen
from web.probes_of_database import OF_DATABASE, OF_LOGINS
from web.probes_of_machine import OF_MACHINE
from web.probing import MARKS, Finding, fault
from web.settings import Settings
from web.wiring import logins_of

Result = dict[str, Any]


def examine(settings: Settings, now: datetime) -> list[Result]:
    """Each question with its verdict in words; the questions do not stop at the first fault."""
    results = list(_of_database(settings))
    results += [_result(code, what, partial(probe, settings, now)) for code, (what, probe) in OF_MACHINE.items()]
    return results


def is_fit(results: list[Result]) -> bool:
    """Whether nothing is wrong; what only needs attention does not count."""
    return all(result["ok"] for result in results)


def examined_words(results: list[Result]) -> str:
    """A line for each, with what to do."""
    return "\n".join(
        f"{MARKS[each['verdict']]} {each['what']}：{each['words']}。{each['remedy']}".replace("。。", "。")
        for each in results
    )


def _of_database(settings: Settings) -> Iterator[Result]:
    """What the server says to each login; one that cannot be reached is a single fault."""
    try:
        logins = logins_of(settings)
        with reached(logins.owner or logins.application, "DATABASE_OWNER_URL" if logins.owner else "DATABASE_URL"):
            pass
    except EngineError as refusal:
        yield _as_result("database.server", "数据库", fault(refusal.message, ""))
        return
    for code, (what, probe) in OF_LOGINS.items():
        yield _result(code, what, partial(probe, logins))
    engine = create_engine(logins.owner or logins.application, connect_args={"connect_timeout": PATIENCE_SECONDS})
    try:
        for code, (what, ask) in OF_DATABASE.items():
            yield _result(code, what, partial(_asked, engine.connect, ask))
    finally:
        engine.dispose()


def _asked(connect: Callable[[], Connection], probe: Callable[[Connection], Finding]) -> Finding:
    with connect() as connection:
        return probe(connection)


def _result(code: str, what: str, probe: Callable[[], Finding]) -> Result:
    try:
        return _as_result(code, what, probe())
    except EngineError as refusal:
        return _as_result(code, what, fault(refusal.message, ""))
    except Exception as accident:  # noqa: BLE001 - a question that cannot be asked is a finding too
        refusal = refusal_behind(accident) or unforeseen(accident, ["doctor", code])
        return _as_result(code, what, fault(refusal.message, ""))


def _as_result(code: str, what: str, found: Finding) -> Result:
    told = {"words": found.words, "remedy": found.remedy}
    return {"code": code, "what": what, "ok": found.verdict != "fault", "verdict": found.verdict, **told}
