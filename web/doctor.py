"""Is this installation fit to work: database, schema, calendar, diagrams and tables."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import text

from engine.clock import day_of
from engine.errors import EngineError
from engine.stages import Library
from engine.store.fitness import DatabaseRefused, must_be_application, must_be_owner, reached
from engine.store.schema import is_current
from web.settings import Settings
from web.wiring import calendar_files, logins_of

Probe = Callable[[Settings, datetime], str]


def examine(settings: Settings, now: datetime) -> list[dict[str, Any]]:
    """Each check with its verdict in words; the checks do not stop at the first fault."""
    return [_result(what, probe, settings, now) for what, probe in PROBES.items()]


def _result(what: str, probe: Probe, settings: Settings, now: datetime) -> dict[str, Any]:
    try:
        return {"what": what, "ok": True, "words": probe(settings, now)}
    except EngineError as refusal:
        return {"what": what, "ok": False, "words": refusal.message}


def _database(settings: Settings, now: datetime) -> str:
    logins = logins_of(settings)
    if logins.owner is not None:
        with reached(logins.owner, "DATABASE_OWNER_URL") as connection:
            must_be_owner(connection)
            if not is_current(connection):
                raise DatabaseRefused("数据库结构不是本程序的版本。请先运行 jixiao migrate。")
    with reached(logins.application, "DATABASE_URL") as connection:
        must_be_application(connection)
        version = connection.execute(text("SHOW server_version")).scalar_one()
    return f"PostgreSQL {version}，结构是最新的"


def _calendar(settings: Settings, now: datetime) -> str:
    years = [year.year for year in calendar_files(settings.bpmn).years if year.confirmed]
    this = day_of(now).year
    if this not in years:
        raise EngineError(f"{this}年放假安排还没有确认，当年的截止日算不出来。请维护工作日历。")
    ahead = "" if this + 1 in years else f"；{this + 1}年尚未确认，国务院通知发布后请及时维护"
    return f"已确认 {years[0]}–{years[-1]} 年{ahead}"


def _definitions(settings: Settings, now: datetime) -> str:
    library = Library.read(settings.bpmn)
    return f"{len(library.diagrams.process_ids)} 张流程图、{len(library.policies.names())} 个地区的决策表都可用"


PROBES: dict[str, Probe] = {"数据库": _database, "工作日历": _calendar, "流程和规则": _definitions}
