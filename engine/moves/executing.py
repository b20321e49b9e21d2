"""登记执行数: what is to be said of a figure before it is kept, and how it is kept as one more version."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from engine.audit.digests import content_of_figure, digest_of, plain
from engine.audit.events.execution import ExecutionReported
from engine.cases import Case, FundLine
from engine.clock import day_of
from engine.directory import Actor
from engine.executions import ExecutionFigure, gone_by
from engine.executions.execution_file import HEADER
from engine.moves import writing
from engine.moves.move import Move
from engine.moves.spending import money_light, time_method
from engine.scoring.numbers import ratio
from engine.sheets import Problem
from engine.store.base import table_of
from engine.store.figures import is_amount
from engine.texts import is_blank

CODE, YEAR, AS_OF, LINE, EXECUTED, PLANNED, SOURCE = HEADER
LONGEST_SOURCE = 60
_figures = table_of(ExecutionFigure).c


@dataclass(frozen=True, slots=True)
class Reported:
    """What somebody says is spent from 1 January to the end of `as_of`, in 万元.

    `lines` is how much of it comes out of every fund line, by its number, or empty; `planned_wan` what was to be paid
    by then; `source` where the figures are from.
    """

    as_of: date
    executed_wan: Decimal
    source: str
    planned_wan: Decimal | None = None
    lines: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What a figure is held against: the case, its fund lines by number, and the versions there are, in their order."""

    case: Case
    lines: Mapping[int, str]
    versions: Sequence[Any]

    @property
    def newest(self) -> Any:
        """The version of the latest day; None without any."""
        return max(self.versions, key=lambda each: (each.as_of, each.version), default=None)

    def has(self, reported: Reported) -> bool:
        """Whether one of the versions says just this."""
        told = _told(reported)
        return any((each.as_of, each.executed_wan, each.planned_wan, each.lines) == told for each in self.versions)


def known_of(session: Session, cases: Iterable[Case]) -> dict[int, Known]:
    """What there is of each of these cases, by number."""
    subjects = {case.id: case for case in cases}
    versions, lines = defaultdict[int, list[Any]](list), defaultdict[int, dict[int, str]](dict)
    columns = (_figures.case_id, _figures.version, _figures.as_of, _figures.executed_wan, _figures.planned_wan)
    for row in session.execute(
        select(*columns, _figures.lines).where(_figures.case_id.in_(subjects)).order_by(_figures.version)
    ):
        versions[row.case_id].append(row)
    for line in session.execute(
        select(FundLine.case_id, FundLine.line_no, FundLine.name)
        .where(FundLine.case_id.in_(subjects))
        .order_by(FundLine.line_no)
    ):
        lines[line.case_id][line.line_no] = line.name
    return {number: Known(case, lines[number], versions[number]) for number, case in subjects.items()}


def problems_of(reported: Reported, known: Known, today: date) -> Iterator[Problem]:
    """What is wrong with a figure, or worth a look, under the columns of the file."""
    yield from _of_day(reported, known, today)
    yield from _of_amounts(reported, known)
    if is_blank(reported.source) or len(reported.source) > LONGEST_SOURCE:
        yield Problem(SOURCE, f"来源要写，不超过{LONGEST_SOURCE}字，例如“国库集中支付系统”。")


def _of_day(reported: Reported, known: Known, today: date) -> Iterator[Problem]:
    as_of, year, newest = reported.as_of, known.case.fiscal_year, known.newest
    if as_of.year != year:
        yield Problem(AS_OF, f"截至日{as_of}不在{year}资金年度内。请核对。")
    elif as_of > today:
        yield Problem(AS_OF, f"截至日{as_of}还没有到。请写已经过去的一天。")
    elif newest is not None and as_of < newest.as_of:
        yield Problem(AS_OF, f"已有截至{newest.as_of}的执行数，这一笔只留作一版，不作为最新。", stops=False)


def _of_amounts(reported: Reported, known: Known) -> Iterator[Problem]:
    for column, wan in ((EXECUTED, reported.executed_wan), (PLANNED, reported.planned_wan)):
        if wan is not None and not is_amount(wan):
            yield Problem(column, f"{column.removesuffix('（万元）')}应是不小于0的万元数，最多六位小数。请核对。")
    if reported.lines:
        yield from _of_lines(reported, known)
    if reported.executed_wan > known.case.amount_wan:
        text = f"执行数{plain(reported.executed_wan)}超过预算{plain(known.case.amount_wan)}万元，请核对。"
        yield Problem(EXECUTED, text, stops=False)
    before = max((each for each in known.versions if each.as_of < reported.as_of), key=_order, default=None)
    if before is not None and reported.executed_wan < before.executed_wan:
        text = f"比截至{before.as_of}的{plain(before.executed_wan)}万元少，请核对是否有退回。"
        yield Problem(EXECUTED, text, stops=False)


def _of_lines(reported: Reported, known: Known) -> Iterator[Problem]:
    missing = [name for number, name in known.lines.items() if number not in reported.lines]
    if missing or reported.lines.keys() - known.lines.keys():
        names = "、".join(known.lines.values())
        yield Problem(LINE, f"分资金报的，请报全每一笔（{names}）；只知道合计的，请只报合计。")
    if not all(map(is_amount, reported.lines.values())):
        yield Problem(EXECUTED, "每一笔的执行数应是不小于0的万元数，最多六位小数。请核对。")
    elif sum(reported.lines.values()) != reported.executed_wan:
        yield Problem(EXECUTED, "各笔之和与合计不一致。请核对。")


def _order(version: Any) -> tuple[date, int]:
    return version.as_of, version.version


# ── kept ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(
    session: Session, reports: Sequence[tuple[Known, Reported]], *, by: Actor, at: datetime, file_id: int | None = None
) -> None:
    """Keep figures that have nothing wrong as the next versions of their cases, each told in its case."""
    moves: dict[int, Move] = {}
    rows: list[dict[str, Any]] = []
    for known, reported in reports:
        case = known.case
        move = moves.setdefault(case.id, Move(session, case, by, at))
        mine = [row for row in rows if row["case_id"] == case.id]
        days = [*(each.as_of for each in known.versions), *(row["as_of"] for row in mine)]
        row = _row(move, reported, len(days) + 1, file_id)
        move.record(
            ExecutionReported(
                figure=row["id"],
                figure_digest=digest_of(content_of_figure(row)),
                figure_version=row["version"],
                as_of=reported.as_of,
                executed_wan=reported.executed_wan,
                source=row["source"],
                older=any(day > reported.as_of for day in days),
            )  # fmt: skip
        )
        rows.append(row)
    writing.write(list(moves.values()))
    session.execute(insert(table_of(ExecutionFigure)), rows)


def _row(move: Move, reported: Reported, version: int, file_id: int | None) -> dict[str, Any]:
    assert move.by is not None
    case, on = move.case, day_of(move.at)
    gone = gone_by(reported.as_of, time_method(case, move.policy, on), reported.planned_wan, case.amount_wan)
    as_of, executed, planned, lines = _told(reported)
    return {
        "id": uuid4(), "jurisdiction": case.jurisdiction, "case_id": case.id, "version": version, "as_of": as_of,
        "executed_wan": executed, "planned_wan": planned, "lines": lines, "source": reported.source.strip(),
        "time_progress": gone,
        "money_light": money_light(case, move.policy, ratio(executed, case.amount_wan), gone, on),
        "reported_by": move.by.person_id, "reported_at": move.at, "file_id": file_id,
    }  # fmt: skip


def _told(reported: Reported) -> tuple[date, Decimal, Decimal | None, dict[str, str]]:
    lines = {str(number): plain(wan) for number, wan in sorted(reported.lines.items())}
    return reported.as_of, reported.executed_wan, reported.planned_wan, lines
