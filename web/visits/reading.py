"""人大、审计: what observers are shown is on record, line by line in the access log, for the 审计管理员 to read."""

from collections.abc import Mapping
from typing import Any

from flask import request

from engine.accounts import note_reading
from engine.directory import Actor
from engine.words import Role
from web.visits.visit import Visit


def is_watched(actor: Actor) -> bool:
    """Whether every page this actor is shown is put on record and carries their name."""
    return Role.OBSERVER in actor.roles


def note(visit: Visit, named: Mapping[str, Any]) -> None:
    """Put on record that a page was shown; `named` are the numbers of its address. What was refused is not shown."""
    if is_watched(visit.actor) and request.method == "GET":
        note_reading(
            visit.session, visit.arrival.sign_in, request.path, case=named.get("case_id"), at=visit.arrival.now
        )
