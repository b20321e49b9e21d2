"""动态口令要求: the 安全管理员 says whether administrators and those who sign must have a second factor."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.accounts import rules
from engine.audit.events.directory import SecondFactorRequired
from engine.directory import Actor
from engine.errors import WrongState
from engine.moves.conflicts import last_outside_cases
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.moves.writing import record_outside_cases
from engine.reviews import ReasonMissing
from engine.texts import is_blank


class RuleStands(WrongState):
    """The rule is so already."""

    code = "account.rule_stands"


def require_second_factor(
    session: Session, wanted: bool, *, reason: str, by: Actor, at: datetime, key: str | None = None
) -> Receipt:
    """Ask for it, or not any more; it holds at the next page of everybody concerned. Refuses what is so already."""

    def work() -> None:
        if is_blank(reason):
            raise ReasonMissing("改动态口令的要求要写明原因，没有改动。请补充。")
        if not rules.require_second_factor(session, by.jurisdiction, wanted=wanted, by=by.person_id, at=at):
            stands = "已经要求" if wanted else "本来没有要求"
            who = last_outside_cases(session, by.jurisdiction, SecondFactorRequired)
            raise RuleStands(f"本区{stands}管理员和签发人启用动态口令{who}，没有改动。请核对现在的要求。")
        told = SecondFactorRequired(wanted=wanted, reason=reason)
        record_outside_cases(session, by.jurisdiction, [told], by=by, at=at)

    asked = Asked("require_second_factor", by, at, key, content={"wanted": wanted, "reason": reason})
    return once(session, asked, work)
