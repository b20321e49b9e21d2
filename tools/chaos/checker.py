"""What came of it, read from the database alone: days, tasks, chains."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.audit.model import Entry
from engine.audit.verify import verify
from engine.cases import Case, Incident
from engine.clock import SystemClock
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.tasks import Task
from engine.words import DeadlineState, TaskState
from tools.chaos.place import JURISDICTION, Place


@dataclass(frozen=True, slots=True)
class Findings:
    """`lost` days are over and did not take effect, `doubled` took effect more than once; `faults` is all in words."""

    cases: int
    fired: int
    lost: int
    doubled: int
    entries: int
    faults: tuple[str, ...]


def fired_in(place: Place) -> int:
    """How many days took effect so far."""
    with place.database.transaction(JURISDICTION) as session:
        return session.scalar(select(func.count()).where(Entry.type == "deadline.fired")) or 0


def left_in(place: Place) -> int:
    """How many that are over did not."""
    with place.database.transaction(JURISDICTION) as session:
        return _left(session)


def examined(place: Place) -> Findings:
    """Every case lived the same life, so all must have come to the same; and what the journal says is what is there."""
    with place.database.transaction(JURISDICTION) as session:
        told = Counter(
            each["id"] for each in session.scalars(select(Entry.payload).where(Entry.type == "deadline.fired"))
        )
        rows = {each.hex for each in session.scalars(select(Deadline.id).where(Deadline.state == DeadlineState.FIRED))}
        lost, doubled = _left(session), sum(times > 1 for times in told.values())
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        faults = list(_faults(session, set(told), rows))
    with place.database.upkeep() as session:
        chains = verify(session, JURISDICTION)
    faults += [f"{broken.case_id} 号案卷的审计链：{broken.message}" for broken in chains.breaks]
    return Findings(cases, sum(told.values()), lost, doubled, chains.entries, tuple(faults))


def _left(session: Session) -> int:
    over = takes_effect(SystemClock().now())
    return session.scalar(select(func.count()).select_from(Deadline).where(*over)) or 0


def _faults(session: Session, told: set[str], rows: set[str]) -> Iterator[str]:
    if told != rows:
        yield f"记录里触发的期限与期限表不一致：多 {len(told - rows)} 个，少 {len(rows - told)} 个。"
    incidents = session.scalar(select(func.count()).select_from(Incident)) or 0
    if incidents:
        yield f"出了 {incidents} 个异常。"
    lives = Counter(_lives(session).values())
    if len(lives) > 1:
        yield f"{sum(lives.values()) - max(lives.values())} 份案卷的经过与其他案卷不一样。"
    tasks = select(Task.case_id, Task.element).where(Task.state == TaskState.OPEN)
    desks = Counter(frozenset(of_it.items()) for of_it in _grouped(session.execute(tasks).all()).values())
    if len(desks) > 1:
        yield f"{sum(desks.values()) - max(desks.values())} 份案卷的待办与其他案卷不一样。"


def _lives(session: Session) -> dict[int, tuple[str, ...]]:
    """What happened to each case, in its order; reminders apart, which tell of several days at once."""
    lives: dict[int, list[str]] = {}
    entries = select(Entry.case_id, Entry.type).where(Entry.case_id != 0, Entry.type != "deadline.reminded")
    for case_id, what in session.execute(entries.order_by(Entry.case_id, Entry.seq)):
        lives.setdefault(case_id, []).append(what)
    return {case_id: tuple(life) for case_id, life in lives.items()}


def _grouped(rows: object) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for case_id, element in rows:  # type: ignore[attr-defined]
        found.setdefault(case_id, Counter())[element] += 1
    return found
