"""What operators, administrators and policy owners read: only they, only of their own tenant, in few statements."""

from collections.abc import Callable, Mapping
from itertools import count
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engine.accounts import sign_in
from engine.accounts.keys import keys_from, new_key
from engine.commands.draft_calendar import draft_calendar
from engine.commands.name_substitute import name_substitute
from engine.deadlines.notices import days_of_notice
from engine.directory import Actor, NotYourOffice, Unit
from engine.queries.access_records import RecordFilters, access_lines, journal_lines, last_check
from engine.queries.ahead import ahead, calendar_gaps
from engine.queries.calendar_effects import calendar_effects
from engine.queries.calendar_years import calendar_year
from engine.queries.clockwork import clockwork
from engine.queries.decision_tables import decision_table, decision_tables
from engine.queries.message_groups import message_groups
from engine.queries.operations import standing
from engine.queries.process_versions import (
    NoSuchProcess,
    NoSuchVersion,
    just_migrated,
    migration_prospects,
    process_line,
    process_lines,
)
from engine.queries.second_factors import second_factors
from engine.queries.substitutions import SubstitutionFilters, all_substitutions, overlaps
from engine.queries.version_card import cases_on_version, version_card, version_drawing, version_walked
from engine.store import Database
from engine.words import Role, RowStatus
from tests.factories import person_in
from tests.integration.queries.plans import asked_by
from tests.office import Office

_numbers = count(1)
NOTICE = "示例节：9月2日至20日放假。"
Read = Callable[[Session, Actor], Any]


@pytest.fixture(scope="module")
def office(shared_database: Database) -> Office:
    """A bureau with a case at work, a substitution, and somebody who could not sign in."""
    office = Office.opened(shared_database)
    office.reach(office.open_case(), "target_filing.fill_target")
    head, clerk, today = office.bureau.head, office.bureau.clerk, office.today
    writer = of(office, Role.SYSTEM_ADMIN)
    with office.transactions() as session:
        draft_calendar(session, today.year, "示例", days_of_notice(NOTICE, today.year), by=writer, at=office.now)
        name_substitute(session, head.person_id, clerk.person_id, today, today, roles=[], by=head, at=office.now)
        sign_in(session, "nobody", "x", "", from_address="10.0.0.9", agent="", at=office.now, keys=keys_from(new_key()))
    return office


@pytest.fixture(scope="module")
def reads(office: Office) -> Mapping[str, tuple[Role, Read]]:
    """Every read by its name, with an office it is for."""
    today, at = office.today, office.now
    operator = of(office, Role.OPERATOR)
    with office.transactions() as session:
        targets = version_card(session, operator, "target_filing", 1)
    return {
        "standing": (Role.OPERATOR, lambda s, a: standing(s, a, at=at)),
        "ahead": (Role.OPERATOR, lambda s, a: ahead(s, a, on=today)),
        "calendar_gaps": (Role.SYSTEM_ADMIN, lambda s, a: calendar_gaps(s, a, on=today)),
        "clockwork": (Role.OPERATOR, lambda s, a: clockwork(s, a, at=at)),
        "process_lines": (Role.OPERATOR, process_lines),
        "process_line": (Role.OPERATOR, lambda s, a: process_line(s, a, "target_filing")),
        "just_migrated": (Role.OPERATOR, lambda s, a: just_migrated(s, a, "target_filing")),
        "migration_prospects": (Role.OPERATOR, lambda s, a: migration_prospects(s, a, "target_filing")),
        "version_card": (Role.POLICY_OWNER, lambda s, a: version_card(s, a, "target_filing", 1)),
        "version_drawing": (Role.SYSTEM_ADMIN, lambda s, a: version_drawing(s, a, "target_filing", 1)),
        "version_walked": (Role.PERFORMANCE_OFFICE, lambda s, a: version_walked(s, a, 1, "target_filing")),
        "cases_on_version": (Role.PERFORMANCE_OFFICE, lambda s, a: cases_on_version(s, a, targets).lines),
        "access_lines": (Role.AUDIT_ADMIN, lambda s, a: access_lines(s, a).lines),
        "journal_lines": (Role.AUDIT_ADMIN, lambda s, a: journal_lines(s, a).lines),
        "last_check": (Role.AUDIT_ADMIN, last_check),
        "all_substitutions": (Role.SECURITY_ADMIN, lambda s, a: all_substitutions(s, a, on=today).lines),
        "overlaps": (Role.SECURITY_ADMIN, lambda s, a: overlaps(s, a, on=today)),
        "decision_tables": (Role.POLICY_OWNER, decision_tables),
        "decision_table": (Role.POLICY_OWNER, lambda s, a: decision_table(s, a, "grade")),
        "message_groups": (Role.SYSTEM_ADMIN, message_groups),
        "second_factors": (Role.SECURITY_ADMIN, second_factors),
        "calendar_effects": (Role.SYSTEM_ADMIN, lambda s, a: calendar_effects(s, a, today.year, today)),
        "calendar_year": (Role.SYSTEM_ADMIN, lambda s, a: calendar_year(s, a, today.year)),
    }


EVERY = [
    "access_lines", "ahead", "all_substitutions", "calendar_effects", "calendar_gaps", "calendar_year",
    "cases_on_version", "clockwork",
    "decision_table", "decision_tables", "journal_lines", "just_migrated", "last_check", "message_groups",
    "migration_prospects",
    "overlaps",
    "process_line", "process_lines", "second_factors", "standing", "version_card", "version_drawing", "version_walked",
]  # fmt: skip
FOR_EVERYBODY = {"calendar_gaps", "calendar_year"}


def of(office: Office, *roles: Role) -> Actor:
    """Somebody of the finance bureau in these offices."""
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.finance_id)
        return person_in(session, unit, f"示例{next(_numbers)}{roles[0].label}", *roles)


@pytest.mark.parametrize("name", sorted(set(EVERY) - FOR_EVERYBODY))
def test_nobody_else_is_told(office: Office, reads: Mapping[str, tuple[Role, Read]], name: str) -> None:
    stranger = Actor(1, "示例", "huaxi", office.bureau.agency_id, frozenset({Role.AGENCY}))

    with office.transactions() as session, pytest.raises(NotYourOffice):
        reads[name][1](session, stranger)


@pytest.mark.parametrize("name", EVERY)
def test_a_page_asks_at_most_four_times(office: Office, reads: Mapping[str, tuple[Role, Read]], name: str) -> None:
    role, read = reads[name]
    actor = Actor(1, "示例", "huaxi", office.bureau.finance_id, frozenset({role}))

    assert len(asked_by(office.database, lambda session: read(session, actor))) <= 4


def test_another_tenant_is_told_nothing_even_where_the_database_would(office: Office) -> None:
    theirs = Actor(1, "示例", "conghua", office.bureau.finance_id, frozenset(Role))
    today = office.today

    with office.database.upkeep() as session:
        stands = standing(session, theirs, at=office.now)
        lines = process_lines(session, theirs)
        version = version_card(session, theirs, "target_filing", 1)
        lists = [
            access_lines(session, theirs).lines, access_lines(session, theirs, readings=True).lines,
            journal_lines(session, theirs).lines, all_substitutions(session, theirs, on=today).lines,
            just_migrated(session, theirs, "target_filing"), migration_prospects(session, theirs, "target_filing"),
            message_groups(session, theirs),
            second_factors(session, theirs).people, cases_on_version(session, theirs, version).lines,
        ]  # fmt: skip
        checked = last_check(session, theirs)
        year = calendar_year(session, theirs, today.year)

    assert (stands.running, stands.pending, stands.unfired, stands.incidents) == (0, 0, 0, 0)
    assert {(line.cases, line.open_tasks) for line in lines} == {(0, 0)}
    assert [len(each) for each in lists] == [0] * 9
    assert checked is None
    assert (version.version.cases, version.closed) == (0, {1: 0})
    assert (year.pending, year.notice is not None) == (0, True)


def test_the_counts_are_those_of_the_cases_at_work(office: Office) -> None:
    operator = of(office, Role.OPERATOR)

    with office.transactions() as session:
        stands = standing(session, operator, at=office.now)
        lines = {line.process: line for line in process_lines(session, operator)}

    assert (stands.running, stands.suspended, stands.unfired, stands.incidents) == (1, 0, 0, 0)
    assert stands.pending == len(office.deadlines(1)) > 0
    assert (lines["target_filing"].cases, lines["target_filing"].open_tasks, lines["monitoring"].cases) == (1, 1, 0)
    assert lines["target_filing"].in_force.number == 1


def test_a_process_nobody_drew_is_refused_in_words(office: Office) -> None:
    operator = of(office, Role.OPERATOR)

    with office.transactions() as session:
        for read in (process_line, migration_prospects):
            with pytest.raises(NoSuchProcess, match="没有这个流程"):
                read(session, operator, "nothing")


def test_the_cases_on_a_version_are_told_only_to_those_who_may_see_cases(office: Office) -> None:
    officer, operator = of(office, Role.PERFORMANCE_OFFICE), of(office, Role.OPERATOR)

    with office.transactions() as session:
        targets, monitoring = (
            version_card(session, operator, process, 1) for process in ("target_filing", "monitoring")
        )
        (line,) = cases_on_version(session, officer, targets).lines
        elsewhere = cases_on_version(session, officer, monitoring).lines
        with pytest.raises(NotYourOffice):
            cases_on_version(session, operator, targets)

    assert (line.case_id, line.steps) == (1, ("填报绩效目标",))
    assert elsewhere == ()


def test_a_version_there_is_not_is_refused_in_words(office: Office) -> None:
    operator = of(office, Role.OPERATOR)

    with office.transactions() as session:
        for number in (0, 2):
            with pytest.raises(NoSuchVersion, match="没有这一版"):
                version_card(session, operator, "target_filing", number)


def test_records_are_told_in_words_and_narrowed(office: Office) -> None:
    auditor = of(office, Role.AUDIT_ADMIN)

    with office.transactions() as session:
        everything = journal_lines(session, auditor, limit=200).lines
        named = journal_lines(session, auditor, filters=RecordFilters(kind="directory.substituted")).lines
        refused = access_lines(session, auditor, filters=RecordFilters(kind="refused")).lines

    assert "李经办" not in {line.by for line in named}
    assert "由李经办代理张负责" in named[0].sentence
    assert [(line.person, line.login, line.from_address) for line in refused] == [("", "no…（6 字）", "10.0.0.9")]
    assert all("号人员" not in line.sentence for line in everything)


def test_a_substitution_that_is_over_is_left_out_where_only_running_ones_are_asked_for(office: Office) -> None:
    security = of(office, Role.SECURITY_ADMIN)
    running = SubstitutionFilters(running=True)
    on = office.today

    with office.transactions() as session:
        today = all_substitutions(session, security, on=on, filters=running).lines
        next_year = all_substitutions(session, security, on=on.replace(year=on.year + 1), filters=running).lines

    assert (len(today), len(next_year)) == (1, 0)


def test_a_table_is_read_in_words_with_source_and_status(office: Office) -> None:
    owner = of(office, Role.POLICY_OWNER)

    with office.transactions() as session:
        tables = {line.key: line for line in decision_tables(session, owner)}
        grade, deadlines = decision_table(session, owner, "grade"), decision_table(session, owner, "deadline")

    assert tables["grade"].own
    assert not tables["deadline"].own
    assert {row.status for row in grade.rows} == {RowStatus.INFERRED}
    assert all(row.source for row in (*grade.rows, *deadlines.rows))
    assert [text for row in deadlines.rows for text in row.inputs if '"' in text] == []
    assert [row.inputs[0] for row in grade.rows] == ["≥ 90", "80 至不满 90"]
