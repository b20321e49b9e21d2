"""花溪 and 从化 share one database and never see, change or learn anything of each other: by command, query or SQL."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from engine.accounts import RecoveryCode, keys_from, new_key, open_account, sign_in, within
from engine.accounts.model import SignInRules
from engine.audit.anchors import anchor_day
from engine.cases import Incident
from engine.cases.following import FollowedCase
from engine.clock import day_of
from engine.commands.accept_evaluation import accept_evaluation
from engine.commands.adjust_budget import adjust_budget
from engine.commands.approve_submission import approve_submission
from engine.commands.assign_agency import assign_agency
from engine.commands.cancel import cancel
from engine.commands.claim import claim
from engine.commands.close_rectification import close_rectification
from engine.commands.correct_facts import correct_facts
from engine.commands.correct_request import correct_request
from engine.commands.correct_state import correct_state
from engine.commands.engage_agency import engage_agency
from engine.commands.extend_all import extend_all
from engine.commands.extend_deadline import extend_deadline
from engine.commands.fire_deadline import fire_deadline
from engine.commands.issue_feedback import issue_feedback
from engine.commands.launch_stage import launch_stage
from engine.commands.migrate_case import migrate_case
from engine.commands.name_adviser import name_adviser
from engine.commands.open_rectification import open_rectification
from engine.commands.publish import publish
from engine.commands.record_deliberation import record_deliberation
from engine.commands.record_deliberation_of_case import record_deliberation_of_case
from engine.commands.record_publication import Publication, record_publication
from engine.commands.resume import resume
from engine.commands.retry_incident import retry_incident
from engine.commands.return_submission import return_submission
from engine.commands.save_draft import save_draft
from engine.commands.start_case import start_case
from engine.commands.submit import submit
from engine.commands.suspend import suspend
from engine.commands.transfer import transfer
from engine.commands.withdraw import withdraw
from engine.deadlines.model import CalendarEdition, CalendarVersion, ExtensionRequest
from engine.directory import DirectoryFile, Person, Substitution
from engine.errors import EngineError
from engine.executions import ExecutionFigure, ExecutionFile
from engine.indicators.model import Indicator, IndicatorChange, IndicatorUse, LibraryFile
from engine.jobs import JobRun
from engine.moves.engagement import Engagement
from engine.moves.migrating import preview_migration
from engine.moves.rectifying import Found, rectification_by_id
from engine.moves.selections import deliver_selection
from engine.moves.sittings import Sitting
from engine.notifications import CalendarFeed, MailWishes, MessageGroup, Notice, Sending
from engine.portions import LongWork
from engine.queries.case_timeline import case_timeline
from engine.queries.selections import recount
from engine.queries.worklist import worklist
from engine.queries.year_results import results_of
from engine.rectifications import Rectification
from engine.rehearsal.demo_clock import ClockAt
from engine.results.model import Candidate, Disclosure, Sample, Sampling
from engine.results.statistics import YearStatistics
from engine.store import Base, Database
from engine.submissions.copies import PaperCopy
from engine.submissions.model import Attachment, PaperText
from engine.tasks import Reminder, TakeoverRequest
from engine.views import SavedView
from engine.words import Job
from tests.factories import Bureau, new_project
from tests.integration.desk import SHORT, latest, prepared, project_at, the_task
from tests.integration.refusals import refused, traces
from tests.office import Office

TENANT_TABLES = sorted(name for name, table in Base.metadata.tables.items() if "jurisdiction" in table.columns)
SHARED_TABLES = ["archive_keys", "calendars", "definitions", "servings", "shelf"]


@dataclass
class Two:
    """A busy 花溪, with something in every table, and a 从化 that has just begun."""

    huaxi: Office
    conghua: Office
    case: int
    busy: int


@pytest.fixture(scope="module")
def two(shared_database: Database) -> Two:
    huaxi, conghua = Office.opened(shared_database), Office.opened(shared_database, "conghua")
    case = huaxi.open_case()
    huaxi.finish(case, sampled=True, selected=True, **SHORT)
    busy = project_at(Office(shared_database, huaxi.bureau), "check_target")
    conghua.open_case()
    with huaxi.transactions() as session:
        _something_in_every_table(session, huaxi, case, busy)
    return Two(Office(shared_database, huaxi.bureau), Office(shared_database, conghua.bureau), case, busy)


def _something_in_every_table(session: Any, office: Office, case: int, busy: int) -> None:
    bureau, at = office.bureau, office.now
    here = {"jurisdiction": "huaxi", "case_id": case}
    people = {"absent_id": bureau.head.person_id, "substitute_id": bureau.clerk.person_id}
    session.add_all(
        (
            Substitution(jurisdiction="huaxi", from_on=date(2021, 1, 1), until_on=date(2021, 2, 1), **people),
            Incident(**here, command="示例", arguments={}, message="示例", raised_at=at),
            Candidate(**here, for_year=2022, reason="示例", added_at=at),
            Disclosure(**here, document_kind="annual_report", recorded_by=bureau.office.person_id, recorded_at=at),
            Attachment(
                **here, slot="示例", name="示例.pdf", media_type="application/pdf", size_bytes=1, sha256="0" * 64,
                added_by=bureau.clerk.person_id, added_at=at,
            ),
            ExtensionRequest(
                **here, deadline_id=uuid4(), due_on=date(2021, 1, 1), wanted_on=date(2021, 2, 1), reason="示例",
                asked_by=bureau.clerk.person_id, asked_at=at,
            ),
        )
    )  # fmt: skip
    content = {"year": 2022, "source": ["示例"], "holidays": []}
    session.add(
        CalendarEdition(
            jurisdiction="huaxi", year=2022, content=content, drafted_by=bureau.office.person_id, drafted_at=at
        )
    )
    session.add(SignInRules(jurisdiction="huaxi", second_factor=False, set_by=bureau.office.person_id, set_at=at))
    session.add_all(_of_the_pages(bureau, case, office.tasks(busy)[0].id, at))
    session.flush()
    entry = session.scalars(select(Indicator)).one()
    session.add(
        IndicatorChange(
            jurisdiction="huaxi", indicator_id=entry.id, version=2, cells={}, reason="示例",
            changed_by=bureau.office.person_id, changed_at=at,
        )
    )  # fmt: skip
    record_deliberation_of_case(session, case, Sitting("congress", day_of(at)), by=bureau.office, at=at, key="示例")
    save_draft(session, office.tasks(busy)[0].id, {"a": "b"}, by=bureau.department, at=at)
    anchor_day(session, "huaxi", date(2021, 1, 1), at=at)
    _somebody_signed_in(session, bureau.clerk.person_id, at)


def _of_the_pages(bureau: Bureau, case: int, task: UUID, at: datetime) -> list[Any]:
    """A reminder, a draw being prepared, an entry of the library with its use and file, a saved view, a copy."""
    ours, clerk, officer = {"jurisdiction": "huaxi"}, bureau.clerk.person_id, bureau.office.person_id
    entry = Indicator(
        **ours, code="示例-1", name="示例", level1="产出", level2="数量指标", industry="", direction="≥", unit="人",
        calculation="", scope="common", owner_id=bureau.finance_id, state="in_use", search="示例", version=2,
        changed_at=at,
    )  # fmt: skip
    return [
        entry,
        IndicatorUse(**ours, code="示例-1", case_id=case),
        LibraryFile(**ours, name="示例.csv", digest=b"1", owner_id=bureau.unit_id, brought_by=clerk, brought_at=at),
        DirectoryFile(**ours, name="示例.csv", digest=b"1", brought_by=clerk, brought_at=at),
        SavedView(**ours, person_id=clerk, page="tasks", name="示例", asked={}, shared_with=[], saved_at=at),
        LongWork(
            **ours, kind="launch", subject="另一件", content={}, total=1, done=0, failed=0, begun_by=clerk, begun_at=at,
            portion_at=at,
        ),
        ClockAt(**ours, stands_at=at),
        CalendarVersion(**ours, version="示例", content=[]),
        ExecutionFile(**ours, name="示例.csv", digest=b"1", brought_by=officer, brought_at=at),
        ExecutionFigure(
            **ours, id=task, case_id=case, version=1, as_of=day_of(at), executed_wan=Decimal(1), lines={},
            source="示例", reported_by=officer, reported_at=at,
        ),
        JobRun(**ours, job=Job.SWEEP, slot=at, worker="示例/1", started_at=at),
        Reminder(
            **ours, case_id=case, task_id=task, unit_id=bureau.unit_id, number=1, to_head=False, text="示例",
            reminded_by=officer, reminded_at=at,
        ),
        MailWishes(**ours, person_id=clerk, address=None, kinds=[], changed_at=at),
        MessageGroup(
            **ours, name="示例", robot="wecom", sealed=b"1", unit_id=bureau.unit_id, kinds=[], added_by=officer,
            added_at=at,
        ),
        CalendarFeed(**ours, person_id=clerk, digest=b"1", made_at=at, told=[]),
        Sending(**ours, person_id=clerk, notice_id=None, not_before=at),
        Notice(**ours, person_id=clerk, kind="new_task", case_id=case, seq=1, words="示例", made_at=at),
        FollowedCase(**ours, person_id=clerk, case_id=case, followed_at=at),
        TakeoverRequest(
            **ours, case_id=case, task_id=task, holder_id=officer, asked_by=clerk, asked_at=at, reason="示例",
        ),
        Sampling(
            **ours, fiscal_year=2021, purpose="spot_review", size=1, organizer="finance", frame=[], frame_hash=b"1",
            opened_by=officer, opened_at=at, state="void",
        ),
        PaperText(**ours, submission_id=task, path="necessity", case_id=case, form="F02", digest=task),
        PaperCopy(
            **ours, case_id=case, submission_id=task, form="F02", item=None, version=1, person_id=clerk, note="",
            copied_by=officer, copied_at=at,
        ),
    ]  # fmt: skip


def _somebody_signed_in(session: Any, person_id: int, at: Any) -> None:
    person, password = session.get_one(Person, person_id), "花溪河上的石桥又旧又弯又长"
    open_account(session, person, password, by=None, at=at)
    session.add(RecoveryCode(jurisdiction="huaxi", person_id=person_id, digest=b"0"))
    sign_in(session, person.login, password, "", from_address="", agent="", at=at, keys=keys_from(new_key()))
    within(session, "示例", "示例", 1, 60, at)


# ── the second net: row-level security ───────────────────────────────────────────────────────────────────────────────


def rows_of(database: Database, table: str, tenant: str, where: str = "true") -> int:
    with database.transaction(tenant) as session:
        return int(session.scalar(text(f"SELECT count(*) FROM {table} WHERE {where}")) or 0)


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_stranger_sees_changes_and_removes_no_row(two: Two, table: str) -> None:
    database, mine = two.huaxi.database, "jurisdiction = 'huaxi'"
    assert rows_of(database, table, "huaxi") > 0
    assert rows_of(database, table, "huaxi", f"NOT {mine}") == 0
    before = traces(database)[table]

    assert rows_of(database, table, "conghua", mine) == 0
    for statement in (f"UPDATE {table} SET jurisdiction = jurisdiction", f"DELETE FROM {table}"):
        assert _touched(database, "conghua", f"{statement} WHERE {mine}") in (0, "42501")

    assert traces(database)[table] == before


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_a_stranger_slips_no_row_in(two: Two, table: str) -> None:
    database = two.huaxi.database
    with database.upkeep() as session:
        row = session.scalar(text(f"SELECT row_to_json(r)::text FROM {table} r WHERE jurisdiction = 'huaxi' LIMIT 1"))
    told = ", ".join(f'"{column.name}"' for column in Base.metadata.tables[table].columns if column.computed is None)
    copied = f"INSERT INTO {table} ({told}) SELECT {told} FROM json_populate_record(NULL::{table}, :row)"

    assert _touched(database, "conghua", copied, row=row) == "42501"
    assert _touched(database, "", copied, row=row) == "42501"


@pytest.mark.parametrize("table", TENANT_TABLES)
def test_no_row_is_handed_to_another_tenant(two: Two, table: str) -> None:
    given_away = f"UPDATE {table} SET jurisdiction = 'huaxi' WHERE jurisdiction = 'conghua'"

    assert _touched(two.huaxi.database, "conghua", given_away) in (0, "42501")


def _touched(database: Database, tenant: str, statement: str, **given: Any) -> int | str:
    """How many rows, or why not; nothing of it stays."""
    try:
        with database.transaction(tenant) as session:
            touched = session.connection().execute(text(statement), given).rowcount
            session.rollback()
            return int(touched)
    except DBAPIError as fault:
        return str(getattr(fault.orig, "sqlstate", None))


@pytest.mark.parametrize("tenant", ["", "HUAXI", "huaxi ", "huaxi'--", "%", "nowhere"])
def test_who_belongs_nowhere_sees_nothing(two: Two, tenant: str) -> None:
    assert {table: rows_of(two.huaxi.database, table, tenant) for table in TENANT_TABLES} == dict.fromkeys(
        TENANT_TABLES, 0
    )


def test_no_word_looks_across_tenants(two: Two) -> None:
    assert rows_of(two.huaxi.database, "cases", "*") == 0
    assert rows_of(two.huaxi.database, "cases", "huaxi") == 2
    assert rows_of(two.huaxi.database, "cases", "conghua") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET payload = '{}'",
        "DELETE FROM journal",
        "TRUNCATE journal",
        "ALTER TABLE journal DISABLE TRIGGER append_only",
        "DROP POLICY tenant ON cases",
        "ALTER TABLE cases DISABLE ROW LEVEL SECURITY",
        "CREATE TABLE own (a int)",
        *(f"DELETE FROM {table}" for table in SHARED_TABLES),
        *(
            f"UPDATE {table} SET {column} = {column}"
            for table, column in (("calendars", "year"), ("definitions", "id"))
        ),
    ],
)
def test_the_program_cannot_do_what_only_the_owner_may(two: Two, statement: str) -> None:
    assert _touched(two.huaxi.database, "huaxi", statement) == "42501"


def test_not_even_the_owner_rewrites_the_journal(two: Two) -> None:
    for statement in ("UPDATE journal SET payload = '{}'", "DELETE FROM journal"):
        with pytest.raises(DBAPIError, match="append-only"), two.huaxi.database.upkeep() as session:
            session.execute(text(statement))


# ── the first net: commands and queries ──────────────────────────────────────────────────────────────────────────────


def _commands(two: Two, by: Bureau) -> Iterator[Callable[[Any], object]]:
    """Every command, done to what belongs to 花溪."""
    at, busy, office = two.huaxi.now, two.busy, {"by": by.office, "at": two.huaxi.now}
    task, version = the_task(two.huaxi, busy, "check_target").id, latest(two.huaxi, busy).id
    step = prepared(two.huaxi, busy, "check_target")
    due = two.huaxi.deadlines(busy)[0].id
    sitting, agency = Sitting("congress", day_of(at)), Engagement(by.agency_id, "示例", True)
    yield lambda s: step.done(s, two.huaxi, by=by.department)
    yield lambda s: claim(s, task, by=by.department, at=at)
    yield lambda s: transfer(s, task, by.clerk.person_id, reason="示例", by=by.department, at=at)
    yield lambda s: save_draft(s, task, {}, by=by.department, at=at)
    yield lambda s: submit(s, version, by=by.head, at=at)
    yield lambda s: approve_submission(s, version, by=by.department, at=at)
    yield lambda s: return_submission(s, version, reason="示例", by=by.department, at=at)
    yield lambda s: withdraw(s, version, by=by.clerk, at=at)
    yield lambda s: adjust_budget(s, two.busy, Decimal(1), reason="示例", **office)
    yield lambda s: correct_request(s, busy, Decimal(1), reason="示例", by=by.clerk, at=at)
    yield lambda s: correct_facts(s, busy, {"marks": ["livelihood"]}, reason="示例", **office)
    yield lambda s: extend_deadline(s, due, date(2021, 9, 1), reason="示例", **office)
    yield lambda s: suspend(s, busy, reason="示例", **office)
    yield lambda s: resume(s, busy, reason="示例", **office)
    yield lambda s: cancel(s, busy, reason="示例", **office)
    yield lambda s: correct_state(s, busy, "case", "call_monitoring", reason="示例", second=by.second_officer, **office)
    yield lambda s: assign_agency(s, task, agency, **office)
    yield lambda s: engage_agency(s, busy, agency, **office)
    yield lambda s: name_adviser(s, busy, by.agency.unit_id, reason="示例", **office)
    yield lambda s: accept_evaluation(s, task, **office)
    yield lambda s: issue_feedback(s, task, {}, **office)
    yield lambda s: close_rectification(s, task, **office)
    yield lambda s: publish(s, task, {}, **office)
    yield lambda s: record_deliberation(s, task, sitting, **office)
    yield lambda s: record_deliberation_of_case(s, busy, sitting, **office)
    yield lambda s: record_publication(s, busy, Publication("target_project", withheld="示例"), **office)
    yield lambda s: open_rectification(s, busy, Found("audit", "示例", "示例", "示例", date(2022, 1, 1)), **office)


def test_no_command_reaches_a_case_of_another_tenant(two: Two) -> None:
    before = traces(two.huaxi.database)

    second = two.conghua.bureau.second_officer
    migrate = {"reason": "示例", "second": second, "by": two.conghua.bureau.office, "at": two.conghua.now}
    for command in [*_commands(two, two.conghua.bureau), lambda s: migrate_case(s, two.busy, **migrate)]:
        with pytest.raises(EngineError) as caught, two.conghua.transactions() as session:
            command(session)
        assert caught.value.code.endswith(("not_found", "no_unit")), caught.value.code

    assert traces(two.huaxi.database) == before


def test_no_command_takes_a_person_of_another_tenant(two: Two) -> None:
    """Were a transaction ever opened for the wrong tenant, its people would still be strangers."""
    before = traces(two.huaxi.database)
    own = two.conghua.bureau
    strangers = replace(own, agency_id=two.huaxi.bureau.agency_id)

    for command in _commands(two, strangers):
        with pytest.raises(EngineError), two.huaxi.transactions() as session:
            command(session)

    assert traces(two.huaxi.database) == before


def test_nothing_of_another_tenant_is_named_when_a_case_is_opened(two: Two) -> None:
    mine = new_project(two.conghua.bureau, "C-2", fiscal_year=2021)
    foreign = two.huaxi.bureau

    for changed in (replace(mine, unit_id=foreign.unit_id), replace(mine, agency_id=foreign.agency_id)):
        with refused(two.conghua.database, "directory.no_unit"), two.conghua.transactions() as session:
            start_case(session, changed, by=two.conghua.bureau.office, at=two.conghua.now)


def test_what_concerns_a_whole_year_stops_at_the_border(two: Two) -> None:
    before = traces(two.huaxi.database)
    office: dict[str, Any] = {"by": two.conghua.bureau.office, "at": two.conghua.now}
    with two.huaxi.transactions() as session:
        due = two.huaxi.deadlines(two.busy)[0]
        sample, ledger = session.scalars(select(Sample)).first(), session.scalars(select(Rectification)).first()
        incident = session.scalars(select(Incident)).one()
    assert sample is not None
    assert ledger is not None

    with two.conghua.transactions() as session:
        assert not fire_deadline(session, due.id, at=due.due_at)
        assert preview_migration(session, [two.case, two.busy]) == []
        assert list(worklist(session, two.huaxi.bureau.department, on=date(2021, 1, 1)).items) == []
        assert results_of(session, "huaxi", 2021) == YearStatistics(None, None)
    for attempt in (
        lambda s: case_timeline(s, two.conghua.bureau.office, two.case),
        lambda s: recount(s, two.conghua.bureau.office, sample.id),
        lambda s: rectification_by_id(s, ledger.id),
        lambda s: deliver_selection(two.conghua.transactions, sample.id, **office),
        lambda s: retry_incident(two.conghua.database, "conghua", incident.id, **office),
    ):
        with pytest.raises(EngineError, match="没有这"), two.conghua.transactions() as session:
            attempt(session)
    assert traces(two.huaxi.database) == before

    with two.conghua.transactions() as session:
        none = extend_all(session, 2021, "target_filing.check", date(2022, 1, 1), reason="示例", **office)
        assert none.gave == {"moved": 0}
    assert launch_stage(two.conghua.transactions, 2021, "result_use", **office).gave["moved"] == 0
    assert two.huaxi.deadlines(two.busy)[0].due_on == due.due_on
