"""What the events were about, as it lies in the tables now: papers, scores, opinions, figures, fund lines and amounts.

Those tables live floors above this room; an auditor reads them as plain columns, those of cases that are over from
their archives. An event names a paper, a score (by
its paper) or an opinion with its digest; `amount_wan` in an event is the case's amount from then on, `lines` the digest
over its fund lines.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, BigInteger, Numeric, Select, TableClause, Uuid, bindparam, column, func, select, table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from engine.audit.digests import (
    content_of_figure,
    content_of_lines,
    content_of_opinion,
    content_of_paper,
    content_of_score,
    digest_of,
    plain,
)
from engine.audit.events import EVENTS
from engine.audit.events.papers import GradeSettled, ScoreGiven

Row = Mapping[str, Any]

_cases = table("cases", *map(column, ("id", "code")), column("amount_wan", Numeric()))
_lines = table("fund_lines", *map(column, ("case_id", "line_no", "name")), column("amount_wan", Numeric()))
_papers = table(
    "all_submissions", *map(column, ("case_id", "form", "item", "version")),
    column("id", Uuid()), column("content", JSONB()),
)  # fmt: skip
_scores = table(
    "all_scores", *map(column, ("case_id", "kind", "method", "grade")),
    column("id", Uuid()), column("submission_id", Uuid()), column("total", Numeric()), column("basis", JSONB()),
)  # fmt: skip
_opinions = table(
    "all_reviews", *map(column, ("case_id", "outcome", "reason")),
    column("id", Uuid()), column("submission_id", Uuid()), column("remarks", JSONB()),
)  # fmt: skip

_figures = table(
    "execution_figures", *map(column, ("case_id", "version", "as_of", "source")),
    column("id", Uuid()), column("executed_wan", Numeric()), column("planned_wan", Numeric()), column("lines", JSONB()),
)  # fmt: skip


class Thing(NamedTuple):
    """One kind of thing: how it is called, where it lies, the column events name it by, and what its digest is over."""

    label: str
    table: TableClause
    named_by: str
    content: Callable[[Row], Any]


THINGS = {
    "paper": Thing("报送件", _papers, "id", content_of_paper),
    "score": Thing("得分", _scores, "submission_id", content_of_score),
    "opinion": Thing("意见", _opinions, "id", content_of_opinion),
    "figure": Thing("执行数", _figures, "id", content_of_figure),
}


def _of_cases(of: TableClause, case: str, *order: str) -> Select[Any]:
    wanted = func.any(bindparam("cases", type_=ARRAY(BigInteger())))
    return select(*of.c).where(of.c[case] == wanted).order_by(of.c[case], *(of.c[name] for name in order))


_STATEMENTS = {
    "case": _of_cases(_cases, "id"),
    "line": _of_cases(_lines, "case_id", "line_no"),
    **{what: _of_cases(thing.table, "case_id", "id") for what, thing in THINGS.items()},
}


def rows_of(session: Session, what: str, cases: Sequence[int]) -> list[Row]:
    """The rows of these cases: `what` is case, line, paper, score, opinion or figure."""
    return [dict(row) for row in session.execute(_STATEMENTS[what], {"cases": list(cases)}).mappings()]


def lines_by_case(session: Session, cases: Sequence[int]) -> dict[int, list[list[Any]]]:
    """The fund lines of every case, as their digest is over them."""
    found: dict[int, list[tuple[int, str, Decimal]]] = {case: [] for case in cases}
    for row in rows_of(session, "line", cases):
        found[row["case_id"]].append((row["line_no"], row["name"], row["amount_wan"]))
    return {case: content_of_lines(lines) for case, lines in found.items()}


class Named(NamedTuple):
    """Something an event names: what it is, its id, and its digest (None: the event only points to it).

    `before` is the digest of what it was until this event.
    """

    what: str
    id: UUID
    digest: str | None
    before: str | None = None


def named_in(entry: Row) -> Iterator[Named]:
    """What a journal entry names; one from before events had digests names nothing."""
    payload = entry["payload"]
    if entry["version"] is None:
        return
    submitted = "score" if entry["type"] in (ScoreGiven.name, GradeSettled.name) else "paper"
    for what, key, digest in (
        (submitted, "submission", "digest"),
        ("paper", "filed", "filed_digest"),
        ("opinion", "opinion", "opinion_digest"),
        ("figure", "figure", "figure_digest"),
    ):
        if key in payload and (what != "opinion" or digest in payload):
            before = payload.get("before") if what == "score" else None
            yield Named(what, UUID(payload[key]), payload.get(digest), before)


@dataclass(slots=True)
class Contents:
    """What some cases hold now: digests by what it is, case and id; amounts and the digests of the lines by case."""

    digests: dict[tuple[str, int], dict[UUID, str]] = field(default_factory=dict)
    amounts: dict[int, Decimal] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session, cases: Sequence[int]) -> "Contents":
        """Read and digested, one statement a table."""
        amounts = {row["id"]: row["amount_wan"] for row in rows_of(session, "case", cases)}
        lines = {case: digest_of(content) for case, content in lines_by_case(session, cases).items()}
        found = cls(amounts=amounts, lines=lines)
        for what, thing in THINGS.items():
            for row in rows_of(session, what, cases):
                known, key = found.digests.setdefault((what, row["case_id"]), {}), row[thing.named_by]
                known[key] = known.get(key, "") + digest_of(thing.content(row))  # a second score fits no digest
        return found

    def faults(self, chain: Sequence[Row]) -> Iterator[str]:
        """What does not agree with the chain of one case, a sentence for each thing."""
        case = chain[0]["case_id"]
        known: set[tuple[str, UUID]] = set()
        wrong: set[tuple[str, UUID]] = set()
        named = [(entry, each) for entry in chain for each in named_in(entry)]
        replaced = {(each.what, each.id, each.before) for _, each in named if each.before is not None}
        for entry, (what, key, digest, _) in named:
            known.add((what, key))
            now = self.digests.get((what, case), {}).get(key)
            is_other = digest not in (None, now) and (what, key, digest) not in replaced
            if (now is None or is_other) and (what, key) not in wrong:
                wrong.add((what, key))
                yield _fault(entry, what, now)
        if all(entry["version"] is not None for entry in chain):
            yield from self._strangers(case, known)
        yield from self._wrong_money(case, chain)

    def _strangers(self, case: int, known: set[tuple[str, UUID]]) -> Iterator[str]:
        for what, thing in THINGS.items():
            strangers = [key for key in self.digests.get((what, case), ()) if (what, key) not in known]
            if strangers:
                yield f"有{len(strangers)}份{thing.label}在记录里没有提到，是绕过系统添加的"

    def _wrong_money(self, case: int, chain: Sequence[Row]) -> Iterator[str]:
        told = [entry["payload"] for entry in chain if "amount_wan" in entry["payload"]]
        if not told or case not in self.amounts:
            return
        amount, now = Decimal(told[-1]["amount_wan"]), self.amounts[case]
        if amount != now:
            yield f"案卷金额是{plain(now)}万元，记录里最后一次确定的是{plain(amount)}万元，金额被改动过"
        if told[-1].get("lines", self.lines[case]) != self.lines[case]:
            yield "各笔资金与记录里的校验值不符，资金明细被改动过"


def _fault(entry: Row, what: str, now: str | None) -> str:
    kind = EVENTS.get(entry["type"])
    told = f"第{entry['seq']}条记录（{kind.title if kind else entry['type']}）提到的{THINGS[what].label}"
    return f"{told}找不到了，被删除过" if now is None else f"{told}与校验值不符，内容被改动过"
