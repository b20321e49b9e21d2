"""Every verb somebody can do is a line of the permission table, and every line a verb."""

import ast
from pathlib import Path

import pytest

from engine import commands
from engine.directory import Actor
from engine.errors import NotAllowed
from engine.moves.permissions import PERMISSIONS, must_be_permitted, permits
from engine.words import CaseState, Role

VERBS = Path(commands.__file__).parent
GUARDED_AS = {
    "complete_guarded": "complete_task in a transaction of its own, and guarded as that",
    "migrate_cases": "migrate_case for several, and guarded as that",
}
"""Verbs without a line of their own, and why."""
NO_VERBS = {"preview_frame": "a read: what a draw would choose from"}
"""Lines of the table that are no verb, and why."""


def _takes_by(path: Path) -> bool:
    """Whether the verb of a file has a parameter `by`; fire_deadline and fire_guarded belong to the clock."""
    return any(
        isinstance(node, ast.FunctionDef)
        and node.name == path.stem
        and any(argument.arg == "by" for argument in [*node.args.args, *node.args.kwonlyargs])
        for node in ast.parse(path.read_text(encoding="utf-8")).body
    )


def test_every_verb_somebody_does_is_in_the_table_and_every_line_is_a_verb() -> None:
    verbs = {path.stem for path in VERBS.glob("*.py") if _takes_by(path)}

    assert verbs - set(GUARDED_AS) == set(PERMISSIONS) - set(NO_VERBS)
    assert set(GUARDED_AS) <= verbs


def test_every_verb_is_on_the_map() -> None:
    assert {path.stem for path in VERBS.glob("[a-z]*.py")} == set(commands.__all__)


def _somebody(role: Role, acting_for: int | None = None) -> Actor:
    return Actor(1, "某人", "huaxi", 1, frozenset({role}), acting_for)


def _lets_in(command: str, actor: Actor) -> bool:
    try:
        must_be_permitted(command, actor)
    except NotAllowed:
        return False
    return True


@pytest.mark.parametrize("acting_for", [None, 2], ids=["in person", "through a substitute"])
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("command", PERMISSIONS)
def test_what_a_page_may_offer_is_what_the_guard_lets_in(command: str, role: Role, acting_for: int | None) -> None:
    actor = _somebody(role, acting_for)

    assert permits(command, actor) == _lets_in(command, actor)


@pytest.mark.parametrize("command", PERMISSIONS)
@pytest.mark.parametrize("state", CaseState)
def test_no_office_may_do_in_a_state_what_the_table_does_not_name(command: str, state: CaseState) -> None:
    anybody = Actor(1, "某人", "huaxi", 1, frozenset(Role))

    assert permits(command, anybody, state) == (state in PERMISSIONS[command].states)
