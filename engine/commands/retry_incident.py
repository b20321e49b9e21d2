"""重试: an operator lets a failed step run again, after whatever made it fail was put right."""

from datetime import datetime

from sqlalchemy.orm import Session

from engine.cases import Incident
from engine.directory import Actor
from engine.errors import NotFound, WrongState
from engine.moves.attempts import AGAIN, attempt_of
from engine.moves.incidents import guarded, resolve
from engine.moves.permissions import must_be_permitted
from engine.store import Database


class IncidentNotFound(NotFound):
    """No such incident in this jurisdiction."""

    code = "incident.not_found"


class IncidentNotOpen(WrongState):
    """The incident was resolved already."""

    code = "incident.not_open"


class NotRepeatable(WrongState):
    """Only the person can do this step again."""

    code = "incident.not_repeatable"


def retry_incident(database: Database, jurisdiction: str, incident_id: int, *, by: Actor, at: datetime) -> None:
    """Run the failed command again as it was asked for; done and resolved together, or counted as one attempt more."""
    must_be_permitted("retry_incident", by)
    with database.transaction(jurisdiction) as session:
        attempt = attempt_of(_open(session, incident_id))

    def work(session: Session) -> None:
        incident = _open(session, incident_id)
        AGAIN[incident.command](session, incident, by, at)
        resolve(session, incident, by=by, at=at, how="重试")

    guarded(database, jurisdiction, work, attempt, at=at)


def _open(session: Session, incident_id: int) -> Incident:
    incident = session.get(Incident, incident_id, with_for_update=True)
    if incident is None:
        raise IncidentNotFound("没有这个异常，或者它不属于本地区。请核对编号。", incident=incident_id)
    if incident.state != "open":
        raise IncidentNotOpen("这个异常已经处理好了，不需要重试。", incident=incident_id)
    if incident.command not in AGAIN:
        raise NotRepeatable(
            "这一步要由经办人重新办理，不能代为重试。请通知经办人，内容在草稿里。", incident=incident_id
        )
    return incident
