"""名册: a file of units, people and offices; one administrator registers what is in it, another gives the offices."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.audit import Entry
from engine.audit.events import read_entry
from engine.commands import add_unit, bring_directory_file, import_directory, settle_listed_offices
from engine.directory import Actor, Person, Unit, seats_of
from engine.directory.directory_file import HEADER, TEMPLATE
from engine.moves.listing import ListedRow
from engine.moves.receipts import Receipt
from engine.queries.directory_files import list_check, lists_brought, without_account
from engine.queries.telling import words_for
from engine.store import Database
from engine.texts import minute_of, told_who
from engine.words import Role, UnitKind
from tests.factories import Bureau, person_in
from tests.integration.refusals import refused
from tests.office import Office

_numbers = count(1)


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


@pytest.fixture(scope="module")
def keepers(shared_database: Database, shared_bureau: Bureau) -> dict[str, Actor]:
    with shared_database.transaction("huaxi") as session:
        unit = session.get_one(Unit, shared_bureau.finance_id)
        told = {"system": Role.SYSTEM_ADMIN, "another": Role.SYSTEM_ADMIN, "security": Role.SECURITY_ADMIN}
        return {name: person_in(session, unit, name, role) for name, role in told.items()}


@pytest.fixture
def system(keepers: dict[str, Actor]) -> Actor:
    return keepers["system"]


@pytest.fixture
def security(keepers: dict[str, Actor]) -> Actor:
    return keepers["security"]


def _new(what: str) -> str:
    return f"{what}{next(_numbers)}"


def _file(*rows: tuple[str, ...]) -> bytes:
    return "\r\n".join(",".join(row) for row in (HEADER, *rows)).encode("utf-8-sig")


def _do(office: Office, command: Callable[..., Receipt], *given: Any, by: Actor, **how: Any) -> dict[str, Any]:
    with office.transactions() as session:
        return dict(command(session, *given, by=by, at=office.now, **how).gave)


def _brought(office: Office, by: Actor, *rows: tuple[str, ...]) -> int:
    return int(_do(office, bring_directory_file, "示例名册.csv", _file(*rows), by=by)["file"])


def _rows(office: Office, by: Actor, file: int) -> tuple[ListedRow, ...]:
    with office.transactions() as session:
        return list_check(session, by, file).rows


def _said(office: Office, by: Actor, *rows: tuple[str, ...]) -> dict[int, list[str]]:
    """Row → the columns something is said of."""
    file = _brought(office, by, *rows)
    return {row.row: [problem.column for problem in row.problems] for row in _rows(office, by, file)}


def _unit(office: Office, name: str) -> Unit | None:
    with office.transactions() as session:
        return session.scalar(select(Unit).where(Unit.name == name))


def _seats(office: Office, login: str) -> dict[str, set[Role]]:
    with office.transactions() as session:
        person = session.scalars(select(Person.id).where(Person.login == login)).one()
        return {seat.unit_name: set(seat.roles) for seat in seats_of(session, person)}


def _journal(office: Office, name: str) -> list[Entry]:
    with office.transactions() as session:
        return list(session.scalars(select(Entry).where(Entry.type == name).order_by(Entry.seq)))


def test_one_administrator_registers_units_and_people_and_another_gives_the_offices(
    office: Office, system: Actor, security: Actor
) -> None:
    school, bureau, login = _new("示例学校"), _new("示例教育局"), _new("li")
    file = _brought(
        office, system,
        (school, "预算单位", bureau, "李一", login, "预算单位经办人；预算单位负责人"),
        (bureau, "主管部门", "", "", "", ""),
    )  # fmt: skip
    before = _unit(office, school)

    wrote = _do(office, import_directory, file, by=system)
    between = _seats(office, login)
    gave = _do(office, settle_listed_offices, file, True, by=security)

    unit, above = _unit(office, school), _unit(office, bureau)
    assert before is None
    assert wrote == {"units": 2, "people": 1, "offices": 2, "left_out": 0}
    assert unit is not None
    assert above is not None
    assert (unit.kind, unit.department_id, above.kind) == (UnitKind.UNIT, above.id, UnitKind.DEPARTMENT)
    assert (between, gave) == ({}, {"granted": 2})
    assert _seats(office, login) == {school: {Role.UNIT_CLERK, Role.UNIT_HEAD}}
    assert _journal(office, "directory.imported")[-1].payload["offices"] == 2
    assert _journal(office, "directory.appointed")[-1].payload["office"] == "unit_head"
    assert _journal(office, "directory.listed_offices_settled")[-1].payload["granted"] == 2


def test_every_bad_row_is_named_with_its_column_and_nothing_is_written(office: Office, system: Actor) -> None:
    login, good = _new("wang"), _new("示例单位")
    rows = (
        (good, "预算单位", "", "王一", login, "预算单位经办人"),
        (good, "主管部门", "", "王一", login, ""),
        (_new("示例没有类型"), "", "", "", "", ""),
        (_new("示例类型不对"), "学校", "", "", "", ""),
        (_new("示例没有上级"), "预算单位", "示例不存在的局", "", "", ""),
        (good, "", "", "王二", login, ""),
        (good, "", "", "王三", "", ""),
        (good, "", "", "", _new("wang"), ""),
        (good, "", "", "王四", _new("wang"), "经办"),
        (good, "", "", "王五", _new("wang"), "局领导"),
        (good, "", "", "王六", _new("wang"), "安全管理员"),
        ("", "", "", "王七", _new("wang"), "预算单位经办人"),
        (good, "预算单位", "", "王一", login, "预算单位经办人"),
        ("", "", "", "", "", "预算单位经办人"),
    )
    file = _brought(office, system, *rows)

    with refused(office.database, "import.rows_refused") as refusal:
        _do(office, import_directory, file, by=system)

    said = {row.row: [problem.column for problem in row.problems] for row in _rows(office, system, file)}
    assert said == {
        2: [], 3: ["单位类型"], 4: ["单位类型"], 5: ["单位类型"], 6: ["主管部门"], 7: ["账号"], 8: ["账号"],
        9: ["姓名"], 10: ["岗位"], 11: ["岗位"], 12: ["岗位"], 13: ["岗位"], 14: [""], 15: ["", "岗位"],
    }  # fmt: skip
    assert refusal.value.facts["rows"] == list(range(3, 16))
    assert "一行都没有写入" in refusal.value.message
    assert _unit(office, good) is None


def test_only_the_sound_rows_are_written_when_somebody_says_so_and_only_their_offices_wait(
    office: Office, system: Actor, security: Actor
) -> None:
    school, good, bad = _new("示例学校"), _new("chu"), _new("wei")
    file = _brought(
        office, system,
        (school, "预算单位", "", "褚一", good, "预算单位经办人"),
        (school, "", "", "卫一", bad, "没有的岗位"),
    )  # fmt: skip

    wrote = _do(office, import_directory, file, only_sound=True, by=system)
    waiting = _rows(office, security, file)
    gave = _do(office, settle_listed_offices, file, True, by=security)

    assert wrote == {"units": 1, "people": 1, "offices": 1, "left_out": 1}
    assert [(row.row, row.cells.login, row.is_wrong) for row in waiting] == [(2, good, False)]
    assert gave == {"granted": 1}
    assert _journal(office, "directory.imported")[-1].payload["left_out"] == 1
    with office.transactions() as session:
        assert session.scalar(select(Person).where(Person.login == bad)) is None


def test_a_sound_row_that_needs_a_wrong_one_is_left_out_with_it(office: Office, system: Actor) -> None:
    bureau, school, kindergarten = _new("示例教育局"), _new("示例小学"), _new("示例幼儿园")
    file = _brought(
        office, system,
        (bureau, "主管部门", "", "蒋一", "", ""),
        (school, "预算单位", bureau, "", "", ""),
        (kindergarten, "预算单位", "", "", "", ""),
    )  # fmt: skip

    with office.transactions() as session:
        check = list_check(session, system, file)
    wrote = _do(office, import_directory, file, only_sound=True, by=system)

    assert [row.row for row in check.rows if row.is_wrong] == [2]
    assert [row.row for row in check.sound] == [4]
    assert wrote == {"units": 1, "people": 0, "offices": 0, "left_out": 2}
    assert [_unit(office, name) is not None for name in (bureau, school, kindergarten)] == [False, False, True]


def test_a_list_without_a_single_sound_row_is_not_written(office: Office, system: Actor) -> None:
    file = _brought(office, system, (_new("示例单位"), "", "", "", "", ""))

    with refused(office.database, "directory.nothing_to_list"):
        _do(office, import_directory, file, only_sound=True, by=system)


def test_somebody_new_who_is_called_like_another_is_to_be_looked_at_and_can_be_written(
    office: Office, system: Actor
) -> None:
    name, before, first, second = _new("沈"), _new("shen"), _new("shen"), _new("shen")
    _do(office, import_directory, _brought(office, system, ("", "", "", name, before, "")), by=system)

    file = _brought(office, system, *(("", "", "", name, login, "") for login in (before, first, second)))
    rows = _rows(office, system, file)
    wrote = _do(office, import_directory, file, by=system)

    assert [(row.is_doubtful, row.is_writable) for row in rows] == [(False, False), (True, True), (True, True)]
    assert rows[1].said.startswith(f"已有同名的人（账号 {before}，已登记）。")
    assert wrote["people"] == 2


def test_a_list_may_name_what_is_there_already_and_only_the_rest_is_new(office: Office, system: Actor) -> None:
    with office.transactions() as session:
        unit = session.get_one(Unit, office.bureau.unit_id).name
        clerk = session.get_one(Person, office.bureau.clerk.person_id)
        there = (unit, "", "", clerk.name, clerk.login, Role.UNIT_CLERK.label)
    new = (unit, "", "", "赵一", _new("zhao"), "")

    rows = _rows(office, system, _brought(office, system, there, new))

    assert [(row.is_known, row.new_unit, row.new_person) for row in rows] == [
        (True, False, False),
        (False, False, True),
    ]
    only_known = _brought(office, system, there)
    with refused(office.database, "directory.nothing_to_list"):
        _do(office, import_directory, only_known, by=system)


def test_a_login_somebody_has_is_not_taken_over_under_another_name(office: Office, system: Actor) -> None:
    login = _new("qian")
    _do(office, import_directory, _brought(office, system, ("", "", "", "钱一", login, "")), by=system)

    assert _said(office, system, ("", "", "", "钱二", login, "")) == {2: ["账号"]}


def test_a_unit_that_is_registered_is_not_changed_by_a_list(office: Office, system: Actor) -> None:
    name = _new("示例已登记单位")
    _do(office, add_unit, name, "unit", by=system)

    assert _said(office, system, (name, "主管部门", "", "", "", "")) == {2: ["单位类型"]}
    assert _said(office, system, (name, "", "示例主管部门", "", "", "")) == {2: ["主管部门"]}


def test_the_same_file_twice_is_said_with_who_imported_it_and_when(office: Office, system: Actor) -> None:
    rows = ("", "", "", "孙一", _new("sun"), "")
    _do(office, import_directory, _brought(office, system, rows), by=system)

    with refused(office.database, "import.written_before") as refusal:
        _brought(office, system, rows)

    who = told_who(system.name, "导入单位和人员", minute_of(office.now))
    assert f"{office.today.month}月{office.today.day}日已导入{who}" in refusal.value.message


def test_a_list_that_is_not_written_is_nobody_elses_and_gives_way_to_the_next(
    office: Office, keepers: dict[str, Actor], system: Actor
) -> None:
    first = _brought(office, system, ("", "", "", "周一", _new("zhou"), ""))

    with refused(office.database, "import.file_not_found"):
        _do(office, import_directory, first, by=keepers["another"])
    _brought(office, system, ("", "", "", "周二", _new("zhou"), ""))
    with refused(office.database, "import.file_not_found"):
        _do(office, import_directory, first, by=system)


def test_neither_administrator_does_the_others_part(office: Office, system: Actor, security: Actor) -> None:
    name, login = _new("示例单位"), _new("wu")
    file = _brought(office, system, (name, "预算单位", "", "吴一", login, "预算单位经办人"))

    with refused(office.database, "directory.wrong_office"):
        _do(office, import_directory, file, by=security)
    _do(office, import_directory, file, by=system)
    with refused(office.database, "directory.wrong_office"):
        _do(office, settle_listed_offices, file, True, by=system)

    assert _seats(office, login) == {}


def test_offices_that_are_not_given_need_a_reason_and_can_not_be_given_later(
    office: Office, system: Actor, security: Actor
) -> None:
    name, login = _new("示例单位"), _new("zheng")
    file = _brought(office, system, (name, "预算单位", "", "郑一", login, "预算单位经办人"))
    _do(office, import_directory, file, by=system)

    with refused(office.database, "directory.no_reason_told"):
        _do(office, settle_listed_offices, file, False, by=security)
    _do(office, settle_listed_offices, file, False, reason="示例：名单未经单位确认", by=security)
    with refused(office.database, "directory.no_offices_wait"):
        _do(office, settle_listed_offices, file, True, by=security)

    assert _seats(office, login) == {}
    with office.transactions() as session:
        (line, *_) = lists_brought(session, system)
        assert (line.settled_by, line.file.granted, line.file.waits) == ("security", 0, False)


def test_offices_another_list_gave_meanwhile_are_told_as_given_and_not_as_refused(
    office: Office, system: Actor, security: Actor
) -> None:
    good = (_new("示例单位"), "预算单位", "", "韩一", _new("han"), "预算单位经办人")
    first = _brought(office, system, good, ("示例没有类型的单位", "", "", "", "", ""))
    _do(office, import_directory, first, only_sound=True, by=system)
    corrected = _brought(office, system, good, (_new("示例单位"), "预算单位", "", "", "", ""))
    _do(office, import_directory, corrected, by=system)

    gave = [_do(office, settle_listed_offices, file, True, by=security) for file in (first, corrected)]

    with office.transactions() as session:
        line = list_check(session, system, corrected).line
    told = _journal(office, "directory.listed_offices_settled")[-1]
    assert gave == [{"granted": 1}, {"granted": 0}]
    assert (line.file.waits, line.file.offices) == (False, 0)
    assert "其中的岗位都已授予过" in read_entry(told.type, told.version, told.payload).sentence(words_for(step=str))


def test_nobody_gives_himself_an_office_through_a_list(office: Office, system: Actor, security: Actor) -> None:
    with office.transactions() as session:
        me = session.get_one(Person, security.person_id)
        own = ("示例财政局", "", "", me.name, me.login, Role.PERFORMANCE_OFFICE.label)
        unit = session.get_one(Unit, office.bureau.finance_id).name
    file = _brought(office, system, (unit, *own[1:]))
    _do(office, import_directory, file, by=system)

    with refused(office.database, "account.not_for_oneself"):
        _do(office, settle_listed_offices, file, True, by=security)


def test_as_many_rows_as_a_list_may_have_are_checked_written_and_given(
    office: Office, system: Actor, security: Actor
) -> None:
    unit, most = _new("示例大单位"), TEMPLATE.bounds.rows
    rows = [(unit, "预算单位", "", f"冯{at}", _new("feng"), "预算单位经办人") for at in range(most)]

    file = _brought(office, system, *rows)
    wrote = _do(office, import_directory, file, by=system)
    gave = _do(office, settle_listed_offices, file, True, by=security)

    assert wrote == {"units": 1, "people": most, "offices": most, "left_out": 0}
    assert gave == {"granted": most}
    with refused(office.database, "sheet.refused"):
        _brought(office, system, *rows, ("", "", "", "冯多", _new("feng"), ""))
    with office.transactions() as session:
        people, total = without_account(session, system, most=30)
        assert len(people) == 30
        assert total == session.scalar(select(func.count()).select_from(Person))
