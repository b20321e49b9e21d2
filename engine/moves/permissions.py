"""Who may do what: one table of commands, with the offices that may, the states of a case in which they may.

Every command is guarded by it and every page asks it. An empty set of offices means the office the step lies with.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.cases import Case, CaseNotActive
from engine.directory import Actor
from engine.errors import NotAllowed
from engine.submissions.copies import RECEIVERS
from engine.words import CaseState, Role

_ACTIVE = frozenset({CaseState.ACTIVE})
_STANDING = frozenset({CaseState.ACTIVE, CaseState.SUSPENDED})
_ANY = frozenset(CaseState)
_OFFICE = frozenset({Role.PERFORMANCE_OFFICE})
_FINANCE = frozenset({Role.PERFORMANCE_OFFICE, Role.FINANCE_DIVISION})
_OPERATORS = frozenset({Role.OPERATOR, Role.PERFORMANCE_OFFICE})
_SYSTEM = frozenset({Role.SYSTEM_ADMIN})
_SECURITY = frozenset({Role.SECURITY_ADMIN})
_AUDIT = frozenset({Role.AUDIT_ADMIN})
_UNIT = frozenset({Role.UNIT_CLERK, Role.UNIT_HEAD})
_FILERS = _UNIT | {Role.DEPARTMENT, Role.AGENCY}
_WATCHERS = _FINANCE | {Role.BUREAU_LEADER, Role.OBSERVER}
_KEEPERS = _UNIT | {Role.DEPARTMENT, Role.PERFORMANCE_OFFICE}
_STEP: frozenset[Role] = frozenset()
_IN_DIAGRAMS = frozenset(role for role in Role if role.lane is not None)
_OF_RESULTS = _UNIT | _FINANCE | {Role.DEPARTMENT, Role.BUREAU_LEADER, Role.OBSERVER}
_SEERS = _IN_DIAGRAMS | {Role.OBSERVER}


class NotThroughSubstitute(NotAllowed):
    """This can only be done in person."""

    code = "permission.not_through_substitute"


@dataclass(frozen=True, slots=True)
class Permission:
    """One line of the table; without `offices` the task says whose step it is."""

    offices: frozenset[Role]
    states: frozenset[CaseState] = _ACTIVE
    through_substitute: bool = True


PERMISSIONS: Mapping[str, Permission] = MappingProxyType(
    {
        # a case
        "start_case": Permission(_FINANCE, _ANY),
        "suspend": Permission(_OFFICE),
        "resume": Permission(_OFFICE, frozenset({CaseState.SUSPENDED})),
        "cancel": Permission(_OFFICE, _STANDING),
        "correct_request": Permission(_UNIT),
        "correct_facts": Permission(_OFFICE),
        "adjust_budget": Permission(_FINANCE),
        "correct_state": Permission(_OPERATORS, through_substitute=False),
        "stand_in": Permission(_OPERATORS, through_substitute=False),
        "migrate_case": Permission(_OPERATORS),
        "undo_migration": Permission(_OPERATORS),
        # a task
        "claim": Permission(_STEP),
        "save_draft": Permission(_STEP),
        "attach": Permission(_STEP),
        "transfer": Permission(_STEP),
        "request_takeover": Permission(_STEP),
        "decline_takeover": Permission(_STEP),
        "complete_task": Permission(_STEP),
        "assign_agency": Permission(_STEP),
        "accept_evaluation": Permission(_STEP),
        "issue_feedback": Permission(_STEP),
        "sign_letter": Permission(_STEP),
        "publish": Permission(_STEP),
        "record_deliberation": Permission(_STEP),
        "close_rectification": Permission(_STEP),
        # a submission
        "submit": Permission(_STEP),
        "approve_submission": Permission(_STEP),
        "return_submission": Permission(_STEP),
        "withdraw": Permission(_FILERS),
        "copy_paper": Permission(_IN_DIAGRAMS, _STANDING),
        "read_copy": Permission(RECEIVERS, _ANY, through_substitute=False),
        # beside the steps
        "remind": Permission(_FINANCE | {Role.UNIT_HEAD, Role.DEPARTMENT}),
        "engage_agency": Permission(_OFFICE),
        "name_adviser": Permission(_OFFICE),
        "recall_letter": Permission(_OFFICE),
        "reopen_verdict": Permission(_OFFICE),
        "record_deliberation_of_case": Permission(_OFFICE, _ANY),
        "record_deliberation_of_year": Permission(_OFFICE, _ANY),
        "record_publication": Permission(_KEEPERS, _ANY),
        "open_rectification": Permission(_OFFICE, _ANY),
        "report_rectification": Permission(_UNIT, _ANY),
        "settle_rectification": Permission(_OFFICE, _ANY),
        "extend_rectification": Permission(_OFFICE, _ANY),
        "report_execution": Permission(_FINANCE, _STANDING),
        # a year
        "bring_execution_file": Permission(_FINANCE, _ANY),
        "import_execution": Permission(_FINANCE, _ANY),
        "launch_stage": Permission(_OFFICE, _ANY),
        "draw_sample": Permission(_OFFICE, _ANY),
        "continue_launch": Permission(_OFFICE, _ANY),
        "open_sampling": Permission(_OFFICE, _ANY),
        "give_seed": Permission(_WATCHERS, _ANY),
        "draw_sampling": Permission(_OFFICE, _ANY),
        "void_sampling": Permission(_OFFICE, _ANY),
        "finish_selection": Permission(_OFFICE, _ANY),
        "skip_draw": Permission(_OFFICE, _ANY),
        "plan_evaluation": Permission(_OFFICE, _ANY),
        "preview_frame": Permission(_OFFICE, _ANY),
        # time
        "extend_deadline": Permission(_OFFICE, _ANY),
        "extend_all": Permission(_OFFICE, _STANDING),
        "request_extension": Permission(_FILERS, _STANDING),
        "answer_extension": Permission(_OFFICE, _STANDING),
        "request_late_filing": Permission(_FILERS),
        "answer_late_filing": Permission(_OFFICE, _ANY),
        # an operator
        "retry_incident": Permission(_OPERATORS),
        "scan_attachment": Permission(_OPERATORS, _ANY),
        # people
        "add_unit": Permission(_SYSTEM, _ANY, through_substitute=False),
        "add_person": Permission(_SYSTEM, _ANY, through_substitute=False),
        "bring_directory_file": Permission(_SYSTEM, _ANY, through_substitute=False),
        "import_directory": Permission(_SYSTEM, _ANY, through_substitute=False),
        "stop_person": Permission(_SYSTEM, _ANY, through_substitute=False),
        # working days
        "draft_calendar": Permission(_SYSTEM, _ANY, through_substitute=False),
        "confirm_calendar": Permission(_SYSTEM | _OFFICE, _ANY, through_substitute=False),
        # where notices go
        "add_message_group": Permission(_SYSTEM, _ANY, through_substitute=False),
        "end_message_group": Permission(_SYSTEM, _ANY, through_substitute=False),
        "try_message_group": Permission(_SYSTEM, _ANY, through_substitute=False),
        # offices
        "appoint": Permission(_SECURITY, _ANY, through_substitute=False),
        "settle_listed_offices": Permission(_SECURITY, _ANY, through_substitute=False),
        "dismiss": Permission(_SECURITY, _ANY, through_substitute=False),
        "require_second_factor": Permission(_SECURITY, _ANY, through_substitute=False),
        "name_substitute": Permission(frozenset(Role), _ANY, through_substitute=False),
        "revoke_substitute": Permission(frozenset(Role), _ANY, through_substitute=False),
        # the indicator library
        "add_indicator": Permission(_KEEPERS, _ANY),
        "change_indicator": Permission(_KEEPERS, _ANY),
        "retire_indicator": Permission(_KEEPERS, _ANY),
        "restore_indicator": Permission(_KEEPERS, _ANY),
        "bring_library_file": Permission(_KEEPERS, _ANY),
        "import_indicators": Permission(_KEEPERS, _ANY),
        # lists of one's own
        "save_view": Permission(_IN_DIAGRAMS, _ANY),
        "delete_view": Permission(_IN_DIAGRAMS, _ANY),
        "follow_case": Permission(_SEERS, _ANY, through_substitute=False),
        "unfollow_case": Permission(_SEERS, _ANY, through_substitute=False),
        "read_notices": Permission(frozenset(Role), _ANY),
        "wish_for_mail": Permission(frozenset(Role), _ANY),
        "try_mail": Permission(frozenset(Role), _ANY),
        "subscribe_calendar": Permission(frozenset(Role), _ANY),
    }
)

READS: Mapping[str, Permission] = MappingProxyType(
    {
        "see_tasks": Permission(_IN_DIAGRAMS, _ANY),
        "see_copies": Permission(RECEIVERS, _ANY),
        "see_notices": Permission(frozenset(Role), _ANY),
        "see_reviews": Permission(frozenset({Role.DEPARTMENT, *_FINANCE}), _ANY),
        "see_cases": Permission(_SEERS, _ANY),
        "see_extensions": Permission(_FILERS | _FINANCE, _ANY),
        "see_letters": Permission(_OF_RESULTS, _ANY),
        "see_rectifications": Permission(_OF_RESULTS, _ANY),
        "see_result_applications": Permission(_FINANCE | {Role.BUREAU_LEADER}, _ANY),
        "see_disclosures": Permission(_OF_RESULTS, _ANY),
        "see_dashboard": Permission(frozenset({Role.PERFORMANCE_OFFICE, Role.BUREAU_LEADER, Role.OBSERVER}), _ANY),
        "see_monitoring": Permission(_UNIT | _FINANCE | {Role.DEPARTMENT}, _ANY),
        "see_assignments": Permission(_OFFICE | {Role.AGENCY}, _ANY),
        "see_directory": Permission(_SYSTEM | _SECURITY, _ANY),
        "see_launches": Permission(_OFFICE, _ANY),
        "see_samplings": Permission(_WATCHERS, _ANY),
        "see_plans": Permission(_OFFICE, _ANY),
        "see_substitutions": Permission(frozenset(Role), _ANY),
        "see_all_substitutions": Permission(_SECURITY, _ANY),
        "see_sessions": Permission(_SECURITY, _ANY),
        "see_operations": Permission(_OPERATORS, _ANY),
        "see_processes": Permission(_SYSTEM | _OPERATORS | {Role.POLICY_OWNER}, _ANY),
        "see_audit": Permission(_AUDIT, _ANY),
        "verify_audit": Permission(_AUDIT | {Role.OPERATOR}, _ANY),
        "see_policies": Permission((_IN_DIAGRAMS - {Role.AGENCY}) | {Role.POLICY_OWNER}, _ANY),
        "see_calendar": Permission(frozenset(Role), _ANY),
        "see_redated_days": Permission(_FILERS, _ANY),
        "move_demo_clock": Permission(frozenset({Role.OPERATOR}), _ANY),
        "see_indicators": Permission(_KEEPERS | {Role.FINANCE_DIVISION}, _ANY),
    }
)
"""Who may open which pages; what they find there depends on the cases they may see."""


def offices_let_in(permission: str) -> frozenset[Role]:
    """The offices that have business behind a door: a page to read, or what a command does.

    What lies with the office of a step is for those who can have a step at all; the task then says whose it is.
    """
    line = READS.get(permission) or PERMISSIONS[permission]
    return line.offices or _IN_DIAGRAMS


def must_be_let_in(permission: str, by: Actor) -> None:
    """Refuse an actor whose offices have no business behind a door."""
    by.must_hold(*(role for role in Role if role in offices_let_in(permission)))
    if permission in PERMISSIONS:
        must_be_permitted(permission, by)


def must_be_permitted(command: str, by: Actor) -> None:
    """Refuse an actor whose offices may not do this, or may not do it for somebody else."""
    permission = PERMISSIONS[command]
    if permission.offices:
        by.must_hold(*(role for role in Role if role in permission.offices))
    if by.acting_for is not None and not permission.through_substitute:
        raise NotThroughSubstitute("这件事只能由本人办理，不能以代理人身份办理。请本人登录后再办。", command=command)


def must_stand(command: str, case: Case) -> None:
    """Refuse a case that is not in a state in which this can be done."""
    states = PERMISSIONS[command].states
    if case.state in states:
        return
    if states == {CaseState.SUSPENDED}:
        raise CaseNotActive("案卷没有暂停，不需要恢复。请刷新案卷查看当前状态。", case_id=case.id, state=case.state)
    case.must_be_active()


def permits(command: str, actor: Actor, state: CaseState | None = None) -> bool:
    """Whether a page may offer this; for a step its task has the last word (`moves_open_to`)."""
    permission = PERMISSIONS[command]
    return (
        (not permission.offices or not permission.offices.isdisjoint(actor.roles))
        and (permission.through_substitute or actor.acting_for is None)
        and (state is None or state in permission.states)
    )
