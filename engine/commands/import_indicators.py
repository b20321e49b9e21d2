"""导入指标库: the entries of a file that was brought go into the library, all of them or none."""

from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, Insert, Text, bindparam, column, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorsImported
from engine.directory import Actor
from engine.errors import WrongState
from engine.indicators import Indicator, LibraryFile
from engine.moves.bringing import must_be_new, one_at_a_time
from engine.moves.indicators import CheckedLine, library_file, lines_in, row_of, shelf_of
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.sheets import must_all_be_sound
from engine.store.base import Word, table_of


class NothingToImport(WrongState):
    """The library has everything of the file already, or nothing of it can be written."""

    code = "indicator.nothing_to_import"


class LibraryChanged(WrongState):
    """Somebody added one of these codes at the same moment."""

    code = "indicator.library_changed"


def import_indicators(
    session: Session,
    file_id: int,
    *,
    only_sound: bool = False,
    most: int | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
) -> Receipt:
    """Write the entries of a file this person brought; rows the library has word for word already are passed over.

    With any row wrong nothing is written, unless `only_sound` leaves the wrong ones out. `gave` says how many entries
    were added, were known, and were left out. A long file is written in portions of `most` entries, each a call of its
    own: while some are `left`, `gave` says so, and the file can be gone on with.
    """

    def work() -> dict[str, int]:
        one_at_a_time(session, LibraryFile, by.jurisdiction)
        kept = library_file(session, by, file_id)
        must_be_new(session, shelf_of(by), kept.digest, by, at)
        lines = lines_in(session, by, kept)
        if not only_sound:
            must_all_be_sound(lines)
        new, left_out = [line for line in lines if line.is_writable], sum(line.is_wrong for line in lines)
        before = kept.added or 0
        if not new and not before:
            raise NothingToImport("文件里没有可以新写入的指标，没有导入。请核对文件，或到指标库中查看。", file=file_id)
        now, left = new[:most], len(new[most:]) if most is not None else 0
        if now:
            _write(session, now, by, at)
        kept.added = before + len(now)
        if not left:
            kept.written_at, kept.content = at, None
        told = IndicatorsImported(
            file=kept.id, file_name=kept.name, digest=kept.digest.hex(), added=len(now), left_out=left_out
        )
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        known = sum(line.is_known for line in lines) - before
        return {"added": len(now), "known": known, "left_out": left_out} | ({"left": left} if left else {})

    content = {"file": file_id, "only_sound": only_sound} | ({} if most is None else {"most": most})
    return once(session, Asked("import_indicators", by, at, key, content=content), work)


def _write(session: Session, lines: list[CheckedLine], by: Actor, at: datetime) -> None:
    rows = [row_of(line.entry, line.scope, line.owner_id, by, at) for line in lines]
    try:
        with session.begin_nested():
            session.execute(_all_at_once(rows))
    except IntegrityError as reason:
        raise LibraryChanged("有编码刚被别人登记，没有写入任何一行。请重新核对后再导入。") from reason


def _all_at_once(rows: list[dict[str, Any]]) -> Insert:
    """One statement for all rows, a column an array: the words they are found by are then kept in one go too."""
    kinds = {name: table_of(Indicator).c[name].type for name in rows[0]}
    plain = {name: Text() if isinstance(kind, Word) else kind for name, kind in kinds.items()}
    arrays = [bindparam(name, [row[name] for row in rows], type_=ARRAY(kind)) for name, kind in plain.items()]
    new = func.unnest(*arrays).table_valued(*(column(name, kind) for name, kind in plain.items())).render_derived()
    return insert(table_of(Indicator)).from_select(list(kinds), select(*(new.c[name] for name in kinds)))
