"""指标库: what adding, changing and importing entries have in common: the words of the forms, rows, who owns what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.audit.events.indicators import IndicatorsImported
from engine.cases.search import search_words
from engine.directory import Actor, Unit
from engine.errors import InvalidInput, WrongState
from engine.indicators import COLUMNS, Entry, Indicator, IndicatorChange, IndicatorNotFound, LibraryFile
from engine.indicators.library_file import OWNER, TEMPLATE
from engine.indicators.rules import problems_of, scope_kept_by
from engine.moves.bringing import Shelf, gone, lines_kept
from engine.sheets import CheckedRow, Problem
from engine.store.base import table_of
from engine.submissions.forms.indicators import DIRECTIONS
from engine.submissions.forms.trees import trees
from engine.texts import is_blank
from engine.words import IndicatorScope, IndicatorState

DIRECTION_LABELS: Mapping[str, str] = dict(DIRECTIONS)
_DIRECTION_OF = {label: word for word, label in DIRECTIONS}
CODE = COLUMNS["code"]
_SAME = tuple(column for column in COLUMNS if column != "code")
_library = table_of(Indicator).c


class EntryRefused(InvalidInput):
    """An entry that does not say what it has to; `cells` maps a column to the sentence about it."""

    code = "indicator.entry_refused"


class IndicatorExists(WrongState):
    """The code is taken."""

    code = "indicator.exists"


class IndicatorChanged(WrongState):
    """Somebody else changed the entry since it was read."""

    code = "indicator.changed_meanwhile"


@dataclass(frozen=True, slots=True)
class CheckedLine(CheckedRow):
    """One row of a file: the entry as it would be written, and whose it would be."""

    entry: Entry
    owner_id: int
    scope: IndicatorScope


def levels() -> list[tuple[str, str]]:
    """First and second level of every template there ever was, each pair once."""
    pairs = ((first, second) for tree in trees().values() for first, below in tree.levels.items() for second in below)
    return list(dict.fromkeys(pairs))


def entry_of(cells: Mapping[str, str]) -> Entry:
    """The entry somebody wrote, column → text; what people call 区间 becomes the word of the forms."""
    told = {column: cells.get(column, "").strip() for column in COLUMNS}
    told["direction"] = _DIRECTION_OF.get(told["direction"], told["direction"])
    return Entry(**told)


def must_be_sound(entry: Entry) -> None:
    """Refuse an entry with anything that stops."""
    wrong = {each.column: each.message for each in problems_of(entry, levels(), DIRECTION_LABELS) if each.stops}
    if wrong:
        raise EntryRefused(f"没有写入指标库：{''.join(wrong.values())}", cells=wrong)


def row_of(entry: Entry, scope: IndicatorScope, owner_id: int, by: Actor, at: datetime) -> dict[str, Any]:
    """A new entry as a row."""
    return {
        **{column: getattr(entry, column) for column in COLUMNS}, "jurisdiction": by.jurisdiction, "scope": scope,
        "owner_id": owner_id,
        "state": IndicatorState.IN_USE, "search": search_words(entry.code, entry.name), "version": 1, "changed_at": at,
    }  # fmt: skip


def indicator_by_id(session: Session, indicator_id: int, *, to_change: bool = False) -> Indicator:
    """The entry. Refuses a number none has here; whoever else wants `to_change` it waits."""
    asked = select(Indicator).where(_library.id == indicator_id).execution_options(populate_existing=True)
    found = session.scalars(asked.with_for_update() if to_change else asked).one_or_none()
    if found is None:
        raise IndicatorNotFound("指标库中没有这一条，或者不属于本地区。请从指标库中选择。", indicator=indicator_id)
    return found


def must_be_as_read(indicator: Indicator, version: int | None) -> None:
    """Refuse when the entry was changed after the person looked."""
    if version is not None and indicator.version != version:
        raise IndicatorChanged(
            f"“{indicator.name}”刚被别人改过，现在是第 {indicator.version} 版，没有写入您的改动。请看过后再改。",
            indicator=indicator.id,
            version=indicator.version,
        )


def must_have_a_reason(reason: str) -> str:
    """The reason without blanks around it. Refuses none."""
    if is_blank(reason):
        raise EntryRefused(
            "没有写原因，没有改动。请写明为什么，使用过这一条的单位会看到。", cells={"reason": "请写明原因。"}
        )
    return reason.strip()


def changed(
    session: Session, indicator: Indicator, cells: Mapping[str, Any], reason: str, by: Actor, at: datetime
) -> None:
    """Put the new `cells` (column → value) into the entry as its next version, and keep what stood there."""
    before = {column: getattr(indicator, column) for column in cells}
    for column, value in cells.items():
        setattr(indicator, column, value)
    indicator.search = search_words(indicator.code, indicator.name)
    indicator.version, indicator.changed_at = indicator.version + 1, at
    session.add(
        IndicatorChange(
            jurisdiction=by.jurisdiction, indicator_id=indicator.id, version=indicator.version,
            cells={column: [str(before[column]), str(value)] for column, value in cells.items()}, reason=reason,
            changed_by=by.person_id, changed_at=at,
        )
    )  # fmt: skip
    session.flush()


# ── a file ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def shelf_of(by: Actor) -> Shelf:
    """Where the files of this unit are kept: what another unit imported may be brought again."""
    return Shelf(LibraryFile, TEMPLATE, IndicatorsImported, "指标库", own={"owner_id": by.unit_id})


def library_file(session: Session, by: Actor, file_id: int) -> LibraryFile:
    """A file this person brought. Refuses any other."""
    found = session.get(LibraryFile, file_id, populate_existing=True)
    if found is None or found.brought_by != by.person_id or found.owner_id != by.unit_id:
        raise gone(file_id)
    return found


def lines_in(session: Session, by: Actor, kept: LibraryFile) -> tuple[CheckedLine, ...]:
    """The rows of a file that is not written yet, each checked against the forms, the file itself and the library."""
    lines = lines_kept(TEMPLATE, kept)
    owners = {name: number for number, name in session.execute(select(Unit.id, Unit.name))}
    own = next(name for name, number in owners.items() if number == by.unit_id)
    there = _there(session, [line.cells[0] for line in lines])
    allowed, seen = dict.fromkeys(levels()), dict[str, int]()
    checked = []
    for line in lines:
        entry = entry_of(dict(zip(COLUMNS, line.cells, strict=False)))
        owner = line.cells[len(COLUMNS)] or own
        problems = [
            replace(each, column=COLUMNS[each.column]) for each in problems_of(entry, allowed, DIRECTION_LABELS)
        ]
        problems += [Problem("", line.fault)] if line.fault else []
        problems += _whose(by, owner, own, owners)
        scope = scope_kept_by(by) if owner == own else IndicatorScope.SPECIFIC
        found, owner_id = there.get(entry.code), owners.get(owner, by.unit_id)
        known = found is not None and _says_the_same(found, entry, owner_id)
        if found is not None and not known:
            told = "编码已在库中，内容与这一行不同。要改请在该条目的页面上改，或换一个编码。"
            problems.append(Problem(CODE, told))
        if entry.code in seen and entry.code:
            problems.append(Problem(CODE, f"编码与第 {seen[entry.code]} 行重复，请只留一行或换一个编码。"))
        seen.setdefault(entry.code, line.row)
        cells = (*_shown(entry), owner)
        checked.append(CheckedLine(line.row, cells, tuple(problems), not known, entry, owner_id, scope))
    return tuple(checked)


def _shown(entry: Entry) -> Iterator[str]:
    """The cells as people read them."""
    for column in COLUMNS:
        told = getattr(entry, column)
        yield DIRECTION_LABELS.get(told, told) if column == "direction" else told


def _there(session: Session, codes: Iterable[str]) -> dict[str, Indicator]:
    """The entries that have these codes, by code."""
    wanted = sorted({code for code in codes if code})
    rows = session.scalars(select(Indicator).where(_library.code.in_(wanted)))
    return {row.code: row for row in rows}


def _says_the_same(found: Indicator, entry: Entry, owner_id: int) -> bool:
    return found.owner_id == owner_id and all(getattr(found, each) == getattr(entry, each) for each in _SAME)


def _whose(by: Actor, owner: str, own: str, owners: Mapping[str, int]) -> Iterable[Problem]:
    """Finance may bring the entries of every unit, everybody else those of their own."""
    if owner not in owners:
        yield Problem(OWNER, f"归口“{owner[:40]}”不在本地区的单位名录中，请写单位全称，自己的可以不写。")
    elif owner != own and scope_kept_by(by) is not IndicatorScope.COMMON:
        yield Problem(OWNER, f"归口是“{owner[:40]}”，您只能导入本单位归口的指标。请删去这一行，或改为本单位。")
