"""No read tells a stranger anything: not of another unit, nor an agency not engaged, nor of another tenant."""

import inspect
import pkgutil
from collections.abc import Callable
from importlib import import_module
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

import engine.queries
from engine.cases.following import FollowedCase
from engine.commands.attach import attach
from engine.commands.claim import claim
from engine.commands.save_draft import save_draft
from engine.deadlines.model import Deadline
from engine.directory import Actor, Unit
from engine.errors import NotAllowed, NotFound
from engine.queries.agencies import advisers_of
from engine.queries.agency_work import progress_of
from engine.queries.appraisals import agency_record
from engine.queries.assignments import agencies, one_assignment
from engine.queries.attachments import attachment_file, files_to_scan
from engine.queries.calendar_drafts import drafts_to_confirm
from engine.queries.case_amounts import case_amounts
from engine.queries.case_card import case_card
from engine.queries.case_in_hand import case_in_hand, day_in_hand, steps_to_move_to
from engine.queries.case_links import case_links
from engine.queries.case_timeline import case_timeline
from engine.queries.case_walk import case_walk, drawing_of
from engine.queries.copies import copies_of
from engine.queries.deadline_reasons import reason_of
from engine.queries.done_work import done_work
from engine.queries.drafts import draft_conflict, draft_of
from engine.queries.executions import execution_versions, supplement_outlook
from engine.queries.extensions import extensions, extensions_waiting
from engine.queries.filing_receipts import filing_receipt, handing_of
from engine.queries.following import follows
from engine.queries.grade_reasons import why_this_grade
from engine.queries.grade_scales import grade_scales
from engine.queries.handed_in import can_be_withdrawn, handed_in
from engine.queries.handing_over import in_hand_since, to_hand_over
from engine.queries.last_year import paper_of_last_year, rows_of_last_year
from engine.queries.late_filings import late_filing_card
from engine.queries.launch_copy import launch_copy
from engine.queries.launch_work import awaited_of_finance, launch_audience, launch_faults, launched_cases
from engine.queries.launches import former_launch, launch_line, launch_progress
from engine.queries.letter_card import letter_card
from engine.queries.letter_preview import letter_preview
from engine.queries.letters import letters
from engine.queries.newest_work import newest_work
from engine.queries.own_progress import own_progress
from engine.queries.pressing import pressing
from engine.queries.publication_gate import gate_before
from engine.queries.recent_moves import recent_moves
from engine.queries.rectification_card import rectification_card
from engine.queries.rectification_ledger import rectification_ledger
from engine.queries.redated_days import redated_days
from engine.queries.reminders import reminders_of, tasks_to_remind, told_to_heads
from engine.queries.samplings import sampling_card, samplings
from engine.queries.selections import preview_frame, recount, still_waiting
from engine.queries.stand_ins import stand_ins
from engine.queries.steps_before import steps_before
from engine.queries.suspended_work import suspended_work
from engine.queries.taken_steps import taken_steps
from engine.queries.takeovers import takeovers_of
from engine.queries.task_card import task_card
from engine.queries.unit_load import unit_load
from engine.queries.unit_work import unit_work
from engine.queries.versions import compare, paper_read, versions_of
from engine.queries.waiting_days import waiting_days
from engine.queries.year_acts import year_act, year_acts
from engine.queries.year_amounts import year_amounts
from engine.queries.year_results import year_results, year_rows, years_of
from engine.results.model import Assignment, Sample, Sampling
from engine.results.statistics import YearStatistics
from engine.stages.model import Launch
from engine.store import Database
from engine.submissions import Attachment
from engine.submissions.copies import PaperCopy
from engine.submissions.file_store import FileStore
from engine.tasks import Reminder, TakeoverRequest, Task
from engine.words import DeadlineState, Role, SamplingState, UnitKind
from tests.factories import person_in
from tests.integration.queries.a_year import Read, Year, a_year, reads
from tests.office import FISCAL_YEAR

WITHOUT_RIGHTS = {
    "due_until": "the clock, over all tenants",
    "next_instant": "the clock, over all tenants",
    "office_holders": "who holds an office is no secret within a jurisdiction",
    "results_of": "a case at hand: rehearsals count their own year",
    "timeline_of": "a case at hand: rehearsals tell their own cases",
    "papers_of": "a case at hand, for `case_card`",
    "days_and_tasks_of": "a case at hand, for `case_card`",
    "positions_of": "a case at hand, for `case_card` and `case_walk`",
    "form_context": "a case at hand, for `task_card`",
    "bodies_of_step": "a task at hand, that `task_card` gave",
    "agencies_to_choose": "which agencies are registered is no secret within a jurisdiction",
    "units_to_choose": "which units are registered is no secret within a jurisdiction",
    "monitoring_window": "what a table of the jurisdiction says is no secret within it",
    "named_in": "names for entries at hand",
    "rows_of": "a case at hand, as `results_of`",
    "along_the_index": "a statement at hand, of a read that is walked",
    "doubts_of": "a paper at hand; of other cases it tells those one may see, as test_doubts shows",
    "foretold": "a receipt at hand, of a command that asked who may",
    "unit_tree": "the directory: its offices alone are let in, as the walk of every door shows",
    "people_of": "the directory, as `unit_tree`",
    "person_line": "the directory, as `unit_tree`",
    "held_by": "the directory, for who stops people; numbers and colleagues only",
    "list_check": "the directory, as `unit_tree`; before it is written only whoever brought it",
    "lists_brought": "the directory, as `unit_tree`",
    "lists_waiting": "the directory, as `unit_tree`",
    "without_account": "the directory, as `unit_tree`",
    "substitutions_of": "one's own, or those of a person the directory shows",
    "colleagues_of": "one's own units",
    "year_wide_steps": "steps of the diagrams, no case",
    **dict.fromkeys(
        (
            "access_lines",
            "all_substitutions",
            "overlaps",
            "calendar_effects",
            "ahead",
            "calendar_gaps",
            "calendar_year",
            "cases_on_version",
            "decision_table",
            "decision_tables",
            "journal_lines",
            "just_migrated",
            "last_check",
            "migration_prospects",
            "process_line",
            "process_lines",
            "message_groups",
            "second_factors",
            "clockwork",
            "standing",
            "version_card",
            "version_drawing",
            "version_walked",
        ),
        "administration: its offices alone are let in, as test_reads_of_administration shows",
    ),
    "definitions_by_version": "which versions of the diagrams there are; no data",
    "steps_of_kind": "names in the diagrams",
    "grades_given": "the scale of one's own jurisdiction; no data",
    "administrators": "who looks after what is no secret within a jurisdiction",
    "grade_borders": "the scale of one's own jurisdiction; no data",
    "launch_warnings": "what is to be said of cases the launch page has read itself, with its own rights",
    "foretell_launch": "what a launch would do, asked with the launch itself, which says who may",
    "turn": "a page of any list",
    "item_of": "a row as a line",
    "indicator_library": "the library is everybody's who fills in or judges targets, and of its jurisdiction alone",
    "indicator_card": "the library, as `indicator_library`",
    "entries_by_code": "the library, as `indicator_library`",
    "industries": "the library, as `indicator_library`",
    "keeps_any": "the library, as `indicator_library`",
    "file_check": "one's own file, as its tests show",
    "files_brought": "one's own files",
    "execution_check": "finance alone is let in, and before it is written only whoever brought it",
    "executions_brought": "files, as `execution_check`",
    **dict.fromkeys(("copies_for", "copies_unread", "copied_paper"), "one's own copies, as test_copying_papers shows"),
    **dict.fromkeys(("notices_of", "one_notice", "unread_notices"), "one's own notices, as test_reading_notices shows"),
    "mail_wishes": "one's own settings, as test_mail shows",
    "groups_reached": "where one's own notices go, as test_message_groups shows",
    **dict.fromkeys(("calendar_feed", "feed_owner", "own_days"), "one's own days, as test_calendar_feeds shows"),
    "units_to_copy_to": "who works where is no secret within a jurisdiction",
    "people_to_copy_to": "who works where is no secret within a jurisdiction",
    "heard_on_use": "of the cases of a list that shows visible ones only, as result_applications",
    "saved_views": "one's own, and what was shared with one's office; filters, no data",
}
"""Reads that ask for no actor, and why."""


@pytest.fixture(scope="module")
def year(shared_database: Database, tmp_path_factory: pytest.TempPathFactory) -> Year:
    found = a_year(shared_database)
    (task,) = found.office.tasks(found.filed)
    with found.office.transactions() as session:
        claim(session, task.id, by=found.office.bureau.office, at=found.office.now)
        save_draft(session, task.id, {"示例": "草稿"}, by=found.office.bureau.office, at=found.office.now)
        _set_going(session, found, task)
        store, pdf = FileStore(tmp_path_factory.mktemp("files")), BytesIO(b"%PDF-1.7\n")
        attach(session, store, task.id, "佐证", "一.pdf", pdf, by=found.office.bureau.office, at=found.office.now)
    return found


def _set_going(session: Session, year: Year, task: Task) -> None:
    """A reminder the head heard of, a request to take over, a draw that was given up, a paper that was shown."""
    bureau, at = year.office.bureau, year.office.now
    paper = year.office.versions(year.done, "F02")[0]
    session.add_all(
        [
            Reminder(
                jurisdiction="huaxi", case_id=task.case_id, task_id=task.id, unit_id=bureau.unit_id, number=3,
                to_head=True, text="示例", reminded_by=bureau.office.person_id, reminded_at=at,
            ),
            FollowedCase(
                jurisdiction="huaxi", person_id=bureau.office.person_id, case_id=year.filed, followed_at=at
            ),
            TakeoverRequest(
                jurisdiction="huaxi", case_id=task.case_id, task_id=task.id, holder_id=bureau.office.person_id,
                asked_by=bureau.second_officer.person_id, asked_at=at, reason="示例",
            ),
            Sampling(
                jurisdiction="huaxi", fiscal_year=FISCAL_YEAR, purpose="spot_review", size=1, organizer="finance",
                frame=[{"case": year.filed, "weight": "1"}], frame_hash=b"1", opened_by=bureau.office.person_id,
                opened_at=at, state=SamplingState.VOID,
            ),
            PaperCopy(
                jurisdiction="huaxi", case_id=year.done, submission_id=paper.id, form=paper.form, item=None, version=1,
                person_id=bureau.head.person_id, note="", copied_by=bureau.clerk.person_id, copied_at=at,
            ),
        ]
    )  # fmt: skip


def reads_of_one(year: Year) -> dict[str, Read]:
    """Every read of one thing, by the name of its function, and the lists `reads` leaves out."""
    office, today, at = year.office, year.office.today, year.office.now
    (task,) = office.tasks(year.filed)
    papers = [paper.id for paper in office.versions(year.done, "F02")]
    handed_in_by = office.versions(year.filed, "F04")[-1].task_id
    with office.transactions() as session:
        deadline = session.scalars(select(Deadline.id).where(Deadline.case_id == year.filed)).first()
        sample = session.scalars(select(Sample.id).where(Sample.finance_seed != "")).first()
        launch = session.scalars(select(Launch.id)).first()
        opened = session.scalars(select(Launch).where(Launch.id == launch)).one()
        plan = opened.fiscal_year, opened.message.removesuffix(".launched"), dict(opened.scope)
        sampling = session.scalars(select(Sampling.id)).first()
        file = session.scalars(select(Attachment.id)).first()
        given = session.scalars(select(Assignment.id)).first()
        (letter,) = letters(session, office.bureau.office).lines
        problem = rectification_ledger(session, office.bureau.office, on=today).lines[0]
    assert deadline is not None
    assert sample is not None
    assert launch is not None
    assert sampling is not None
    assert file is not None
    assert given is not None
    return {
        "agencies": lambda s, a: [line for line in agencies(s, a) if line.agency_id != a.unit_id],
        "advisers_of": lambda s, a: advisers_of(s, a, year.filed),
        "case_card": lambda s, a: case_card(s, a, year.filed),
        "case_in_hand": lambda s, a: case_in_hand(s, a, year.filed),
        "stand_ins": lambda s, a: stand_ins(s, a, year.filed, at=at),
        "steps_to_move_to": lambda s, a: steps_to_move_to(s, a, year.filed),
        "day_in_hand": lambda s, a: day_in_hand(s, a, deadline),
        "supplement_outlook": lambda s, a: supplement_outlook(s, a, year.filed, on=today),
        "execution_versions": lambda s, a: execution_versions(s, a, year.filed),
        "case_timeline": lambda s, a: case_timeline(s, a, year.filed),
        "why_this_grade": lambda s, a: why_this_grade(s, a, year.done),
        "case_walk": lambda s, a: case_walk(s, a, year.filed),
        "drawing_of": lambda s, a: drawing_of(s, a, year.filed, task.process),
        "task_card": lambda s, a: task_card(s, a, task.id, at=at),
        "rows_of_last_year": lambda s, a: (
            rows_of_last_year(s, a, year.filed) or ["a case, though nothing to take over"]
        ),
        "paper_of_last_year": lambda s, a: (
            paper_of_last_year(s, a, year.filed, "F02") or "a case, though nothing to compare with"
        ),
        "case_links": lambda s, a: case_links(s, a, year.filed),
        "case_amounts": lambda s, a: case_amounts(s, a, year.filed),
        "gate_before": lambda s, a: gate_before(s, a, year.done, today),
        "letter_card": lambda s, a: letter_card(s, a, letter.id),
        "letter_preview": lambda s, a: letter_preview(s, a, year.done, {}, on=today),
        "rectification_card": lambda s, a: rectification_card(s, a, problem.id, on=today),
        "versions_of": lambda s, a: versions_of(s, a, papers[0]),
        "paper_read": lambda s, a: paper_read(s, a, papers[0]),
        "filing_receipt": lambda s, a: filing_receipt(s, a, papers[0]),
        "handing_of": lambda s, a: handing_of(s, a, year.filed, handed_in_by),
        "copies_of": lambda s, a: copies_of(s, a, papers[0]),
        "compare": lambda s, a: compare(s, a, papers[0], papers[1]),
        "draft_of": lambda s, a: draft_of(s, a, task.id),
        "draft_conflict": lambda s, a: draft_conflict(s, a, task.id, {}),
        "reason_of": lambda s, a: reason_of(s, a, deadline),
        "waiting_days": lambda s, a: without_days(s, year.filed, lambda: waiting_days(s, a, [year.filed])),
        "launch_progress": lambda s, a: launch_progress(s, a, launch),
        "launch_line": lambda s, a: launch_line(s, a, launch),
        "former_launch": lambda s, a: former_launch(s, a, *plan),
        "launch_copy": lambda s, a: launch_copy(s, a, launch, FISCAL_YEAR + 1),
        "launch_audience": lambda s, a: launch_audience(s, a, FISCAL_YEAR, "monitoring"),
        "launched_cases": lambda s, a: launched_cases(s, a, launch).lines,
        "launch_faults": lambda s, a: launch_faults(s, a, launch),
        "awaited_of_finance": awaited_of_finance,
        "tasks_to_remind": lambda s, a: tasks_to_remind(s, a, [task.id]),
        "steps_before": lambda s, a: steps_before(s, a, [task.id]),
        "reminders_of": lambda s, a: reminders_of(s, a, [task.id]),
        "told_to_heads": told_to_heads,
        "samplings": lambda s, a: samplings(s, a).lines,
        "sampling_card": lambda s, a: sampling_card(s, a, sampling),
        "still_waiting": lambda s, a: still_waiting(s, a, sample),
        "attachment_file": lambda s, a: attachment_file(s, a, file),
        "files_to_scan": lambda s, a: files_to_scan(s, a).next,
        "newest_work": newest_work,
        "handed_in": lambda s, a: handed_in(s, a).lines,
        "can_be_withdrawn": lambda s, a: can_be_withdrawn(s, a, year.filed),
        "to_hand_over": lambda s, a: to_hand_over(s, a, task.id, at=at),
        "follows": lambda s, a: follows(s, a, year.filed),
        "takeovers_of": lambda s, a: takeovers_of(s, a, [task.id]),
        "in_hand_since": lambda s, a: in_hand_since(s, a, task.id),
        "extensions": lambda s, a: extensions(s, a).lines,
        "extensions_waiting": lambda s, a: extensions_waiting(s, a),
        "late_filing_card": lambda s, a: late_filing_card(s, a, task.id),
        "grade_scales": lambda s, a: grade_scales(s, a, [year.filed, year.done]),
        "redated_days": lambda s, a: redated_days(s, a, at=at),
        "drafts_to_confirm": drafts_to_confirm,
        "taken_steps": lambda s, a: taken_steps(s, a, case_id=year.filed),
        "recount": lambda s, a: recount(s, a, sample),
        "preview_frame": lambda s, a: preview_frame(s, FISCAL_YEAR, "spot_review", by=a, at=at).members,
        "suspended_work": lambda s, a: suspended_work(s, a).lines,
        "unit_work": lambda s, a: unit_work(s, a, on=today).lines,
        "done_work": lambda s, a: done_work(s, a).lines,
        "year_results": lambda s, a: year_results(s, a, FISCAL_YEAR) != YearStatistics(None, None),
        "year_rows": lambda s, a: year_rows(s, a, FISCAL_YEAR).lines,
        "year_amounts": lambda s, a: year_amounts(s, a, FISCAL_YEAR).objects,
        "years_of": years_of,
        "one_assignment": lambda s, a: one_assignment(s, a, given),
        "progress_of": lambda s, a: progress_of(s, a, [year.done, year.filed]),
        "year_acts": lambda s, a: year_acts(s, a, on=today),
        "year_act": lambda s, a: year_act(s, a, FISCAL_YEAR, "target_filing.approve_budget"),
        "pressing": lambda s, a: [each for each in pressing(s, a, on=today) if each.number],
        "unit_load": lambda s, a: [each for each in unit_load(s, a, on=today) if each.tasks],
        "own_progress": own_progress,
        "recent_moves": recent_moves,
        "agency_record": lambda s, a: agency_record(s, a, office.bureau.agency_id),
    }


@pytest.fixture(scope="module")
def strangers(year: Year) -> dict[str, Actor]:
    """People of units that have nothing to do with the cases, and an administrator."""
    with year.office.transactions() as session:
        units = {}
        for kind in (UnitKind.UNIT, UnitKind.DEPARTMENT, UnitKind.AGENCY):
            units[kind] = Unit(jurisdiction="huaxi", name=f"示例外{kind.label}", kind=kind.value, department_id=None)
            session.add(units[kind])
        session.flush()
        return {
            "unit": person_in(session, units[UnitKind.UNIT], "外单位", Role.UNIT_CLERK, Role.UNIT_HEAD),
            "department": person_in(session, units[UnitKind.DEPARTMENT], "外主管", Role.DEPARTMENT),
            "agency": person_in(session, units[UnitKind.AGENCY], "外机构", Role.AGENCY),
            "admin": person_in(session, units[UnitKind.UNIT], "外管理", Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
        }


def without_days(session: Session, case: int, read: Callable[[], Any]) -> Any:
    """What a read tells while the days of a case wait for a year."""
    with session.begin_nested() as point:
        pending = update(Deadline).where(Deadline.case_id == case, Deadline.state == DeadlineState.PENDING)
        session.execute(pending.values(due_on=None, due_at=None, awaits_year=2027))
        found = read()
        point.rollback()
    return found


def told(session: Session, read: Read, actor: Actor) -> Any:
    """What a read tells; None where it refuses."""
    try:
        return read(session, actor) or None
    except (NotFound, NotAllowed):
        return None


EVERY_READ = sorted([
    "worklist", "cases", "reviews", "deadlines", "overdue by unit", "overdue by stage", "ledger", "ledger units",
    "ledger counts",
    "letters", "assignments", "agencies", "samples", "launches", "incidents", "effects", "deliberations", "disclosures",
    "attachments", "stage counts", "grade counts", "gaps", "case_card", "case_timeline", "why_this_grade",
    "versions_of", "compare", "draft_of", "draft_conflict", "reason_of", "launch_progress", "recount", "preview_frame",
    "suspended_work", "unit_work", "done_work", "year_results", "case_walk", "drawing_of", "task_card", "paper_read",
    "filing_receipt", "handing_of",
    "gate_before", "launch_line", "launch_copy", "launch_audience", "launched_cases", "launch_faults", "reminders_of",
    "steps_before",
    "told_to_heads", "samplings", "sampling_card", "tasks_to_remind", "awaited_of_finance", "still_waiting",
    "attachment_file", "files_to_scan", "handed_in", "can_be_withdrawn", "to_hand_over", "in_hand_since",
    "takeovers_of", "follows", "extensions",
    "extensions_waiting", "late_filing_card", "taken_steps", "redated_days", "drafts_to_confirm", "grade_scales",
    "letter_card", "letter_preview", "rectification_card", "applications", "publication board",
    "publication duties", "duties open", "open steps",
    "case_in_hand", "stand_ins", "steps_to_move_to", "day_in_hand", "days to move",
    "overdue", "monitoring", "monitored years", "year_rows", "years_of", "one_assignment", "progress_of",
    "agency_record", "copies_of",
    "rows_of_last_year", "paper_of_last_year", "pressing", "unit_load", "own_progress", "recent_moves",
    "year_acts", "year_act", "case_amounts", "case_links", "year_amounts", "waiting_days",
])  # fmt: skip


@pytest.mark.parametrize("name", EVERY_READ)
def test_a_read_tells_strangers_nothing(year: Year, strangers: dict[str, Actor], name: str) -> None:
    read = {**reads(year), **reads_of_one(year)}[name]

    with year.office.transactions() as session:
        found = {who: told(session, read, actor) for who, actor in strangers.items()}

    assert found == dict.fromkeys(strangers)


@pytest.mark.parametrize("name", EVERY_READ)
def test_a_read_tells_another_tenant_nothing_even_where_the_database_would(year: Year, name: str) -> None:
    read = {**reads(year), **reads_of_one(year)}[name]
    finance = year.office.bureau.finance_id
    theirs = Actor(1, "示例", "conghua", finance, frozenset({Role.PERFORMANCE_OFFICE, Role.UNIT_HEAD, Role.OBSERVER}))

    with year.office.database.transaction("conghua") as session:
        behind_the_net = told(session, read, theirs)
    with year.office.database.upkeep() as session:
        without_the_net = told(session, read, theirs)

    assert (behind_the_net, without_the_net) == (None, None)


def test_an_observer_hears_of_no_sitting_about_a_case_that_is_under_way(year: Year) -> None:
    observer = Actor(1, "示例人大", "huaxi", year.office.bureau.finance_id, frozenset({Role.OBSERVER}))

    cases = {line.case_id for line in year.ask(reads(year)["deliberations"], observer)}

    assert year.filed not in cases


def test_every_read_is_walked_or_says_why_not(year: Year) -> None:
    public = {
        function.__name__
        for module in pkgutil.iter_modules(engine.queries.__path__)
        for name, function in inspect.getmembers(import_module(f"engine.queries.{module.name}"), inspect.isfunction)
        if not name.startswith("_")
        and function.__module__.startswith("engine.queries.")
        and "session" in inspect.signature(function).parameters
    }
    with_an_actor = {
        "worklist", "case_list", "review_queue", "deadline_board", "overdue_by_unit", "overdue_by_stage",
        "rectification_ledger", "ledger_counts", "ledger_units",
        "letters", "assignments", "agencies", "samples", "launches",
        "incidents", "result_effects", "deliberations", "disclosures", "attachments", "stage_counts", "grade_counts",
        "gaps", "result_applications", "publication_board", "publication_duties", "duties_open", "open_steps",
        *reads_of_one(year),
        "days_to_move", "overdue_tasks", "monitoring_board", "monitoring_years", *reads_of_one(year),
    }  # fmt: skip

    assert public - with_an_actor == set(WITHOUT_RIGHTS)
