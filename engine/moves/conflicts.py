"""When somebody was faster: what changed meanwhile, by whom and when."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit import Entry, event_id, kind_of_entry
from engine.audit.events import WAITING
from engine.audit.events.deadlines import DeadlineReminded, ExtensionDeclined, ExtensionRequested
from engine.audit.events.filings import LateFilingDeclined, LateFilingRequested, PaperCopied
from engine.audit.events.papers import AttachmentInfected
from engine.audit.events.tasks import TaskReminded, TaskTakeoverDeclined, TaskTakeoverRequested
from engine.cases import Case
from engine.clock import SHANGHAI
from engine.directory import Person
from engine.store.archives import all_of
from engine.store.database import ChangedMeanwhile

MOST_TOLD = 20
_QUIET = (
    AttachmentInfected, DeadlineReminded, ExtensionDeclined, ExtensionRequested, LateFilingDeclined,
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
    told = f"（{changes[-1]['by']}，{changes[-1]['title']}，{changes[-1]['at']}）" if changes else ""
    return ChangedMeanwhile(
        f"这份案卷刚被别人更新{told}，您的办理没有写入。请刷新后再试；填写的内容已保留。",
        case_id=case.id,
        seen=seen,
        changes=changes,
    )


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
            "at": f"{row.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}",
        }
        for row in rows
    ]
