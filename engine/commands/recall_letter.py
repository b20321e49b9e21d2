"""收回并重发: finance takes a letter back that went out wrongly; both stay readable, a new draft opens."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.cases import Case
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.letters import FORM, WRITTEN_ANEW, recall
from engine.moves.move import Move
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, on_case
from engine.rectifications import Letter
from engine.reviews import ReasonMissing
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import OtherDiagram, TaskState


class NoLetterOut(WrongState):
    """There is no letter to be taken back, or it is too late for it."""

    code = "letter.not_out"


def recall_letter(
    session: Session,
    case_id: int,
    *,
    reason: str,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Take back the latest letter of a case with a reason; its work and days are taken back, a new draft opens.

    Ledger rows nobody has reported on are set aside with it, the others stay and belong to the next letter. Days run
    from the next letter as the table says. Refuses where no letter is out, and once the result is being used.
    """

    def work(case: Case) -> None:
        if is_blank(reason):
            raise ReasonMissing("收回反馈意见函要写明原因，没有收回。请补充。", case_id=case_id)
        move = Move(session, case, by, at)
        recall(move, _letter_out(session, move), reason.strip())
        move.write()

    content = {"case": case_id, "reason": reason}
    return on_case(session, Asked("recall_letter", by, at, key, expected, content), case_id, work)


def _letter_out(session: Session, move: Move) -> Letter:
    """The latest letter of the case, if the case still stands at it."""
    found = select(Letter).where(Letter.case_id == move.case.id).order_by(Letter.id.desc()).limit(1)
    letter = session.scalars(found.with_for_update()).one_or_none()
    if letter is None:
        raise NoLetterOut("本案卷还没有发出反馈意见函，没有可以收回的。请到案卷核对办到哪一步。", case_id=move.case.id)
    if letter.recalled_at is not None:
        raise NoLetterOut(
            f"反馈意见函{letter.number}已经收回，正在重新拟函。请到待办办理“修改反馈意见函”。", letter=letter.id
        )
    if move.stage not in WRITTEN_ANEW:
        raise NoLetterOut(
            f"反馈意见函{letter.number}所在的阶段已经办完，不能收回。需要更正的，请另行发文并在案卷中注明。",
            letter=letter.id,
        )
    correcting = select(Task.id).where(
        Task.case_id == move.case.id, Task.process == OtherDiagram.CORRECTION, Task.state == TaskState.OPEN
    )
    if session.scalar(correcting.limit(1)) is not None:
        raise NoLetterOut(
            f"对反馈意见函{letter.number}的异议成立，正在更正结果，更正后另发新函代替，没有收回。", letter=letter.id
        )
    latest = move.forms.of(FORM)
    if latest is not None and latest.id != letter.submission_id:
        raise NoLetterOut(f"代替{letter.number}的新函正在签发，没有收回。请在签发一步退回。", letter=letter.id)
    return letter
