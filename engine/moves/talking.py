"""Finding a group notices go to."""

from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.notifications import MessageGroup


class MessageGroupNotFound(NotFound):
    """No such group here, or not any more."""

    code = "message_group.not_found"


def group_in_use(session: Session, group_id: int) -> MessageGroup:
    """The group of that number, held until the transaction is over; refuses one that is ended or another's."""
    row = session.get(MessageGroup, group_id, with_for_update=True, populate_existing=True)
    if row is None or row.ended_at is not None:
        raise MessageGroupNotFound("没有这个群机器人，或者它已停用。请刷新后再选。", group=group_id)
    return row
