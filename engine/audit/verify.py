"""Recomputing the journal: every chain of a jurisdiction, its head, its case, and the anchors handed out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import LargeBinary, bindparam, column, select, table
from sqlalchemy.orm import Session

from engine.audit.anchors import DayHeads
from engine.audit.chain import first_break
from engine.audit.model import Anchor, ChainHead, Entry

OWN_CHAIN = 0
"""The chain of the jurisdiction itself; every other number is a case's."""

Head = tuple[int, bytes]
"""Where a chain is said to end: sequence and hash of its last entry."""

_journal = Entry.__table__.c
_COLUMNS = tuple(
    _journal[name]
    for name in (
        "jurisdiction", "case_id", "seq", "type", "payload", "by", "acting_for", "at", "hash", "version", "stage",
    )
)  # fmt: skip
_ENTRIES = (
    select(*_COLUMNS)
    .where(_journal.jurisdiction == bindparam("jurisdiction"))
    .order_by(_journal.case_id, _journal.seq)
    .execution_options(yield_per=2000)
)
# The heads stand on the case rows, a floor above this room; an auditor reads them as plain columns.
_cases = table(
    "cases", column("id"), column("jurisdiction"), column("journal_seq"), column("journal_head", LargeBinary)
)
_CASE_HEADS = select(_cases.c.id, _cases.c.journal_seq, _cases.c.journal_head).where(
    _cases.c.jurisdiction == bindparam("jurisdiction")
)


@dataclass(frozen=True, slots=True)
class Break:
    """One thing that is wrong: in which chain (0 is the jurisdiction's own), and what, in a sentence."""

    jurisdiction: str
    case_id: int
    message: str


@dataclass(frozen=True, slots=True)
class Verification:
    """What was recomputed and what did not hold."""

    jurisdiction: str
    chains: int
    entries: int
    anchors: int
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was altered, removed or added behind the journal's back."""
        return not self.breaks


def verify(session: Session, jurisdiction: str) -> Verification:
    """Recompute all chains of a jurisdiction: links, gaps, cut-off tails, vanished cases, anchors."""
    heads = heads_of(session, jurisdiction)
    days = DayHeads()
    breaks: list[Break] = []
    seen: set[int] = set()
    for case_id, chain in chains_of(session, jurisdiction):
        seen.add(case_id)
        days.take_chain(chain)
        problem = first_break(chain) or _wrong_end(chain, heads.get(case_id))
        if problem is not None:
            breaks.append(Break(jurisdiction, case_id, problem))
    for case_id in sorted(heads.keys() - seen):
        if heads[case_id][0] > 0:
            breaks.append(Break(jurisdiction, case_id, f"应有{heads[case_id][0]}条记录，一条也没有找到，记录被删除过"))
    anchors = session.scalars(select(Anchor).where(Anchor.jurisdiction == jurisdiction).order_by(Anchor.day)).all()
    breaks += [Break(jurisdiction, OWN_CHAIN, problem) for problem in days.broken(anchors)]
    return Verification(jurisdiction, len(seen), days.entries, len(anchors), tuple(breaks))


def chains_of(session: Session, jurisdiction: str) -> Iterator[tuple[int, list[Mapping[str, Any]]]]:
    """Each chain of the jurisdiction with its entries in order, read in portions."""
    rows = session.execute(_ENTRIES, {"jurisdiction": jurisdiction})
    for case_id, chain in groupby(rows, key=attrgetter("case_id")):
        yield case_id, [dict(row._mapping) for row in chain]


def heads_of(session: Session, jurisdiction: str) -> dict[int, Head]:
    """Where every chain is said to end, by case number."""
    heads = {
        row.id: (row.journal_seq, bytes(row.journal_head))
        for row in session.execute(_CASE_HEADS, {"jurisdiction": jurisdiction})
    }
    own = session.scalar(select(ChainHead).where(ChainHead.jurisdiction == jurisdiction))
    if own is not None:
        heads[OWN_CHAIN] = (own.seq, own.head)
    return heads


def _wrong_end(chain: list[Mapping[str, Any]], head: Head | None) -> str | None:
    last = chain[-1]
    if head is None:
        return f"有{len(chain)}条记录，但找不到所属案卷，案卷被删除过"
    if last["seq"] < head[0]:
        return f"应有{head[0]}条记录，只有{last['seq']}条，末尾被截断"
    if last["seq"] > head[0]:
        return f"应有{head[0]}条记录，却有{last['seq']}条，末尾被添加过"
    if last["hash"] != head[1]:
        return "整条记录链与案卷上的校验值不符，记录链或案卷被替换过"
    return None
