"""公开: the result of a case goes out once the gate is passed, or stays in for a stated secret (CH-18, GZ-17, F14)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.audit.events.publication import DisclosurePublished, DisclosureWithheld
from engine.clock import day_of
from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.finishing import finish
from engine.moves.gate import gate_of, kind_of, not_passed_yet
from engine.moves.move import Move
from engine.moves.outcome import Outcome
from engine.moves.publishing import DeliberationMissing
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked
from engine.policies import Decision
from engine.results.model import Disclosure
from engine.reviews import ReasonMissing
from engine.submissions import Submission
from engine.tasks import Task
from engine.texts import is_blank
from engine.words import PublicationStep


class DisclosureRefused(InvalidInput):
    """The list does not say what happened to the result of this case."""

    code = "disclosure.refused"


def publish(
    session: Session,
    task_id: UUID,
    content: Mapping[str, Any],
    *,
    reason: str | None = None,
    by: Actor,
    at: datetime,
    key: str | None = None,
    expected: int | None = None,
) -> Receipt:
    """Finish the step “公开评价结果” with the list of what was made public (F14 as JSON).

    Each item is published (day and address) or withheld (涉密豁免 and why). The result itself must be among them, and
    not before every step of the jurisdiction's gate is on record. Where the table does not lead to publication,
    `reason` says on what ground it is published all the same.
    """
    outcome = Outcome("recorded", content=content, reason=reason)

    def also(move: Move, task: Task) -> None:
        items = move.latest(Submission)["content"].get("items", ())
        kind = kind_of(session, move.case)
        if kind is None or not any(item["kind"] == kind for item in items):
            raise DisclosureRefused("公开事项清单里没有本案卷的评价结果，没有办理。请补上这一项。", kind=kind)
        for item in items:
            _disclose(move, item, reason)

    asked = Asked("publish", by, at, key, expected, {"task": task_id, **outcome.told()})
    return finish(session, asked, task_id, outcome, named="publish", also=also)


def _disclose(move: Move, item: Mapping[str, Any], reason: str | None) -> None:
    assert move.by is not None
    row = {"document_kind": item["kind"], "recorded_by": move.by.person_id, "recorded_at": move.at}
    if item.get("exempt"):
        why = (item.get("exempt_reason") or "").strip()
        if not why:
            raise ReasonMissing("涉密不公开要写明定密依据和批准人，没有办理。请补充。", kind=item["kind"])
        move.add(Disclosure, **row, published_on=None, address=None, withheld_reason=why)
        move.record(DisclosureWithheld(document_kind=item["kind"], reason=why))
        return
    published_on = _published_on(move, item)
    _must_be_through(move, item["kind"], reason)
    move.add(Disclosure, **row, published_on=published_on, address=item["url"], withheld_reason=None)
    move.record(
        DisclosurePublished(document_kind=item["kind"], published_on=published_on, address=item["url"], reason=reason)
    )


def _published_on(move: Move, item: Mapping[str, Any]) -> date:
    if not item.get("published_on") or not item.get("url"):
        raise DisclosureRefused("公开要写明实际公开日和网址，没有办理。请补齐，或按涉密豁免办理。", kind=item["kind"])
    published_on = date.fromisoformat(item["published_on"])
    if published_on > day_of(move.at):
        raise DisclosureRefused(f"公开日{published_on:%Y-%m-%d}还没有到，没有办理。请在公开后登记。", kind=item["kind"])
    return published_on


def _must_be_through(move: Move, kind: str, reason: str | None) -> None:
    """A table that is silent was answered by a person before this step (decide_publication), and the diagram obeyed."""
    gate: Decision = gate_of(move.case, move.policy, kind, day_of(move.at))
    if gate.undefined:
        return
    if PublicationStep.PUBLISH not in (gate.outputs.get("steps") or ()):
        if is_blank(reason):
            raise ReasonMissing(f"本区规定（{gate.source}）没有说公开，没有办理。请写明公开的依据。", kind=kind)
        return
    missing = not_passed_yet(move.session, move.case, gate, kind)
    if missing:
        names = "、".join(map(PublicationStep.said, missing))
        raise DeliberationMissing(
            f"公开前还缺{names}，不能公开。依据：{gate.source}。请先登记审议结果。", steps=list(missing)
        )
