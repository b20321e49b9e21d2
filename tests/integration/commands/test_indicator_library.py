"""指标库: who keeps which entries, how they change, how a whole file comes in, and how their uses are counted."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any

import pytest
from sqlalchemy import func, select

from engine.audit import Entry
from engine.commands import (
    add_indicator,
    bring_library_file,
    change_indicator,
    import_indicators,
    restore_indicator,
    retire_indicator,
)
from engine.directory import Actor
from engine.errors import EngineError
from engine.indicators import Indicator, LibraryFile
from engine.indicators.library_file import HEADER
from engine.moves.receipts import Receipt
from engine.queries.indicator_library import (
    FileCheck,
    IndicatorFilters,
    entries_by_code,
    file_check,
    files_brought,
    indicator_card,
    indicator_library,
    industries,
    keeps_any,
)
from engine.texts import minute_of, told_who
from engine.words import IndicatorScope, IndicatorState, Role
from tests.integration.desk import SHORT, opened
from tests.integration.refusals import refused
from tests.office import Office

_numbers = count(1)
Does = Callable[..., Any]


@pytest.fixture
def office(shared_office: Office) -> Office:
    return shared_office


def cells(**changes: str) -> dict[str, str]:
    """An entry with a code of its own."""
    return {
        "code": f"SL-{next(_numbers):04}", "name": "新增公办学位数", "level1": "产出指标", "level2": "数量指标",
        "industry": "教育", "direction": "≥", "unit": "个", "calculation": "当年新增学位数合计",
    } | changes  # fmt: skip


def done(office: Office, command: Does, *given: Any, by: Actor | None = None, **how: Any) -> Receipt:
    """A command of somebody of the bureau, in a transaction of its own."""
    with office.transactions() as session:
        receipt: Receipt = command(session, *given, by=by or office.bureau.office, at=office.now, **how)
        return receipt


def added(office: Office, by: Actor | None = None, **changes: str) -> int:
    return int(done(office, add_indicator, cells(**changes), by=by).gave["indicator"])


def asked(office: Office, read: Does, *given: Any, by: Actor | None = None, **how: Any) -> Any:
    with office.transactions() as session:
        return read(session, by or office.bureau.clerk, *given, **how)


def found(office: Office, by: Actor | None = None, **filters: Any) -> list[str]:
    """The codes a list shows."""
    page = asked(office, indicator_library, by=by, filters=IndicatorFilters(**filters))
    return [line.code for line in page.lines]


def journal(office: Office, event: str) -> list[Entry]:
    with office.transactions() as session:
        of_all = select(Entry).where(Entry.case_id == 0, Entry.type == event)
        return list(session.scalars(of_all.order_by(Entry.seq)))


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_finance_adds_what_is_common_and_a_unit_what_is_its_own(office: Office) -> None:
    bureau = office.bureau

    common = asked(office, indicator_card, added(office)).line
    own = asked(office, indicator_card, added(office, by=bureau.clerk)).line

    assert (common.scope, common.owner, common.state) == (IndicatorScope.COMMON, "示例财政局", IndicatorState.IN_USE)
    assert (own.scope, own.owner, own.used) == (IndicatorScope.SPECIFIC, "示例单位甲", 0)
    assert journal(office, "indicator.added")[-1].payload["indicator_code"] == own.code


def test_an_entry_is_known_under_one_code_only(office: Office) -> None:
    told = cells()
    done(office, add_indicator, told)

    with refused(office.database, "indicator.exists"):
        done(office, add_indicator, told | {"name": "另一个"}, by=office.bureau.clerk)


def test_an_entry_that_does_not_say_what_it_has_to_is_refused_cell_by_cell(office: Office) -> None:
    with refused(office.database, "indicator.entry_refused") as refusal:
        done(office, add_indicator, cells(code="", level2="没有的", direction=""))

    assert set(refusal.value.facts["cells"]) == {"code", "level2", "direction"}


@pytest.mark.parametrize("role", [Role.AGENCY, Role.FINANCE_DIVISION])
def test_an_office_without_a_part_in_the_library_adds_nothing(office: Office, role: Role) -> None:
    somebody = {Role.AGENCY: office.bureau.agency, Role.FINANCE_DIVISION: office.bureau.division}[role]

    with refused(office.database, "directory.wrong_office"):
        done(office, add_indicator, cells(), by=somebody)


def test_a_change_keeps_what_stood_there_and_why(office: Office) -> None:
    number, told = added(office), cells(unit="座", calculation="新建与扩建合计")

    receipt = done(office, change_indicator, number, told, "示例：口径调整", version=1)

    card = asked(office, indicator_card, number)
    assert receipt.gave == {"indicator": number, "version": 2}
    assert (card.line.unit, card.line.version) == ("座", 2)
    assert card.line.code != told["code"]
    (change,) = card.changes
    assert (change.reason, change.by) == ("示例：口径调整", "王绩效")
    assert change.cells == (("单位", "个", "座"), ("计算方法", "当年新增学位数合计", "新建与扩建合计"))
    assert journal(office, "indicator.changed")[-1].payload["columns"] == ["unit", "calculation"]


def test_of_two_who_change_an_entry_the_second_is_told(office: Office) -> None:
    number = added(office)
    done(office, change_indicator, number, cells(unit="座"), "示例：一", version=1)

    with refused(office.database, "indicator.changed_meanwhile"):
        done(office, change_indicator, number, cells(unit="套"), "示例：二", version=1)


def test_a_change_needs_a_reason_and_has_to_change_something(office: Office) -> None:
    number = added(office)

    with refused(office.database, "indicator.entry_refused"):
        done(office, change_indicator, number, cells(unit="座"), " ")
    with refused(office.database, "indicator.nothing_changed"):
        done(office, change_indicator, number, cells(), "示例：没有变化")


def test_nobody_changes_or_retires_an_entry_another_keeps(office: Office) -> None:
    bureau = office.bureau
    common, own = added(office), added(office, by=bureau.clerk)

    for number, by in ((common, bureau.clerk), (common, bureau.department), (own, bureau.department)):
        with refused(office.database, "indicator.not_yours"):
            done(office, change_indicator, number, cells(unit="座"), "示例：越权", by=by)
        with refused(office.database, "indicator.not_yours"):
            done(office, retire_indicator, number, "示例：越权", by=by)
    assert asked(office, indicator_card, own, by=bureau.head).kept_by_me
    assert not asked(office, indicator_card, common, by=bureau.head).kept_by_me


def test_a_retired_entry_is_not_offered_until_it_is_restored(office: Office) -> None:
    number = added(office, name="独一无二的停用指标")
    code = asked(office, indicator_card, number).line.code

    done(office, retire_indicator, number, "示例：不再统计")
    retired = found(office, text="独一无二的停用", state=IndicatorState.IN_USE)
    still_known = asked(office, entries_by_code, [code])[code].state
    with refused(office.database, "indicator.already_retired"):
        done(office, retire_indicator, number, "示例：再停一次")
    done(office, restore_indicator, number, "示例：误停")
    with refused(office.database, "indicator.still_in_use"):
        done(office, restore_indicator, number, "示例：再恢复一次")

    assert (retired, still_known) == ([], IndicatorState.RETIRED)
    assert found(office, text="独一无二的停用", state=IndicatorState.IN_USE) == [code]
    assert [change.cells for change in asked(office, indicator_card, number).changes] == [
        (("状态", "停用", "在用"),), (("状态", "在用", "停用"),),
    ]  # fmt: skip


def test_a_number_nobody_has_is_not_found(office: Office) -> None:
    with refused(office.database, "indicator.not_found"):
        done(office, retire_indicator, 987654321, "示例：没有")


# ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_entries_are_found_by_code_name_and_pinyin_initials(office: Office) -> None:
    code = asked(office, indicator_card, added(office, code="ZX-9_9", name="普惠性幼儿园覆盖率")).line.code

    for typed in ("zx-9_", "普惠性幼儿园", "PHXYEYFGL", "园覆盖", " 覆盖率 "):
        assert code in found(office, text=typed), typed
    for typed in ("zx-9%9", "没有这样的指标", "覆_率", "/"):
        assert code not in found(office, text=typed), typed


def test_an_entry_is_found_by_its_new_name_and_not_by_the_old_one(office: Office) -> None:
    number = added(office, name="旧名称甲乙丙丁")

    done(office, change_indicator, number, cells(name="新名称戊己庚辛"), "示例：改名")

    assert found(office, text="甲乙丙丁") == []
    assert len(found(office, text="戊己庚辛")) == 1


def test_filters_leave_what_they_name(office: Office) -> None:
    bureau = office.bureau
    mine = asked(office, indicator_card, added(office, by=bureau.clerk, industry="气象", name="气象甲")).line.code
    others = asked(office, indicator_card, added(office, industry="气象", level2="质量指标")).line.code

    assert found(office, industry="气象") == sorted([mine, others])
    assert found(office, industry="气象", level2="质量指标") == [others]
    assert found(office, industry="气象", scope=IndicatorScope.COMMON) == [others]
    assert found(office, industry="气象", own=True) == [mine]
    assert found(office, industry="气象", own=True, by=bureau.department) == [mine]
    assert found(office, industry="气象", own=True, text="气象") == [mine]
    assert "气象" in asked(office, industries)
    assert asked(office, keeps_any) is True


def test_pages_follow_one_another_without_a_gap(office: Office) -> None:
    codes = [asked(office, indicator_card, added(office, industry="测绘", name="测绘成果")).line.code for _ in range(5)]
    seen, after = [], None

    for _ in range(3):
        page = asked(
            office, indicator_library, filters=IndicatorFilters(industry="测绘", text="测绘"), limit=2, after=after
        )
        seen += [line.code for line in page.lines]
        after = page.next

    assert seen == sorted(codes)
    assert after is None


def test_nothing_of_the_library_is_seen_from_another_jurisdiction(office: Office) -> None:
    added(office)
    there = Office.opened(office.database, "conghua")

    assert found(there) == []
    assert done(there, add_indicator, cells(code="SL-0001")).gave["indicator"]


# ── a file ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def file_of(*rows: dict[str, str], owner: str = "") -> bytes:
    """A library file with these entries; its digest is its own."""
    lines = [",".join(HEADER), *(",".join([*row.values(), owner]) for row in rows)]
    return "\r\n".join(lines).encode("utf-8-sig")


def brought(office: Office, raw: bytes, by: Actor | None = None) -> int:
    return int(done(office, bring_library_file, "示例.csv", raw, by=by).gave["file"])


def checked(office: Office, file: int, by: Actor | None = None) -> FileCheck:
    with office.transactions() as session:
        return file_check(session, by or office.bureau.office, file)


def test_a_file_is_checked_first_and_then_written_as_a_whole(office: Office) -> None:
    first, second = cells(), cells(direction="定性", unit="", calculation="")
    file = brought(office, file_of(first, second))

    before, check = found(office, text=first["code"]), checked(office, file)
    receipt = done(office, import_indicators, file)

    assert (before, [line.is_wrong for line in check.rows]) == ([], [False, False])
    assert receipt.gave == {"added": 2, "known": 0, "left_out": 0}
    assert set(asked(office, entries_by_code, [first["code"], second["code"]])) == {first["code"], second["code"]}
    assert found(office, text=first["code"]) == [first["code"]]
    assert journal(office, "indicator.imported")[-1].payload["added"] == 2
    with office.transactions() as session:
        (kept, *_) = files_brought(session, office.bureau.office)
        assert (kept.name, kept.added, kept.written_at, kept.content) == ("示例.csv", 2, office.now, None)


def test_every_bad_row_is_named_and_nothing_is_written(office: Office) -> None:
    good, there = cells(), cells()
    done(office, add_indicator, there)
    file = brought(office, file_of(good, cells(level2="没有的"), cells(name=""), good, there | {"unit": "座"}))

    with refused(office.database, "import.rows_refused") as refusal:
        done(office, import_indicators, file)

    wrong = {line.row: [problem.column for problem in line.problems] for line in checked(office, file).rows}
    assert wrong == {2: [], 3: ["二级指标"], 4: ["名称"], 5: ["编码"], 6: ["编码"]}
    assert refusal.value.facts["rows"] == [3, 4, 5, 6]
    assert "一行都没有写入" in refusal.value.message
    assert found(office, text=good["code"]) == []


def test_only_the_sound_rows_are_written_when_somebody_says_so(office: Office) -> None:
    good = cells()
    file = brought(office, file_of(good, cells(level2="没有的")))

    receipt = done(office, import_indicators, file, only_sound=True)

    assert receipt.gave == {"added": 1, "known": 0, "left_out": 1}
    assert found(office, text=good["code"]) == [good["code"]]


def test_what_the_library_has_word_for_word_is_passed_over(office: Office) -> None:
    known, new = cells(), cells()
    done(office, add_indicator, known)
    file = brought(office, file_of(known, new))

    receipt = done(office, import_indicators, file)

    assert receipt.gave == {"added": 1, "known": 1, "left_out": 0}
    again = brought(office, file_of(known, new, owner="示例财政局"))
    with refused(office.database, "indicator.nothing_to_import"):
        done(office, import_indicators, again)


def test_the_same_file_twice_is_said_with_who_imported_it_and_when(office: Office) -> None:
    raw = file_of(cells())
    done(office, import_indicators, brought(office, raw))

    with refused(office.database, "import.written_before") as refusal:
        brought(office, raw)

    who = told_who(office.bureau.office.name, "导入指标", minute_of(office.now))
    assert f"{office.today.month}月{office.today.day}日已导入{who}" in refusal.value.message


def test_one_file_brought_by_two_of_a_unit_is_written_once_also_in_portions(office: Office) -> None:
    rows, people = (cells(), cells()), (office.bureau.office, office.bureau.second_officer)
    raw = file_of(*rows)
    one, other = (brought(office, raw, by) for by in people)

    for file, by in zip((one, other), people, strict=True):
        done(office, import_indicators, file, most=1, by=by)
    with refused(office.database, "import.written_before"):
        done(office, import_indicators, one, most=1, by=people[0])

    assert [found(office, text=row["code"]) for row in rows] == [[row["code"]] for row in rows]


def test_what_somebody_else_wrote_of_it_since_a_page_was_opened_is_counted_too(office: Office) -> None:
    by = office.bureau.office
    file = brought(office, file_of(cells(), cells()), by)

    with office.transactions() as session:
        opened = session.get_one(LibraryFile, file)
        done(office, import_indicators, file, most=1, by=by)
        import_indicators(session, file, most=1, by=by, at=office.now)

    assert opened.added == 2


def test_a_file_takes_the_place_of_the_one_brought_before(office: Office) -> None:
    first = brought(office, file_of(cells()))

    brought(office, file_of(cells()))

    with refused(office.database, "import.file_not_found"):
        done(office, import_indicators, first)


def test_a_file_is_nobody_elses(office: Office) -> None:
    file = brought(office, file_of(cells()), by=office.bureau.clerk)

    with refused(office.database, "import.file_not_found"):
        done(office, import_indicators, file)
    with pytest.raises(EngineError, match="不是您上传的"):
        checked(office, file, by=office.bureau.head)


def test_a_unit_brings_its_own_entries_and_finance_those_of_everybody(office: Office) -> None:
    bureau = office.bureau
    mine, others = cells(), cells()

    ours = checked(office, brought(office, file_of(mine, owner="示例财政局"), by=bureau.clerk), by=bureau.clerk)
    file = brought(office, file_of(others, owner="示例主管部门"))
    unknown = checked(office, brought(office, file_of(cells(), owner="没有这个单位"), by=bureau.head), by=bureau.head)
    done(office, import_indicators, file)

    assert [problem.column for line in (*ours.rows, *unknown.rows) for problem in line.problems] == ["归口", "归口"]
    entry = asked(office, entries_by_code, [others["code"]])[others["code"]]
    assert (entry.owner, entry.scope) == ("示例主管部门", IndicatorScope.SPECIFIC)


def test_of_two_files_with_the_same_codes_at_the_same_moment_one_is_written(office: Office) -> None:
    told = cells()
    files = [
        (brought(office, file_of(told), by=office.bureau.office), office.bureau.office),
        (
            brought(office, file_of(told | {"unit": "座"}), by=office.bureau.second_officer),
            office.bureau.second_officer,
        ),
    ]

    def write(file: tuple[int, Actor]) -> str:
        try:
            return str(done(office, import_indicators, file[0], by=file[1]).gave["added"])
        except EngineError as refusal:
            return refusal.code

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(write, files))

    assert sorted(outcomes) == ["1", "import.rows_refused"]
    with office.transactions() as session:
        assert session.scalar(select(func.count()).where(Indicator.code == told["code"])) == 1


# ── uses ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_use_is_counted_once_a_case_when_a_version_is_filed(office: Office) -> None:
    number = added(office)
    code = asked(office, indicator_card, number).line.code
    cases = [opened(office), opened(office)]

    for case in cases:
        office.reach(case, "target_filing.fill_target", **SHORT)
        office.do(case, "fill_target", changes={"indicators[y1].library_code": code})
    office.reach(cases[0], "target_filing.review_target", **SHORT)
    office.do(cases[0], "review_target", "returned")
    office.do(cases[0], "revise_target", changes={"indicators[y1].library_code": code})

    assert asked(office, indicator_card, number).line.used == 2
