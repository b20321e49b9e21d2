"""How often within which time: counters in the database, so that all servers count together.

A window begins with the first try and is over after its length; the next try begins another. The order in which a
transaction counts several kinds has to be the same everywhere (first the login, then the address), or two wait for each
other.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import and_, bindparam, case, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.accounts.model import Attempts

_PRUNED = 100
"""Windows that are over and go with one count."""


@dataclass(frozen=True, slots=True)
class Count:
    """How often so far, and until when that counts (None: never tried)."""

    times: int
    until: datetime | None


NONE = Count(0, None)


def within(session: Session, kind: str, key: str, most: int, seconds: int, at: datetime) -> bool:
    """Count one more try and say whether it is still one of the first `most` within `seconds`."""
    return counted(session, kind, key, seconds, at).times <= most


def counted(session: Session, kind: str, key: str, seconds: int, at: datetime) -> Count:
    """Count one more try in the running window, or begin one of `seconds`; windows of the kind that are over go."""
    given = {"kind": kind, "key": digest_of(key), "at": at, "until": at + timedelta(seconds=seconds)}
    row = session.execute(_COUNT, given).one()
    session.execute(_PRUNE, {"kind": kind, "key": given["key"], "at": at})
    return Count(row[0], row[1])


def count_of(session: Session, kind: str, key: str, at: datetime) -> Count:
    """How often it was tried in the window that is running at `at`, without counting."""
    row = session.execute(
        select(Attempts.count, Attempts.ends_at).where(
            Attempts.kind == kind, Attempts.key == digest_of(key), Attempts.ends_at > at
        )
    ).one_or_none()
    return NONE if row is None else Count(row[0], row[1])


def hold(session: Session, kind: str, key: str, until: datetime) -> None:
    """Let the running window last until then."""
    session.execute(
        update(Attempts).where(Attempts.kind == kind, Attempts.key == digest_of(key)).values(ends_at=until),
        execution_options={"synchronize_session": False},
    )


def forget(session: Session, kind: str, key: str) -> bool:
    """Begin anew with the next try; False when nothing was counted."""
    gone = session.execute(
        delete(Attempts).where(Attempts.kind == kind, Attempts.key == digest_of(key)).returning(Attempts.id),
        execution_options={"synchronize_session": False},
    )
    return gone.first() is not None


def one_at_a_time(session: Session, kind: str, key: str) -> None:
    """Whoever else decides on the same key waits here until this transaction is over."""
    number = int.from_bytes(digest_of(f"{kind} {key}")[:8], signed=True)
    session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


def digest_of(key: str) -> bytes:
    """What a key is kept as: fixed in length, and no list of who tried."""
    return sha256(key.encode("utf-8", "surrogatepass")).digest()


_OVER = Attempts.ends_at <= bindparam("at")
_COUNT = (
    insert(Attempts)
    .values(
        jurisdiction=func.tenant(), kind=bindparam("kind"), key=bindparam("key"),
        begun_at=bindparam("at"), ends_at=bindparam("until"), count=1,
    )
    .on_conflict_do_update(
        index_elements=["jurisdiction", "kind", "key"],
        set_={
            "begun_at": case((_OVER, bindparam("at")), else_=Attempts.begun_at),
            "ends_at": case((_OVER, bindparam("until")), else_=Attempts.ends_at),
            "count": case((_OVER, 1), else_=Attempts.count + 1),
        },
    )
    .returning(Attempts.count, Attempts.ends_at)
)  # fmt: skip
_PRUNE = (
    delete(Attempts)
    .where(
        Attempts.id.in_(
            select(Attempts.id)
            .where(and_(Attempts.kind == bindparam("kind"), _OVER, Attempts.key != bindparam("key")))
            .order_by(Attempts.ends_at)
            .limit(_PRUNED)
            .with_for_update(skip_locked=True)
        )
    )
    .execution_options(synchronize_session=False)
)
