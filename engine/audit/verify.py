"""Recomputing the journal: every chain of a jurisdiction, its head, its case, what its events were about, and the
anchors handed out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import LargeBinary, bindparam, column, select, table, union
from sqlalchemy.orm import Session

from engine.audit.anchors import DayHeads
from engine.audit.chain import first_break
from engine.audit.chains import Chain, PackedEnd, chains_of, packed_ends
from engine.audit.contents import Contents
from engine.audit.keeping import AnchorKeeper, DayAnchor, KeptAnchor, differences
from engine.audit.model import Anchor, ChainHead, Entry
from engine.store.archives import CaseArchive

OWN_CHAIN = 0
"""The chain of the jurisdiction itself; every other number is a case's."""

Head = tuple[int, bytes]
"""Where a chain is said to end: sequence and hash of its last entry."""

AT_ONCE = 200
"""How many chains are compared with their papers at a time."""

# The heads stand on the case rows, a floor above this room; an auditor reads them as plain columns.
_cases = table(
    "cases", column("id"), column("jurisdiction"), column("journal_seq"), column("journal_head", LargeBinary)
)
_CASE_HEADS = select(_cases.c.id, _cases.c.journal_seq, _cases.c.journal_head).where(
    _cases.c.jurisdiction == bindparam("jurisdiction")
)
_OWN_ACTS = tuple(table(name, column("jurisdiction")) for name in ("launches", "samples"))
"""Rows that are never there without an entry in the jurisdiction's own chain."""


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


def jurisdictions(session: Session) -> list[str]:
    """All that have cases, a journal or anchors, or had one."""
    homes = (_cases, Entry.__table__, CaseArchive.__table__, ChainHead.__table__, Anchor.__table__)
    return sorted(session.scalars(union(*(select(home.c.jurisdiction) for home in homes))))


def verify(session: Session, jurisdiction: str, keeper: AnchorKeeper | None = None) -> Verification:
    """Recompute all chains of a jurisdiction: links, gaps, cut-off tails, chains and cases that vanished; the papers,
    scores, opinions and amounts the events were about; the anchors, against those of `keeper` too."""
    heads = heads_of(session, jurisdiction)
    packed = {end.case_id: end for end in packed_ends(session, jurisdiction)}
    days = DayHeads()
    found: list[tuple[int, str]] = []
    seen: set[int] = set()
    for some in _in_portions(chains_of(session, jurisdiction)):
        contents = Contents.of(session, [case_id for case_id, _ in some if case_id in heads and case_id != OWN_CHAIN])
        for case_id, chain in some:
            seen.add(case_id)
            days.take_chain(chain)
            problem = first_break(chain) or _wrong_end(chain, heads.get(case_id)) or _wrong_archive(chain, packed)
            if problem is not None:
                found.append((case_id, problem))
            elif case_id != OWN_CHAIN:
                found += [(case_id, fault) for fault in contents.faults(chain)]
    found += _missing(session, jurisdiction, heads, seen)
    anchors = session.scalars(select(Anchor).where(Anchor.jurisdiction == jurisdiction).order_by(Anchor.day)).all()
    kept = None if keeper is None else keeper.kept(jurisdiction)
    found += [(OWN_CHAIN, fault) for fault in _broken_anchors(days, anchors, kept)]
    breaks = tuple(Break(jurisdiction, case_id, message) for case_id, message in found)
    return Verification(jurisdiction, len(seen), days.entries, len(anchors), breaks)


def _broken_anchors(days: DayHeads, anchors: Sequence[Anchor], kept: Sequence[KeptAnchor] | None) -> Iterator[str]:
    """Anchors that differ in the two places, and those that do not hold any more; the second place is believed."""
    believed: dict[date, DayAnchor] = {}
    believed.update((anchor.day, anchor) for anchor in anchors)
    believed.update((anchor.day, anchor) for anchor in kept or ())
    if kept is not None:
        yield from differences(anchors, kept)
    yield from days.broken(believed.values())


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


def _in_portions(chains: Iterable[Chain]) -> Iterator[list[Chain]]:
    rest = iter(chains)
    while some := list(islice(rest, AT_ONCE)):
        yield some


def _missing(session: Session, jurisdiction: str, heads: dict[int, Head], seen: set[int]) -> Iterator[tuple[int, str]]:
    """Chains that must exist and do not: every case has one, and so has whoever launched a stage or drew a sample."""
    for case_id in sorted(heads.keys() - seen):
        said = heads[case_id][0] or "至少1"
        yield case_id, f"应有{said}条记录，一条也没有找到，记录被删除过"
    if OWN_CHAIN in heads or OWN_CHAIN in seen:
        return
    for act in _OWN_ACTS:
        if session.scalar(select(act.c.jurisdiction).where(act.c.jurisdiction == jurisdiction).limit(1)):
            yield OWN_CHAIN, "有工作部署或抽样，本级记录一条也没有找到，记录被删除过"
            return


def _wrong_archive(chain: list[Mapping[str, Any]], packed: Mapping[int, PackedEnd]) -> str | None:
    """What is wrong with what the archive of a case says of itself; its entries are part of the chain."""
    end = packed.get(chain[0]["case_id"])
    if end is None:
        return None
    entries = [entry for entry in chain if entry["seq"] <= end.seq]
    if (len(entries), entries[-1]["hash"], max(entry["at"] for entry in entries)) != (end.seq, end.head, end.at):
        return f"归档登记止于第{end.seq}条记录，与归档的内容不符，归档被改动过"
    return None


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
