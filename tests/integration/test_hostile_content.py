"""Whatever is typed: kept as the text it is, or refused in a sentence; never half of it, never a fault of ours."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit import Entry
from engine.cases import Case
from engine.commands.cancel import cancel
from engine.commands.open_rectification import open_rectification
from engine.commands.return_submission import return_submission
from engine.commands.save_draft import save_draft
from engine.commands.start_case import start_case
from engine.commands.suspend import suspend
from engine.commands.withdraw import withdraw
from engine.moves.rectifying import Found
from engine.reviews import Review
from engine.store import Database
from engine.tasks import Draft
from tests.factories import Bureau, new_project
from tests.integration.desk import Prepared, latest, opened, prepared, project_at, the_task
from tests.integration.refusals import refused
from tests.office import Office

HALF_A_CHARACTER = "\ud83d"
UNSTORABLE = {"NUL": "有\x00无", "half a character": f"有{HALF_A_CHARACTER}无"}
ODD_BUT_TEXT = [
    "'; DROP TABLE cases; --",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "%s %(by)s {0} {outcome} :reason $1 \\x00 \\u0000",
    "铃\x07退格\x08转义\x1b[31m 制表\t换行\r\n零宽\u200b反向\u202e",
    '"}],"outcome":"approved"',
    "𠮷𰻝👩‍👩‍👧",
]


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def deep(levels: int) -> dict[str, Any]:
    content: dict[str, Any] = {}
    for _ in range(levels):
        content = {"a": [content]}
    return content


@pytest.mark.parametrize("text", ODD_BUT_TEXT)
def test_a_reason_is_kept_letter_by_letter_whatever_is_in_it(office: Office, text: str) -> None:
    case = project_at(office, "check_target")

    with office.transactions() as session:
        version = latest(office, case)
        return_submission(
            session, version.id, reason=text, remarks=[{"text": text}], by=office.bureau.department, at=office.now
        )

    with office.transactions() as session:
        review = session.scalars(select(Review).where(Review.case_id == case, Review.outcome == "returned")).one()
        assert (review.reason, [remark["text"] for remark in review.remarks]) == (text, [text])


@pytest.mark.parametrize("text", ODD_BUT_TEXT)
def test_a_name_and_a_draft_are_kept_letter_by_letter(office: Office, text: str) -> None:
    with office.transactions() as session:
        new = new_project(office.bureau, fiscal_year=2021, name=text, code=text[:90], facts={"note": [text]})
        case = start_case(session, new, by=office.bureau.office, at=office.now).case_id
    task = the_task(office, case, "decide_ex_ante_required")

    with office.transactions() as session:
        save_draft(session, task.id, {"reason": text, text: [text]}, by=office.bureau.office, at=office.now)

    with office.transactions() as session:
        assert session.get_one(Case, case).name == text
        assert session.get_one(Draft, task.id).content == {"reason": text, text: [text]}
        started = session.scalars(select(Entry).where(Entry.case_id == case, Entry.type == "case.started")).one()
        assert started.payload["code"] == text[:90]


@pytest.mark.parametrize("text", UNSTORABLE.values(), ids=UNSTORABLE)
def test_text_no_row_can_keep_is_refused_wherever_it_is_typed(office: Office, text: str) -> None:
    case = project_at(office, "check_target")
    version, task = latest(office, case), the_task(office, case, "check_target")
    bureau, at = office.bureau, office.now
    new = new_project(bureau, "P-2", fiscal_year=2021)

    for command in (
        lambda s: return_submission(s, version.id, reason=text, by=bureau.department, at=at),
        lambda s: return_submission(
            s, version.id, reason="示例", remarks=[{"text": text}], by=bureau.department, at=at
        ),
        lambda s: withdraw(s, version.id, reason=text, by=bureau.clerk, at=at),
        lambda s: withdraw(s, version.id, by=bureau.clerk, at=at, key=text),
        lambda s: suspend(s, case, reason=text, by=bureau.office, at=at),
        lambda s: save_draft(s, task.id, {"a": {text: text}}, by=bureau.department, at=at),
        lambda s: start_case(s, replace(new, name=text), by=bureau.office, at=at),
        lambda s: start_case(s, replace(new, code=text), by=bureau.office, at=at),
        lambda s: start_case(s, replace(new, facts={"note": [text]}), by=bureau.office, at=at),
    ):
        with refused(office.database, "store.not_storable"), office.transactions() as session:
            command(session)


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("store.not_storable", {"a": float("nan")}),
        ("store.not_storable", {"a": [float("inf")]}),
        ("store.not_storable", deep(5000)),
        ("draft.too_large", {"a": "长" * 2_000_001}),
    ],
)
def test_a_draft_that_is_no_json_or_without_measure_is_refused(office: Office, code: str, content: Any) -> None:
    task = the_task(office, project_at(office, "fill_target"), "fill_target")

    with refused(office.database, code), office.transactions() as session:
        save_draft(session, task.id, content, by=office.bureau.clerk, at=office.now)


def test_a_text_too_long_for_the_record_is_refused_by_whatever_command_it_goes_to(office: Office) -> None:
    case, text = project_at(office, "check_target"), "长" * 4001
    version, bureau, at = latest(office, case), office.bureau, office.now
    found = Found("audit", "资金使用", text, "补报", date(2022, 12, 31))

    for command in (
        lambda s: return_submission(s, version.id, reason=text, by=bureau.department, at=at),
        lambda s: withdraw(s, version.id, reason=text, by=bureau.clerk, at=at),
        lambda s: suspend(s, case, reason=text, by=bureau.office, at=at),
        lambda s: cancel(s, case, reason=text, by=bureau.office, at=at),
        lambda s: open_rectification(s, case, found, by=bureau.office, at=at),
    ):
        with refused(office.database, "command.text_too_long"), office.transactions() as session:
            command(session)


def test_a_form_nested_deeper_than_anybody_means_is_refused_under_a_key_too(
    office: Office, being_filled: Prepared
) -> None:
    done = replace(being_filled, outcome=replace(being_filled.outcome, content=deep(5000)))

    with refused(office.database, "store.not_storable"), office.transactions() as session:
        done.done(session, office, key="深")


@pytest.fixture(scope="module")
def being_filled(shared_database: Database, shared_bureau: Bureau) -> Prepared:
    """A target to be filled; what is refused leaves it so."""
    office = Office(shared_database, shared_bureau)
    return prepared(office, project_at(office, "fill_target"), "fill_target")


@pytest.mark.parametrize(
    ("code", "changes"),
    [
        ("form.malformed", {"annual_goal": "有\x00无"}),
        ("form.malformed", {"annual_goal": f"有{HALF_A_CHARACTER}无"}),
        ("form.malformed", {"annual_goal": {"不是": "文字"}}),
        ("form.malformed", {"fiscal_year": float("nan")}),
        ("form.malformed", {"funds": deep(5000)}),
        ("form.malformed", {"indicators": "不是一张表"}),
        ("form.malformed", {"__class__": "x"}),
        ("form.too_large", {"annual_goal": "长" * 2_000_001}),
        ("form.too_large", {"indicators": [{}] * 50_000}),
        ("form.malformed", {"funds": {"annual": {"total_wan": "1e999999"}}}),
        ("form.malformed", {"funds": {"annual": {"total_wan": "=1+1"}}}),
    ],
)
def test_a_form_with_hostile_cells_is_refused_with_the_cell(
    office: Office, being_filled: Prepared, code: str, changes: dict[str, Any]
) -> None:
    content = {**(being_filled.outcome.content or {}), **changes}
    done = replace(being_filled, outcome=replace(being_filled.outcome, content=content))

    with refused(office.database, code), office.transactions() as session:
        done.done(session, office)


@pytest.fixture(scope="module")
def under_review(shared_database: Database, shared_bureau: Bureau) -> Prepared:
    """A decision to be taken; what is refused leaves it so."""
    office = Office(shared_database, shared_bureau)
    case = opened(office)
    office.reach(case, "ex_ante_assessment.review_entry", ex_ante_verdict="exempt", entry_review_verdict="yes")
    return prepared(office, case, "review_entry")


@pytest.mark.parametrize(
    "changes",
    [
        {"word": "'; DROP TABLE tasks"},
        {"word": ""},
        {"answers": {"library_entry": ["admitted"]}},
        {"answers": {"library_entry": "admitted", "__import__": "os"}},
        {"answers": {"library_entry": "refused'"}},
        {"answers": {"library_entry": None}},
        {"answers": {"library_entry": float("nan")}},
        {"answers": {}},
    ],
)
def test_an_outcome_the_diagram_does_not_ask_for_is_refused(
    office: Office, under_review: Prepared, changes: dict[str, Any]
) -> None:
    done = under_review
    done = replace(done, outcome=replace(done.outcome, **changes))

    with refused(office.database, "task.outcome_refused"), office.transactions() as session:
        done.done(session, office)


def test_amounts_keep_every_cent_from_door_to_row(office: Office) -> None:
    case = office.open_case(amount_wan="99999999999.999999")

    assert office.case(case).amount_wan == Decimal("99999999999.999999")
