"""The day's anchor: all chain heads in one short hash. Read it out to somebody, and nobody can rewrite that day."""

import hashlib
import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from engine.audit.chains import PackedEnd, entries_until, packed_until
from engine.audit.keeping import AnchorKeeper, DayAnchor
from engine.audit.model import Anchor
from engine.clock import day_of, first_late, last_instant
from engine.errors import WrongState

GRACE = timedelta(hours=1)
"""How long after midnight a day is left alone, so that what began before midnight is written."""


class DayNotOver(WrongState):
    """Only a day that is over can be anchored."""

    code = "audit.day_not_over"


def anchor_hash(heads: Iterable[tuple[int, int, bytes]]) -> bytes:
    """SHA-256 over the heads (case, sequence, hash) as canonical JSON, by case number."""
    listed = [[case_id, seq, head.hex()] for case_id, seq, head in sorted(heads)]
    return hashlib.sha256(json.dumps(listed, separators=(",", ":")).encode()).digest()


def anchor_day(
    session: Session, jurisdiction: str, day: date, *, at: datetime, keeper: AnchorKeeper | None = None
) -> Anchor:
    """Anchor a day that is over; asked again, the anchor given the first time stands.

    With a `keeper` it is also put outside the database, before the transaction ends; a keeper that refuses stops it.
    """
    if at < first_late(day) + GRACE:
        raise DayNotOver(f"{day:%Y-%m-%d}还没有结束，不能锚定。请在次日1时以后再办。", day=day.isoformat())
    known = session.get(Anchor, (jurisdiction, day))
    if known is not None:
        return _kept(known, keeper)
    days = DayHeads()
    until = last_instant(day)
    for end in packed_until(session, jurisdiction, until):
        days.take_archive(end)
    days.take_chain(entries_until(session, jurisdiction, until))
    _, entries, digest = next(days.standing_on([day]))
    anchor = Anchor(jurisdiction=jurisdiction, day=day, entries=entries, hash=digest, anchored_at=at)
    session.add(anchor)
    session.flush()
    return _kept(anchor, keeper)


def _kept(anchor: Anchor, keeper: AnchorKeeper | None) -> Anchor:
    if keeper is not None:
        keeper.keep(anchor)
    return anchor


class DayHeads:
    """Which entry stood last in every chain on every day; days are those of China."""

    def __init__(self) -> None:
        self.entries = 0
        self._counts: Counter[date] = Counter()
        self._last: defaultdict[date, dict[int, tuple[int, bytes]]] = defaultdict(dict)

    def take_chain(self, chain: Iterable[Mapping[str, Any]]) -> None:
        """Note entries (case_id, seq, at, hash), each chain in order of its sequence."""
        for entry in chain:
            day = day_of(entry["at"])
            self.entries += 1
            self._counts[day] += 1
            last = (entry["seq"], entry["hash"])
            self._last[day][entry["case_id"]] = max(last, self._last[day].get(entry["case_id"], last))

    def take_archive(self, end: PackedEnd) -> None:
        """Note all entries an archive holds, as of the day of the latest, by what it says of its end."""
        if end.at is not None and end.head is not None:
            day = day_of(end.at)
            self.entries += end.seq
            self._counts[day] += end.seq
            self._last[day][end.case_id] = max((end.seq, end.head), self._last[day].get(end.case_id, (0, b"")))

    def standing_on(self, days: Iterable[date]) -> Iterator[tuple[date, int, bytes]]:
        """For each of `days`, in their order: how many entries there were at its end, and the anchor over all heads."""
        heads: dict[int, tuple[int, bytes]] = {}
        count, known = 0, deque(sorted(self._last))
        for day in sorted(days):
            while known and known[0] <= day:
                earlier = known.popleft()
                count += self._counts[earlier]
                for case_id, last in self._last[earlier].items():
                    heads[case_id] = max(last, heads.get(case_id, last))
            yield day, count, anchor_hash((case_id, *last) for case_id, last in heads.items())

    def broken(self, anchors: Iterable[DayAnchor]) -> Iterator[str]:
        """What is wrong with anchors handed out, a sentence for each that does not hold any more."""
        given = {anchor.day: anchor for anchor in anchors}
        for day, count, digest in self.standing_on(given):
            if count != given[day].entries:
                was = given[day].entries
                yield f"{day:%Y-%m-%d}的锚点记有{was}条记录，现有{count}条，锚定后有记录被删除或补入"
            elif digest != given[day].hash:
                yield f"{day:%Y-%m-%d}的锚点与现有记录不符，锚定后记录被改写过"
