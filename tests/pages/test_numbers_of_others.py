"""Numbers of another tenant, in every address and every field of a form, find nothing, change nothing, tell nothing."""

from urllib.parse import urlencode

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import text

from engine.accounts import keys_from
from engine.directory import Actor, Unit
from engine.store import Database
from engine.words import Role, UnitKind
from tests.factories import person_in
from tests.integration import test_tenants
from tests.integration.test_tenants import TENANT_TABLES, Two
from tests.pages.pages_over import pages_over
from tests.pages.test_every_door import doors_of
from tests.pages.visitor import signed_in
from web.visits import Site
from web.visits.door import OPEN, SIGNED_IN

two = test_tenants.two

TABLES = {
    "act_id": "long_works", "agency_id": "units", "attachment_id": "attachments", "batch_id": "long_works",
    "case_id": "cases", "copy_id": "paper_copies", "group_id": "message_groups", "deadline_id": "deadlines",
    "file_id": "library_files", "incident_id": "incidents", "indicator_id": "indicators", "launch_id": "launches",
    "letter_id": "letters", "list_id": "directory_files", "notice_id": "notices", "person_id": "people",
    "figures_id": "execution_files", "rectification_id": "rectifications", "request_id": "extension_requests",
    "sample_id": "samples", "sampling_id": "samplings", "sign_in_id": "sign_ins", "submission_id": "submissions",
    "substitution_id": "substitutions", "takeover_id": "takeover_requests", "task_id": "tasks",
    "view_id": "saved_views",
}  # fmt: skip
"""Where the numbers of an address come from."""
NO_ROWS = {"budget_year", "jurisdiction", "key", "name", "number", "token", "year"}
"""Words and years, which are nobody's, and what counts within something that has a number of its own."""
FIELDS = {
    "acting_for": "person_id", "always": "case_id", "case": "case_id", "deadline": "deadline_id",
    "department": "agency_id", "edition": "edition", "incident": "incident_id", "never": "case_id",
    "person": "person_id", "shared_with": "person_id", "substitute": "person_id", "task": "task_id",
    "to": "person_id", "unit": "agency_id", "agency": "agency_id",
}  # fmt: skip
"""Fields of forms, and of addresses after the question mark, that hold a number."""
PLAUSIBLE = {
    "reason": "示例", "word": "approved", "year": "2021", "purpose": "spot_review", "stage": "monitoring",
    "role": "unit_clerk"}  # fmt: skip
NOT_THERE = {403, 404}
SECRET = "只有花溪知道"
"""What nobody of another tenant may ever read: it is in the name of every case, unit and person."""


@pytest.fixture(scope="module")
def numbers(two: Two) -> dict[str, str]:
    """A number of 花溪 for every name."""
    tables = {**TABLES, "edition": "calendar_editions"}
    with two.huaxi.database.transaction("huaxi") as session:
        found = {name: session.scalar(text(f"SELECT max(id::text) FROM {table}")) for name, table in tables.items()}
    with two.huaxi.database.upkeep() as session:
        for table in ("cases", "units", "people"):
            session.execute(text(f"UPDATE {table} SET name = name || '{SECRET}' WHERE jurisdiction = 'huaxi'"))
    assert None not in found.values()
    return {**found, "case_id": str(two.busy)}


@pytest.fixture(scope="module")
def app(shared_database: Database, two: Two) -> Flask:
    clock = two.huaxi.clock
    return pages_over(Site(shared_database, keys_from(Fernet.generate_key().decode()), clock, clock))


@pytest.fixture(scope="module")
def strangers(shared_database: Database) -> dict[Role, Actor]:
    """Somebody of 从化 in every office."""
    with shared_database.transaction("conghua") as session:
        unit = Unit(jurisdiction="conghua", name="示例外区科室", kind=UnitKind.FINANCE)
        session.add(unit)
        session.flush()
        return {role: person_in(session, unit, f"示例外区{role.label}", role) for role in Role}


def of_huaxi(database: Database) -> dict[str, str]:
    """Every table as a fingerprint of the rows of 花溪."""
    told = "count(*) || md5(coalesce(string_agg(r::text, '|' ORDER BY r::text), ''))"
    with database.upkeep() as session:
        return {
            table: str(session.scalar(text(f"SELECT {told} FROM {table} r WHERE jurisdiction = 'huaxi'")))
            for table in TENANT_TABLES
        }


def test_every_number_an_address_takes_is_tried(app: Flask) -> None:
    taken = {name for rule in app.url_map.iter_rules() for name in rule.arguments}

    assert taken == {*TABLES, *NO_ROWS}


@pytest.mark.parametrize("role", Role)
def test_numbers_of_another_tenant_find_change_and_tell_nothing(
    app: Flask, two: Two, numbers: dict[str, str], strangers: dict[Role, Actor], role: Role
) -> None:
    doors = [door for door in doors_of(app) if door.permission not in (OPEN, SIGNED_IN)]
    person, before = signed_in(app, strangers[role]), of_huaxi(two.huaxi.database)
    fields = {field: numbers[name] for field, name in FIELDS.items()} | PLAUSIBLE
    query = "?" + urlencode(fields)

    answers = {
        door: person.post(door.address(numbers), fields, follow_redirects=True)
        if door.method == "POST"
        else person.get(door.address(numbers) + query, follow_redirects=True)
        for door in doors
    }

    numbered = [door for door in doors if door.rule.arguments & set(TABLES)]
    assert {
        str(door): answers[door].status_code for door in numbered if answers[door].status_code not in NOT_THERE
    } == {}
    assert [str(door) for door in doors if answers[door].status_code >= 500] == []
    assert [str(door) for door in doors if SECRET.encode() in answers[door].data] == []
    assert of_huaxi(two.huaxi.database) == before


def test_the_same_numbers_tell_their_own_people_what_they_are_about(
    app: Flask, two: Two, numbers: dict[str, str]
) -> None:
    officer = signed_in(app, two.huaxi.bureau.office)
    numbered = [door for door in doors_of(app) if door.method == "GET" and door.rule.arguments & set(TABLES)]

    answers = {str(door): officer.get(door.address(numbers)) for door in numbered}

    told = [door for door, answer in answers.items() if SECRET.encode() in answer.data]
    assert len(told) >= 20, told
