"""名单 of a launch: what somebody pasted or brought as Excel or CSV, line by line against the cases of the year.

The list is text: a line a row, its columns apart by tabs, an empty line where the file had an empty row, so that the
numbers are those of the spreadsheet. Its first line may say what the columns are; without it the first column is a
unit, a code or an object.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from engine.errors import InvalidInput
from engine.queries.launch_work import Addressee
from engine.sheets import Bounds, Table, read_table

HEADER = ("单位名称", "案卷编号", "项目名称")
BOUNDS = Bounds(rows=5_000)
LONGEST_LIST = 200_000
TOO_LONG = f"名单超过 {LONGEST_LIST // 10_000} 万字，没有读入。请分成几次部署。"
_WORDS: Mapping[str, Sequence[str]] = {
    "unit": ("单位名称", "单位", "预算单位", "预算单位名称"),
    "code": ("案卷编号", "编号", "项目编号", "案卷"),
    "name": ("项目名称", "项目", "对象名称", "名称"),
}
_KINDS = {word: kind for kind, words in _WORDS.items() for word in words}
_SAID = {"unit": "单位", "code": "编号", "name": "项目"}


class ListRefused(InvalidInput):
    """A file of a launch that is no list."""

    code = "launch.list_refused"


@dataclass(frozen=True, slots=True)
class Listed:
    """One line: its number, what stands there, the cases it means, and why it means none or should be looked at."""

    number: int
    text: str
    cases: tuple[Addressee, ...]
    problem: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether nothing of the year fits."""
        return not self.cases


def list_in(name: str, raw: bytes) -> str:
    """The list in an uploaded file: the columns we know, a line a row. Refuses what is no table or has none of them."""
    table = read_table(name, raw, BOUNDS)
    known = [index for index, title in enumerate(table.header) if _plain(title) in _KINDS]
    if not known:
        wanted = "、".join(f"“{word}”" for word in HEADER)
        raise ListRefused(f"第一行里没有{wanted}中的任何一列，没有读入。请先下载名单模板，填好后再上传。")
    if not table.rows:
        raise ListRefused("文件只有表头，没有单位或案卷，没有读入。请填好后再上传。")
    told = "\n".join(_lines(table, known))
    if len(told) > LONGEST_LIST:
        raise ListRefused(TOO_LONG)
    return told


def read_list(names: str, audience: Sequence[Addressee]) -> tuple[Listed, ...]:
    """Every line that says something, with the cases of the year it means."""
    lines = [line.split("\t") for line in names.splitlines()]
    kinds = _header(lines[0]) if lines else ()
    index = _Index.of(audience)
    found: list[Listed] = []
    before: dict[tuple[int, ...], int] = {}
    for number, cells in enumerate(lines, start=1):
        if (kinds and number == 1) or not any(map(_plain, cells)):
            continue
        listed = index.line(number, cells, kinds)
        if listed is None:
            continue
        meant = tuple(case.case_id for case in listed.cases)
        if meant and meant in before:
            listed = Listed(number, listed.text, listed.cases, f"与第 {before[meant]} 行重复，只算一次。")
        before.setdefault(meant, number)
        found.append(listed)
    return tuple(found)


def without_unknown(names: str, lines: Sequence[Listed]) -> str:
    """The list without the lines that mean nothing; the others keep their numbers."""
    unknown = {line.number for line in lines if line.is_unknown}
    return "\n".join("" if number in unknown else line for number, line in enumerate(names.splitlines(), start=1))


@dataclass(frozen=True, slots=True)
class _Index:
    """The cases of the year by unit, code and object, as names are compared."""

    by: Mapping[str, Mapping[str, tuple[Addressee, ...]]]

    @classmethod
    def of(cls, audience: Sequence[Addressee]) -> "_Index":
        by: dict[str, dict[str, tuple[Addressee, ...]]] = {kind: {} for kind in _WORDS}
        for case in audience:
            for kind, name in (("unit", case.unit), ("code", case.code), ("name", case.name)):
                by[kind][_plain(name)] = (*by[kind].get(_plain(name), ()), case)
        return cls(by)

    def line(self, number: int, cells: Sequence[str], kinds: Sequence[str]) -> Listed | None:
        """What a line means; None where it says nothing in any column we know and has no such columns."""
        text = " · ".join(cell.strip() for cell in cells if cell.strip())[:60]
        if not kinds:
            told = _plain(cells[0])
            cases = {case.case_id: case for kind in _WORDS for case in self.by[kind].get(told, ())}
            if not told:
                return None
            return Listed(number, cells[0].strip()[:60], tuple(cases.values()), "" if cases else _NOTHING)
        asked = [(kind, cell) for kind, cell in zip_longest(kinds, cells, fillvalue="") if kind and _plain(cell)]
        if not asked:
            return Listed(number, text, (), "单位、案卷编号、项目名称都没有填。")
        for kind, cell in asked:
            if _plain(cell) not in self.by[kind]:
                return Listed(number, text, (), f"该年度没有这个{_SAID[kind]}：“{cell.strip()[:60]}”。")
        first, *others = ({case.case_id: case for case in self.by[kind][_plain(cell)]} for kind, cell in asked)
        cases = {key: case for key, case in first.items() if all(key in other for other in others)}
        problem = "" if cases else f"{'、'.join(_SAID[kind] for kind, _ in asked)}各自都有，但不是同一件案卷的。"
        return Listed(number, text, tuple(cases.values()), problem)


_NOTHING = "没有叫这个名称或编号的单位、案卷或项目。"


def _header(cells: Sequence[str]) -> tuple[str, ...]:
    """The kind of each column ("" for one we do not know); empty where the line is no header."""
    kinds = tuple(_KINDS.get(_plain(cell), "") for cell in cells)
    return kinds if any(kinds) else ()


def _lines(table: Table, known: Sequence[int]) -> list[str]:
    lines = ["\t".join(table.header[index] for index in known)]
    for row in table.rows:
        lines += [""] * (row.number - len(lines) - 1)
        lines.append("\t".join(" ".join(row.cells[index].split()) if index < len(row.cells) else "" for index in known))
    return lines


def _plain(name: str) -> str:
    """A name as it is compared: full-width letters and brackets as half-width, no blanks."""
    return "".join(unicodedata.normalize("NFKC", name).split())
