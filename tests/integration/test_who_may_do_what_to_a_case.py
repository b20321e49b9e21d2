"""Command × office × state: a command on a case is refused exactly where the permission table says no."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy.orm import Session

from engine.audit.events.cases import CaseMigrated
from engine.cases import Case
from engine.clock import first_late
from engine.commands import (
    adjust_budget,
    cancel,
    correct_facts,
    correct_state,
    engage_agency,
    extend_deadline,
    migrate_case,
    name_adviser,
    open_rectification,
    resume,
    suspend,
    undo_migration,
)
from engine.commands.open_rectification import Found
from engine.deadlines.model import Deadline
from engine.directory import Actor, NotYourOffice
from engine.errors import EngineError
from engine.moves.engagement import Engagement
from engine.moves.move import Move
from engine.moves.permissions import PERMISSIONS, NotThroughSubstitute, permits
from engine.store import Database
from engine.words import CaseState, DeadlineState, RectificationOrigin, Role
from tests.factories import Bureau
from tests.integration.desk import project_at
from tests.office import Office

Command = Callable[[Session, "Bench", int, dict[str, Any]], object]


@dataclass(frozen=True)
class Bench:
    """A bureau with a case at work, one that stands still and one that is over."""

    office: Office
    cases: dict[CaseState, int]


@pytest.fixture(scope="module")
def bench(shared_database: Database, shared_bureau: Bureau) -> Bench:
    office = Office(shared_database, shared_bureau)
    cases = {state: project_at(office, "approved") for state in STATES}
    common: dict[str, Any] = {"reason": "示例：等待审计", "by": shared_bureau.office, "at": office.now}
    with office.transactions() as session:
        suspend(session, cases[CaseState.SUSPENDED], **common)
        cancel(session, cases[CaseState.CANCELLED], **common)
    return Bench(office, cases)


STATES = (CaseState.ACTIVE, CaseState.SUSPENDED, CaseState.CANCELLED)
REASON = "示例：等待审计"


def _correcting(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    second = bench.office.bureau.second_officer
    return correct_state(session, case, "case", "call_monitoring", reason=REASON, second=second, **how)


def _migrating(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    return migrate_case(session, case, reason=REASON, second=bench.office.bureau.second_officer, **how)


def _undoing(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    on = session.get_one(Case, case)
    versions = {"diagrams": on.diagrams_id, "policy": on.policy_id}
    move = Move(session, on, bench.office.bureau.office, how["at"])
    move.record(CaseMigrated(before=versions, after=versions, reason=REASON))
    move.write()
    return undo_migration(session, case, reason=REASON, **how)


def _engaging(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    return engage_agency(session, case, Engagement(bench.office.bureau.agency_id, "孙主评", True), **how)


def _opening(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    until = bench.office.today + timedelta(days=30)
    found = Found(RectificationOrigin.AUDIT, "asset", "示例：账实不符", "示例：核对账目", until)
    return open_rectification(session, case, found, **how)


def _extending(session: Session, bench: Bench, case: int, how: dict[str, Any]) -> object:
    today = bench.office.today
    due = Deadline(
        id=uuid4(), jurisdiction="huaxi", case_id=case, name="target_filing.fill", started_on=today, due_on=today,
        due_at=first_late(today), plan={}, consequence="remind", state=DeadlineState.PENDING,
    )  # fmt: skip
    session.add(due)
    session.flush()
    return extend_deadline(session, due.id, today + timedelta(days=7), reason=REASON, **how)


COMMANDS: dict[str, Command] = {
    "suspend": lambda session, bench, case, how: suspend(session, case, reason=REASON, **how),
    "resume": lambda session, bench, case, how: resume(session, case, reason=REASON, **how),
    "cancel": lambda session, bench, case, how: cancel(session, case, reason=REASON, **how),
    "adjust_budget": lambda session, bench, case, how: adjust_budget(
        session, case, Decimal(150), reason=REASON, kind="cut", **how
    ),
    "engage_agency": _engaging,
    "name_adviser": lambda session, bench, case, how: name_adviser(
        session, case, bench.office.bureau.agency_id, reason=REASON, **how
    ),
    "correct_facts": lambda session, bench, case, how: correct_facts(
        session, case, {"marks": ["livelihood"]}, reason=REASON, **how
    ),
    "correct_state": _correcting,
    "migrate_case": _migrating,
    "undo_migration": _undoing,
    "open_rectification": _opening,
    "extend_deadline": _extending,
}
"""The command as it would be done properly, in a transaction that is taken back."""


def refusal(bench: Bench, command: str, case: int, by: Actor) -> EngineError | None:
    """The refusal the real command meets, or None; nothing of it stays."""
    with bench.office.transactions() as session:
        trial = session.begin_nested()
        try:
            COMMANDS[command](session, bench, case, {"by": by, "at": bench.office.now})
        except EngineError as met:
            return met
        finally:
            trial.rollback()
            session.info.pop("written", None)
    return None


def _somebody(bench: Bench, role: Role, acting_for: int | None = None) -> Actor:
    office = bench.office.bureau.office
    return Actor(office.person_id, office.name, office.jurisdiction, office.unit_id, frozenset({role}), acting_for)


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_on_a_case_is_refused_exactly_where_the_table_says_no(
    bench: Bench, command: str, state: CaseState
) -> None:
    case = bench.cases[state]

    met = {role: refusal(bench, command, case, _somebody(bench, role)) for role in Role}

    assert {role for role in Role if met[role] is None} == {
        role for role in Role if permits(command, _somebody(bench, role), state)
    }
    wrong = Role if not PERMISSIONS[command].offices else set(Role) - PERMISSIONS[command].offices
    assert {type(met[role]) for role in wrong} == {NotYourOffice}
    right_office_wrong_state = {refused.code for role, refused in met.items() if refused and role not in wrong}
    assert right_office_wrong_state <= {"case.not_active"}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_substitute_is_refused_exactly_where_the_table_says_no(bench: Bench, command: str) -> None:
    state = CaseState.SUSPENDED if command == "resume" else CaseState.ACTIVE
    by = _somebody(bench, Role.PERFORMANCE_OFFICE, bench.office.bureau.head.person_id)

    met = refusal(bench, command, bench.cases[state], by)

    assert (met is None) == PERMISSIONS[command].through_substitute
    assert (met is None) != isinstance(met, NotThroughSubstitute)


def test_the_bench_is_as_it_was(bench: Bench) -> None:
    with bench.office.transactions() as session:
        assert {state: session.get_one(Case, case).state for state, case in bench.cases.items()} == {
            state: state for state in STATES
        }
