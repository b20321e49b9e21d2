"""同意人: what nobody may do to a case alone takes a second person, who is named on the journal."""

from engine.directory import Actor
from engine.errors import NotAllowed
from engine.words import Role


class SecondPersonNeeded(NotAllowed):
    """The one who agrees must be somebody else, and be entitled to agree."""

    code = "correction.second_person"


def must_be_second(second: Actor, by: Actor, deed: str) -> None:
    """Refuse who is the same person, in whatever seat, or of another jurisdiction, or in no office that may agree.

    `deed` is what they would agree to, as the sentence names it (移动步骤).
    """
    same = second.is_or_stands_for(by.person_id) or second.is_or_stands_for(by.acting_for)
    if same or by.is_or_stands_for(second.person_id):
        raise SecondPersonNeeded(
            f"{deed}要由另一人同意，不能自己同意自己，以代理人身份也不行。请另一位有权的同事同意后再办。"
        )
    if second.jurisdiction != by.jurisdiction:
        raise SecondPersonNeeded("同意人不属于本地区，没有办理。请由本地区的财政绩效股或审计管理员同意。")
    second.must_hold(Role.PERFORMANCE_OFFICE, Role.AUDIT_ADMIN)
