"""Doing a thing once, however often it is asked: a request, its key, and the receipt kept under it."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Index, LargeBinary, bindparam, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from engine.cases import Case, case_by_id
from engine.deadlines.due import without_fault
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves import writing
from engine.moves.change import Change
from engine.moves.conflicts import changed_since, unless_it_went_on, went_on_since
from engine.moves.firing import fire_first
from engine.moves.permissions import must_be_permitted, must_stand
from engine.moves.receipts import Receipt, as_answer, from_answer, receipt_for, written_in
from engine.store import Base
from engine.store.base import table_of
from engine.store.storable import too_deep
from engine.store.wire import Answer, Order, in_one_trip

LONGEST_KEY = 200
LONGEST_TEXT = 4000
"""Characters of a reason, an opinion or any other free text of a request; forms have bounds of their own."""

_PUTS_RIGHT = frozenset({"cancel", "correct_state", "migrate_case", "suspend"})
"""What an operator may have to do to a case whose diagram fails."""

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str).encode


class DoneCommand(Base):
    """A request somebody made under a key, and its receipt; `fingerprint` tells one request from another."""

    __tablename__ = "done_commands"
    __table_args__ = (Index("ix_done_commands_at", "at"),)

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    command: Mapped[str]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    answer: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


_done = table_of(DoneCommand)
_THIS_KEY = (
    _done.c.jurisdiction == bindparam("of_jurisdiction"),
    _done.c.person_id == bindparam("of_person"),
    _done.c.key == bindparam("of_key"),
)
_BEGIN = insert(_done).on_conflict_do_nothing().returning(_done.c.key)
_KNOWN = select(_done.c.fingerprint, _done.c.answer).where(*_THIS_KEY)
_KEEP = update(_done).where(*_THIS_KEY).values(answer=bindparam("receipt"))


class TextTooLong(InvalidInput):
    """Somebody wrote more than belongs into a line of the record. Fact: how many characters."""

    code = "command.text_too_long"


class KeyTaken(InvalidInput):
    """The key was used for another request."""

    code = "command.key_taken"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: who asks for what and when, under which key, over which version of the case, with which content.

    `expected` is the case's version the person saw (a receipt's or a page's); None does not look. `content` is all
    that makes it this request and no other.
    """

    command: str
    by: Actor
    at: datetime
    key: str | None = None
    expected: int | None = None
    content: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse, whatever the command, a text too long for the record."""
        longest = max(map(len, _texts(self.content.values())), default=0)
        if longest > LONGEST_TEXT:
            raise TextTooLong(
                f"有一处文字写了{longest}字，最多{LONGEST_TEXT}字，没有办理。请精简，或作为附件上传。", length=longest
            )

    @property
    def fingerprint(self) -> bytes:
        """SHA-256, cut to 16 bytes, over command, actor and content."""
        told = [self.command, self.by.unit_id, self.by.acting_for, self.content]
        try:
            canonical = _canonical(told)
        except RecursionError as reason:
            raise too_deep() from reason
        return hashlib.sha256(canonical.encode(errors="surrogatepass")).digest()[:16]


def _texts(values: Iterable[Any]) -> Iterator[str]:
    """The texts among these values and the fields of records among them; forms and answers are read elsewhere."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, tuple):
            yield from _texts(value)


def begin(session: Session, asked: Asked) -> Receipt | None:
    """The receipt already given under the request's key, or None when this is the first time.

    Two at once: the second waits for the first to commit, then gets its receipt. Without a key nothing is remembered.
    Refuses a key under which the same person asked for something else.
    """
    return begun(session, asked, in_one_trip(session, *beginning(asked))) if asked.key is not None else None


def beginning(asked: Asked) -> tuple[Order, ...]:
    """What puts the request's key on record, to be sent along with something else; `begun` reads the answer."""
    if asked.key is None:
        return ()
    if not 0 < len(asked.key) <= LONGEST_KEY:
        raise KeyTaken(f"请求编号应为1至{LONGEST_KEY}个字符，没有办理。请换一个编号。")
    row = {
        "jurisdiction": asked.by.jurisdiction, "person_id": asked.by.person_id, "key": asked.key,
        "command": asked.command, "fingerprint": asked.fingerprint, "answer": None, "at": asked.at,
    }  # fmt: skip
    return (Order(_BEGIN, row),)


def begun(session: Session, asked: Asked, answers: Sequence[Answer]) -> Receipt | None:
    """`begin` for a request whose key went along with something else."""
    if not answers or answers[0].rows:
        return None
    (answer,) = in_one_trip(session, Order(_KNOWN, _this_key(asked)))
    (known,) = answer.rows
    if known.fingerprint != asked.fingerprint:
        raise KeyTaken("这个请求编号已用于办理另一件，没有办理。请换一个编号。", key=asked.key)
    return from_answer(session, asked.command, known.answer)


def done(
    session: Session, asked: Asked, since: int, case: Case | None = None, gave: Mapping[str, Any] | None = None
) -> Receipt:
    """The receipt over everything written since the mark `since`, kept under the request's key."""
    version = case.journal_seq if case is not None else None
    written = written_in(session)[since:]
    receipt = receipt_for(asked.command, case.id if case is not None else None, version, written, gave or {})
    if asked.key is not None:
        in_one_trip(session, _keeping(asked, receipt))
    return receipt


def done_with(asked: Asked, move: Change, gave: Mapping[str, Any]) -> Receipt:
    """`done` for a request that is one move: it is written, and its receipt kept, in one trip."""
    plan = writing.planned([move])
    version = int(move.case_values["journal_seq"])
    receipt = receipt_for(asked.command, move.case.id, version, [plan.written], gave)
    writing.carry_out(plan, *([_keeping(asked, receipt)] if asked.key is not None else []))
    return receipt


def once(session: Session, asked: Asked, work: Callable[[], Mapping[str, Any] | None]) -> Receipt:
    """The receipt of `work`, done once under the request's key, by somebody who may."""
    must_be_permitted(asked.command, asked.by)
    known = begin(session, asked)
    if known is not None:
        return known
    since = len(written_in(session))
    return done(session, asked, since, gave=work())


def on_case(session: Session, asked: Asked, case_id: int, work: Callable[[Case], Mapping[str, Any] | None]) -> Receipt:
    """The same for work on one case, which must be as it was seen and in a state in which this can be done.

    Dates that have passed take effect first.
    """
    must_be_permitted(asked.command, asked.by)
    case = case_by_id(session, case_id)
    known = begin(session, asked)
    if known is not None:
        return known
    must_be_as_seen(session, asked, case)
    must_stand(asked.command, case)
    since = len(written_in(session))
    with unless_it_went_on(session, case):
        _let_pass_what_is_over(session, asked, case)
        gave = work(case)
    return done(session, asked, since, case, gave)


def _let_pass_what_is_over(session: Session, asked: Asked, case: Case) -> None:
    """Dates that have passed take effect before anybody does something to the case, however late the clock is.

    A date that cannot take effect does not stop who puts the case right, once there is an incident of it.
    """
    if asked.command in _PUTS_RIGHT and _is_stuck(session, case):
        return
    if fire_first(session, case, asked.at).moves:
        must_stand(asked.command, case)


def _is_stuck(session: Session, case: Case) -> bool:
    goes_on = select(Case.id).where(Case.id == case.id, without_fault(Case.id))
    return session.scalar(goes_on) is None


def must_be_as_seen(session: Session, asked: Asked, case: Case) -> None:
    """Refuse when the case went on after the person looked, and say what changed, by whom, when."""
    if asked.expected is not None and went_on_since(session, case, asked.expected):
        raise changed_since(session, case, asked.expected)


def _keeping(asked: Asked, receipt: Receipt) -> Order:
    return Order(_KEEP, {**_this_key(asked), "receipt": as_answer(receipt)})


def _this_key(asked: Asked) -> dict[str, Any]:
    return {"of_jurisdiction": asked.by.jurisdiction, "of_person": asked.by.person_id, "of_key": asked.key}
