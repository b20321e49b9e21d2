"""从上年复制: what an earlier launch was for, found again in another year, and what is not there any more."""

import doctest
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.commands.launch_stage import launch_stage
from engine.errors import NotFound
from engine.queries import launch_copy as room
from engine.queries.launch_copy import launch_copy
from engine.words import CaseKind
from tests.office import FISCAL_YEAR, Office


def launched(office: Office, codes: tuple[str, ...], due_on: date | None = None) -> int:
    """A launch for the departments of these codes."""
    cases = [office.open_case(CaseKind.WHOLE_DEPARTMENT, code) for code in codes]
    for case in cases:
        office.reach(case, "monitoring")
    office.clock.move_to(office.now + timedelta(hours=1))
    given = {"due_on": due_on, "reason": "示例：人代会提前"} if due_on else {}
    return launch_stage(
        office.transactions, FISCAL_YEAR, "monitoring", by=office.bureau.office, at=office.now,
        scope={"case_ids": cases}, **given,
    ).gave["launch"]  # fmt: skip


def open_next_year(office: Office, code: str, name: str, kind: CaseKind = CaseKind.WHOLE_DEPARTMENT) -> int:
    return office.open_case(kind, code, name=name, fiscal_year=FISCAL_YEAR + 1)


def test_the_example_holds() -> None:
    assert doctest.testmod(room).failed == 0


def test_objects_are_found_again_by_code_or_by_name_and_the_others_are_told(office: Office) -> None:
    launch = launched(office, ("示例-1", "示例-2", "示例-3"), due_on=office.today + timedelta(days=20))
    by_code = open_next_year(office, "示例-1", "示例：改了名称")
    by_name = open_next_year(office, "示例-新", "示例单位甲示例-2")
    open_next_year(office, "示例-3", "示例：另一类对象", CaseKind.PROJECT)

    with office.transactions() as session:
        copy = launch_copy(session, office.bureau.office, launch, FISCAL_YEAR + 1)

    assert [(case.former_code, case.case_id) for case in copy.found] == [("示例-1", by_code), ("示例-2", by_name)]
    assert [case.former_code for case in copy.gone] == ["示例-3"]
    assert copy.due_on == replace_year(office.today + timedelta(days=20))


def replace_year(day: date) -> date:
    return day.replace(year=day.year + 1)


def test_a_launch_is_copied_only_by_those_who_may_see_it(office: Office) -> None:
    launch = launched(office, ("示例-1",))

    with office.transactions() as session:
        with pytest.raises(NotFound):
            launch_copy(session, office.bureau.clerk, launch, FISCAL_YEAR + 1)
        with pytest.raises(NotFound):
            launch_copy(session, replace(office.bureau.office, jurisdiction="conghua"), launch, FISCAL_YEAR + 1)
