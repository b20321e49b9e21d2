"""What came of it, read from the database: days, tasks, chains, notices, mails, what the pages said was done."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from engine.audit.model import Entry
from engine.audit.verify import verify
from engine.cases import Case, Incident
from engine.clock import SystemClock
from engine.deadlines.due import takes_effect
from engine.deadlines.model import Deadline
from engine.notifications import MailWishes, Notice, Sending, tell, told_since
from engine.store import Database
from engine.submissions import Submission
from engine.tasks import Draft, Task
from engine.words import DeadlineState, SendingState, TaskState
from tools.chaos.clerks import Said, last_mark
from tools.chaos.place import BEGUN, JURISDICTION


@dataclass(frozen=True, slots=True)
class Findings:
    """`lost` days are over and did not take effect, `doubled` did more than once, `early` before their time.

    Of what the pages said was done `saves_lost` are not there, `filings_lost` neither, `filings_doubled` twice; there
    are `notices`, and `notices_missing` and `notices_invented`; the same of mails. `faults` is all of it in words.
    """

    cases: int
    fired: int
    lost: int
    doubled: int
    early: int
    saved: int
    handed_in: int
    pages: tuple[str, ...]
    notices: int
    notices_missing: int
    notices_invented: int
    mails: int
    mails_missing: int
    mails_invented: int
    mails_twice: int
    entries: int
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is lost, doubled, early or invented."""
        bad = (self.lost, self.doubled, self.early, self.notices_missing, self.notices_invented)
        return not (any(bad) or self.mails_missing or self.mails_invented or self.pages or self.faults)


class Examined(Protocol):
    """What happened to a database: up to the case `last_old` all lived the same life, and these letters `arrived`."""

    @property
    def database(self) -> Database: ...

    @property
    def last_old(self) -> int: ...

    @property
    def arrived(self) -> Counter[tuple[str, str]]: ...


def fired_in(place: Examined) -> int:
    """How many days took effect so far."""
    with place.database.transaction(JURISDICTION) as session:
        return session.scalar(select(func.count()).where(Entry.type == "deadline.fired")) or 0


def left_in(place: Examined) -> int:
    """How many that are over did not; jobs that wait, and mails."""
    with place.database.transaction(JURISDICTION) as session:
        waiting = select(func.count()).select_from(Sending).where(Sending.state == SendingState.WAITING)
        left = _left(session) + (session.scalar(waiting) or 0)
    with place.database.upkeep() as session:
        return left + int(session.scalar(text("SELECT count(*) FROM procrastinate.procrastinate_jobs")) or 0)


def examined(place: Examined, said: Sequence[Said] = ()) -> Findings:
    """Every old case lived the same life, so all must have come to the same; and what is told is what is there."""
    with place.database.transaction(JURISDICTION) as session:
        told = Counter(
            each["id"] for each in session.scalars(select(Entry.payload).where(Entry.type == "deadline.fired"))
        )
        fired = select(Deadline.id).where(Deadline.state == DeadlineState.FIRED)
        rows = {each.hex for each in session.scalars(fired)}
        early = select(func.count()).select_from(fired.where(Deadline.due_at > SystemClock().now()).subquery())
        days = {
            "lost": _left(session),
            "early": session.scalar(early) or 0,
            "doubled": sum(n > 1 for n in told.values()),
        }
        cases = session.scalar(select(func.count()).select_from(Case)) or 0
        faults = list(_faults(session, place.last_old, set(told), rows))
        notices = _notices(session) | _mails(session, place.arrived)
        pages = tuple(fault for each in said for fault in _of_the_pages(session, each))
    done = {"saved": sum(len(each.saved) for each in said), "handed_in": sum(len(each.handed_in) for each in said)}
    with place.database.upkeep() as session:
        chains = verify(session, JURISDICTION)
    faults += [f"{broken.case_id} 号案卷的审计链：{broken.message}" for broken in chains.breaks]
    return Findings(
        cases=cases, fired=sum(told.values()), entries=chains.entries, faults=tuple(faults), pages=pages,
        **days, **done, **notices,
    )  # fmt: skip


def _left(session: Session) -> int:
    over = takes_effect(SystemClock().now())
    return session.scalar(select(func.count()).select_from(Deadline).where(*over)) or 0


def _notices(session: Session) -> dict[str, int]:
    """Told again, nothing would be new; and each is of an entry of which somebody is told."""
    entries = told_since(session, JURISDICTION, BEGUN)
    known = {(case, seq) for case, seqs in entries.items() for seq in seqs}
    of = session.execute(select(Notice.case_id, Notice.seq)).all()
    numbers, missing = list(entries), 0
    with session.begin_nested() as trial:
        for first in range(0, len(numbers), 200):
            missing += len(tell(session, {number: entries[number] for number in numbers[first : first + 200]}))
        trial.rollback()
    invented = sum((case or 0, seq) not in known for case, seq in of)
    return {"notices": len(of), "notices_missing": missing, "notices_invented": invented}


def _mails(session: Session, arrived: Counter[tuple[str, str]]) -> dict[str, int]:
    """Everything that was to be mailed arrived at least once, and nothing else did."""
    wanted = (
        select(MailWishes.address, Notice.kind, Notice.words)
        .join_from(Sending, Notice)
        .join(MailWishes, MailWishes.person_id == Sending.person_id)
    )
    due = Counter((row.address, f"【{row.kind.label}】{row.words}") for row in session.execute(wanted))
    missing = sum(max(0, many - arrived[mail]) for mail, many in due.items())
    twice = sum(max(0, arrived[mail] - many) for mail, many in due.items())
    invented = sum(many for mail, many in arrived.items() if mail not in due)
    return {"mails": sum(due.values()), "mails_missing": missing, "mails_twice": twice, "mails_invented": invented}


def _of_the_pages(session: Session, said: Said) -> Iterator[str]:
    """What the pages said was done and is not, or is twice."""
    for task_id in said.saved.keys() | said.handed_in:
        number = said.saved.get(task_id, 0)
        draft = session.get(Draft, task_id)
        versions: Sequence[Submission] = session.scalars(select(Submission).where(Submission.task_id == task_id)).all()
        kept = max((last_mark(each.content) for each in (draft, *versions) if each is not None), default=0)
        if kept < number:
            yield f"任务 {task_id}：页面说第 {number} 次保存已存，库里是第 {kept} 次。"
        if len(versions) > 1:
            yield f"任务 {task_id}：报送了 {len(versions)} 次。"
        done = session.get_one(Task, task_id).state == TaskState.COMPLETED
        if task_id in said.handed_in and not (done and versions):
            yield f"任务 {task_id}：页面说已报送，库里没有。"
        if done != bool(versions):
            yield f"任务 {task_id}：任务与报送的版本对不上。"
    yield from said.refusals


def _faults(session: Session, last_old: int, told: set[str], rows: set[str]) -> Iterator[str]:
    if told != rows:
        yield f"记录里触发的期限与期限表不一致：多 {len(told - rows)} 个，少 {len(rows - told)} 个。"
    incidents = session.scalar(select(func.count()).select_from(Incident)) or 0
    if incidents:
        yield f"出了 {incidents} 个异常。"
    lives = Counter(_lives(session, last_old).values())
    if len(lives) > 1:
        yield f"{sum(lives.values()) - max(lives.values())} 份案卷的经过与其他案卷不一样。"
    tasks = select(Task.case_id, Task.element).where(Task.state == TaskState.OPEN, Task.case_id <= last_old)
    desks = Counter(frozenset(of_it.items()) for of_it in _grouped(session.execute(tasks).all()).values())
    if len(desks) > 1:
        yield f"{sum(desks.values()) - max(desks.values())} 份案卷的待办与其他案卷不一样。"


def _lives(session: Session, last_old: int) -> dict[int, tuple[str, ...]]:
    """What happened to each case, in its order; reminders apart, which tell of several days at once."""
    lives: dict[int, list[str]] = {}
    entries = select(Entry.case_id, Entry.type).where(
        Entry.case_id.between(1, last_old), Entry.type != "deadline.reminded"
    )
    for case_id, what in session.execute(entries.order_by(Entry.case_id, Entry.seq)):
        lives.setdefault(case_id, []).append(what)
    return {case_id: tuple(life) for case_id, life in lives.items()}


def _grouped(rows: object) -> dict[int, Counter[str]]:
    found: dict[int, Counter[str]] = {}
    for case_id, element in rows:  # type: ignore[attr-defined]
        found.setdefault(case_id, Counter())[element] += 1
    return found
