"""导入执行数: the figures of a file are put on record in their cases, all rows or none, or the sound ones only."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.audit.events.execution import ExecutionsImported
from engine.directory import Actor
from engine.errors import WrongState
from engine.executions import ExecutionFile
from engine.moves.bringing import must_be_new, one_at_a_time
from engine.moves.conflicts import last_outside_cases
from engine.moves.executing import keep
from engine.moves.execution_files import FIGURES, checked, execution_file
from engine.moves.firing import fire_all, note_faults
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.sheets import must_all_be_sound


class NothingToReport(WrongState):
    """All of the file is on record already, or nothing of it can be written."""

    code = "execution.nothing_to_report"


def import_execution(
    session: Session, file_id: int, *, only_sound: bool = False, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Put the figures of a file this person brought on record, each a version of its case.

    With any row wrong nothing is written, unless `only_sound` leaves the wrong ones out; what is on record word for
    word is passed over. `gave` says how many figures were written, and how many rows were left out.
    """

    def work() -> dict[str, int]:
        one_at_a_time(session, ExecutionFile, by.jurisdiction)
        kept = execution_file(session, by, file_id)
        if kept.written_at is not None:
            who = last_outside_cases(session, by.jurisdiction, ExecutionsImported, file=[file_id])
            raise NothingToReport(f"这个文件已登记{who}，没有再写入。请到运行监控中查看。", file=file_id)
        must_be_new(session, FIGURES, kept.digest, by, at)
        rows, reports = checked(session, kept, at)
        if not only_sound:
            must_all_be_sound(rows)
        if not reports:
            raise NothingToReport(
                "文件里没有可以新登记的执行数，没有写入。请核对文件，或到运行监控中查看。", file=file_id
            )
        cases = list({known.case.id: known.case for known, _ in reports}.values())
        note_faults(session, fire_all(session, cases, at).faults, at)
        keep(session, reports, by=by, at=at, file_id=kept.id)
        left_out = sum(row.is_wrong for row in rows)
        kept.written_at, kept.content, kept.figures, kept.left_out = at, None, len(reports), left_out
        told = ExecutionsImported(
            file=kept.id, file_name=kept.name, digest=kept.digest.hex(), figures=len(reports), left_out=left_out
        )
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)
        return {"figures": len(reports), "left_out": left_out}

    content = {"file": file_id, "only_sound": only_sound}
    return once(session, Asked("import_execution", by, at, key, content=content), work)
