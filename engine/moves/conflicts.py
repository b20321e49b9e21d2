"""When somebody was faster: what changed meanwhile, by whom and when."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, event_id, kind_of_entry
from engine.audit.events import WAITING, Event
from engine.audit.events.deadlines import DeadlineReminded, ExtensionDeclined, ExtensionRequested
from engine.audit.events.execution import ExecutionReported
from engine.audit.events.filings import LateFilingDeclined, LateFilingRequested, PaperCopied
from engine.audit.events.papers import AttachmentInfected
from engine.audit.events.tasks import TaskReminded, TaskTakeoverDeclined, TaskTakeoverRequested
from engine.cases import Case
from engine.directory import Person
from engine.errors import EngineError
from engine.store.archives import all_of
from engine.store.base import table_of
from engine.store.database import ChangedMeanwhile
from engine.store.storable import OF_THE_DATABASE
from engine.texts import minute_of, told_who

_journal, _cases = table_of(Entry).c, table_of(Case).c
MOST_TOLD = 20
_QUIET = (
    AttachmentInfected, DeadlineReminded, ExecutionReported, ExtensionDeclined, ExtensionRequested, LateFilingDeclined,
    LateFilingRequested, PaperCopied, TaskReminded, TaskTakeoverDeclined, TaskTakeoverRequested,
)  # fmt: skip
QUIET = tuple(kind.name for kind in _QUIET)
"""What happens to a case without changing anything somebody looked at."""


def went_on_since(session: Session, case: Case, seen: int) -> bool:
    """Whether more than what is quiet happened after version `seen`; so too when the case never had that version."""
    if seen == case.journal_seq:
        return False
    since = select(Entry.type).where(
        Entry.jurisdiction == case.jurisdiction, Entry.case_id == case.id, Entry.seq > seen
    )
    happened = session.scalars(since).all()
    return not happened or any(kind not in QUIET for kind in happened)


def changed_since(session: Session, case: Case, seen: int) -> ChangedMeanwhile:
    """The refusal for work on a case that went on after version `seen`; `changes` says what, by whom, when."""
    changes = _changes(session, case, seen)
    told = told_who(changes[-1]["by"], changes[-1]["title"], changes[-1]["at"]) if changes else ""
    return ChangedMeanwhile(
        f"这份案卷刚被别人更新{told}，您的办理没有写入。请刷新后再试；填写的内容已保留。",
        case_id=case.id,
        seen=seen,
        changes=changes,
    )


def last_outside_cases(session: Session, jurisdiction: str, *kinds: type[Event], **facts: Collection[object]) -> str:
    """Who last told one of these events about a jurisdiction itself, and when, in brackets; nothing where nobody did.

    `facts` are those of the event, each with the values of which it is to have one.
    """
    told = [_journal.payload[name].astext.in_(list(map(str, values))) for name, values in facts.items()]
    last = session.execute(
        select(Entry.type, Entry.version, Entry.payload, Entry.at, Person.name)
        .outerjoin(Person, Person.id == Entry.by)
        .where(Entry.jurisdiction == jurisdiction, Entry.case_id == 0)
        .where(Entry.type.in_([kind.name for kind in kinds]), *told)
        .order_by(Entry.seq.desc())
        .limit(1)
    ).one_or_none()
    if last is None:
        return ""
    return told_who(last.name, kind_of_entry(last.type, last.version, last.payload).title, minute_of(last.at))


@contextmanager
def unless_it_went_on(session: Session, case: Case) -> Iterator[None]:
    """What is refused because somebody was faster at the case is refused as that, and says who it was."""
    try:
        yield
    except (ChangedMeanwhile, *OF_THE_DATABASE):
        raise
    except EngineError as refusal:
        with session.no_autoflush:
            version = session.scalar(select(_cases.version).where(_cases.id == case.id))
            if version in (None, case.version):
                raise
            raise changed_since(session, case, case.journal_seq) from refusal


def _changes(session: Session, case: Case, seen: int) -> list[dict[str, Any]]:
    entry = all_of(Entry)
    rows = session.execute(
        select(entry.seq, entry.type, entry.version, entry.payload, entry.at, Person.name)
        .outerjoin(Person, Person.id == entry.by)
        .where(entry.jurisdiction == case.jurisdiction, entry.case_id == case.id, entry.seq > seen)
        .where(entry.type.not_in(WAITING))
        .order_by(entry.seq)
        .limit(MOST_TOLD)
    )
    return [
        {
            "event": event_id(case.jurisdiction, case.id, row.seq),
            "title": kind_of_entry(row.type, row.version, row.payload).title,
            "by": row.name or "自动",
            "at": minute_of(row.at),
        }
        for row in rows
    ]
