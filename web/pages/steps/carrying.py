"""Carrying out the command of a step, as its page asked for it."""

from typing import Any

from engine.commands.complete_guarded import complete_guarded
from engine.moves.attempts import told_actor
from engine.moves.incidents import Attempt, guarded
from engine.moves.receipts import Receipt
from engine.queries.task_card import TaskCard
from web.pages.steps.asked import Given, Step
from web.visits import Visit


def carried_out(visit: Visit, card: TaskCard, step: Step, given: Given, **how: Any) -> Receipt:
    """End the step in a transaction of its own; when the diagram fails, an incident, and the form kept as a draft.

    `how` are the `key` and the `expected` version the page came with.
    """
    told: dict[str, Any] = {"by": visit.actor, "at": visit.at, **how}
    if card.command is None:
        return complete_guarded(visit.database, visit.jurisdiction, card.task_id, given.outcome, **told)
    arguments = {"outcome": given.outcome.told(), "by": told_actor(visit.actor), "key": how.get("key")}
    attempt = Attempt(card.command, arguments, task_id=card.task_id, by=visit.actor, content=given.outcome.content)
    return guarded(
        visit.database, visit.jurisdiction,
        lambda session: step.carry_out(session, card.task_id, given, **told),
        attempt, at=visit.at,
    )  # fmt: skip
