"""Two administrators at the same people: journal and offices agree, and nobody who is gone has work in hand."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from sqlalchemy import select

from engine.audit import Entry
from engine.commands.appoint import appoint
from engine.commands.bring_directory_file import bring_directory_file
from engine.commands.claim import claim
from engine.commands.dismiss import dismiss
from engine.commands.import_directory import import_directory
from engine.commands.stop_person import stop_person
from engine.commands.transfer import transfer
from engine.directory import Actor, Appointment
from engine.directory.directory_file import HEADER
from engine.moves.leaving import Heir
from engine.store import Database, retrying
from engine.tasks import Task
from engine.words import Role
from tests.integration.at_once import Work, asked, both, names_one_of, one_refused, somebody, whole
from tests.integration.desk import prepared, project_at
from tests.office import Office


@pytest.fixture
def office(database: Database) -> Iterator[Office]:
    office = Office.opened(database)
    yield office
    whole(office)


@pytest.fixture
def security(office: Office) -> tuple[Actor, Actor]:
    return tuple(somebody(office, f"示例安全{which}", Role.SECURITY_ADMIN) for which in "甲乙")  # type: ignore[return-value]


@pytest.fixture
def system(office: Office) -> tuple[Actor, Actor]:
    return tuple(somebody(office, f"示例系统{which}", Role.SYSTEM_ADMIN) for which in "甲乙")  # type: ignore[return-value]


def test_an_office_given_and_taken_at_the_same_moment_stands_as_the_journal_says_last(
    office: Office, security: tuple[Actor, Actor]
) -> None:
    person = somebody(office, "示例甲", Role.OBSERVER).person_id
    seat = person, office.bureau.unit_id, Role.UNIT_CLERK

    told = both(
        asked(office, appoint, *seat, by=security[0]), asked(office, appoint, *seat, by=security[1]),
        asked(office, dismiss, *seat, by=security[0]), asked(office, dismiss, *seat, by=security[1]),
    )  # fmt: skip

    about = Entry.type.in_(("directory.appointed", "directory.dismissed"))
    with office.transactions() as session:
        stands = session.scalar(
            select(Appointment.id).where(Appointment.person_id == person, Appointment.unit_id == office.bureau.unit_id)
        )
        said = session.scalars(select(Entry.type).where(Entry.case_id == 0, about).order_by(Entry.seq)).all()
    assert len(said) == sum(each is None for each in told)
    assert (stands is not None) == (said[-1] == "directory.appointed")
    assert all(first != then for first, then in zip(said, said[1:], strict=False))


def test_two_administrators_who_dismiss_each_other_at_the_same_moment_leave_one(
    office: Office, security: tuple[Actor, Actor]
) -> None:
    one, other = security

    told = both(
        asked(office, dismiss, other.person_id, other.unit_id, Role.SECURITY_ADMIN, by=one),
        asked(office, dismiss, one.person_id, one.unit_id, Role.SECURITY_ADMIN, by=other),
    )

    refused = one_refused(told)
    assert refused.code == "directory.last_administrator"
    assert names_one_of(office, refused, "免去岗位", one, other)


def test_who_is_stopped_while_completing_a_task_has_done_it_or_has_given_it_back(
    office: Office, system: tuple[Actor, Actor]
) -> None:
    clerk = somebody(office, "示例经办乙", Role.UNIT_CLERK, office.bureau.unit_id)
    case = project_at(office, "fill_target")
    step = prepared(office, case, "fill_target")
    asked(office, claim, step.task_id, by=clerk)()

    told = both(
        lambda: retrying(office.database, "huaxi", lambda session: step.done(session, office, by=clerk)),
        asked(office, stop_person, clerk.person_id, by=system[0]),
    )

    assert told[1] is None
    given_back = len(office.journal(case, "task.given_back"))
    done = len(office.journal(case, "submission.filled"))
    with office.transactions() as session:
        task = session.get_one(Task, step.task_id)
    assert (done, task.state) == ((1, "completed") if told[0] is None else (0, "open"))
    assert given_back == (0 if task.holder_id == clerk.person_id else 1)


def clerks(office: Office) -> list[Actor]:
    """Two more clerks of the unit."""
    return [somebody(office, f"示例经办{which}", Role.UNIT_CLERK, office.bureau.unit_id) for which in "乙丙"]


def at_filling(office: Office) -> Any:
    return prepared(office, project_at(office, "fill_target"), "fill_target").task_id


def holder_of(office: Office, task: Any) -> int | None:
    with office.transactions() as session:
        return session.get_one(Task, task).holder_id


def test_two_stopped_at_the_same_moment_do_not_inherit_each_others_tasks(
    office: Office, system: tuple[Actor, Actor]
) -> None:
    one, other = clerks(office)
    tasks = [at_filling(office), at_filling(office)]
    for task, by in zip(tasks, (one, other), strict=True):
        asked(office, claim, task, by=by)()
    heirs = [[Heir(office.bureau.unit_id, Role.UNIT_CLERK, heir.person_id)] for heir in (other, one)]

    told = both(
        asked(office, stop_person, one.person_id, heirs=heirs[0], by=system[0]),
        asked(office, stop_person, other.person_id, heirs=heirs[1], by=system[1]),
    )

    left, stopped = (other, one) if told[0] is None else (one, other)
    assert one_refused(told).code == "directory.heir_refused"
    assert stopped.person_id not in [holder_of(office, task) for task in tasks]
    assert [holder_of(office, task) for task in tasks] == [left.person_id] * 2


@pytest.mark.parametrize("deed", ["claim", "transfer"])
def test_who_is_stopped_at_the_same_moment_is_left_nothing_in_hand(
    office: Office, system: tuple[Actor, Actor], deed: str
) -> None:
    leaving, colleague = clerks(office)
    tasks = [at_filling(office) for _ in range(3)]
    gives = {
        "claim": lambda task: asked(office, claim, task, by=leaving),
        "transfer": lambda task: asked(office, transfer, task, leaving.person_id, reason="示例", by=colleague),
    }

    told = both(*map(gives[deed], tasks), asked(office, stop_person, leaving.person_id, by=system[0]))

    assert told[-1] is None
    assert leaving.person_id not in [holder_of(office, task) for task in tasks]


@pytest.fixture
def lists(office: Office, system: tuple[Actor, Actor]) -> Callable[..., list[Work]]:
    """Two administrators who brought a list with the same rows, each about to register it."""

    def brought(offices: str, ends: tuple[str, str]) -> list[Work]:
        row = ("示例新学校", "预算单位", "", "陈一", "chen.yi", offices)
        lines = "\r\n".join(",".join(each) for each in (HEADER, row))
        files = []
        with office.transactions() as session:
            for by, end in zip(system, ends, strict=True):
                raw = f"{lines}{end}".encode("utf-8-sig")
                kept = bring_directory_file(session, "示例名册.csv", raw, by=by, at=office.now)
                files.append(kept.gave["file"])
        return [asked(office, import_directory, file, by=by) for file, by in zip(files, system, strict=True)]

    return brought


@pytest.mark.parametrize("offices", ["", "预算单位经办人"])
def test_one_file_brought_by_two_is_written_once_and_the_second_reads_who_did(
    office: Office, system: tuple[Actor, Actor], lists: Callable[..., list[Work]], offices: str
) -> None:
    refused = one_refused(both(*lists(offices, ("", ""))))

    assert refused.code == "import.written_before"
    assert names_one_of(office, refused, "导入单位和人员", *system)


def test_two_files_with_the_same_people_register_them_once_and_the_second_reads_who_did(
    office: Office, system: tuple[Actor, Actor], lists: Callable[..., list[Work]]
) -> None:
    refused = one_refused(both(*lists("", ("", "\r\n"))))

    assert refused.code == "directory.nothing_to_list"
    assert names_one_of(office, refused, "登记人员", *system)
