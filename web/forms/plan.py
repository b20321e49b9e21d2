"""The plan of a form's page: sections, fields and tables in the order of its schema; made once for every form.

Nothing here belongs to one form. A section is a block, a table, or a run of plain fields between them; computed fields
right after a table belong to it, as totals do. Blocks that stand side by side with the same cells become one table.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType

from marshmallow import Schema

from engine.submissions.forms.cells import LINE
from engine.submissions.forms.layout import Cell, Group, layout
from engine.words import UnitKind

FEW_OPTIONS = 4
SHORT = 40
ONE_A_LINE = "一行一项"
MOST_COLUMNS = 8
FIRST_TITLE = "基本信息"
_NUMBERS = frozenset({"money", "number", "score", "weight", "percent", "whole", "year"})
_YES_NO = (("是", "是"), ("否", "否"))


@dataclass(frozen=True, slots=True)
class Column:
    """What is the same of a cell wherever it stands; `control` is the kind of control it gets.

    line, long, number, whole, date, select, radios, checks (several choices) or lines (a list, one per line).
    `hint` is what to know before filling it in; `refers_to` the table whose rows it names; `office` whose cell it is,
    None: of whoever fills in the form;
    `limit` the most items of a list or rows of a table; `is_short` a word or two.
    """

    name: str
    label: str
    heading: str
    kind: str
    control: str
    unit: str
    required: str
    hint: str
    computed: bool
    main: bool
    stands_for: str
    refers_to: str
    office: UnitKind | None
    is_number: bool
    options: tuple[tuple[str, str], ...]
    labels: Mapping[str, str]
    limit: int
    is_short: bool

    @property
    def paper_heading(self) -> str:
        """The heading on paper, where a rate carries its sign in every cell."""
        return self.label if self.kind == "percent" else self.heading

    def choosing(self, options: tuple[tuple[str, str], ...]) -> "Column":
        """The same cell with the rows it may name to choose from."""
        control, hint = "checks" if self.kind == "texts" else "select", self.hint.removesuffix(ONE_A_LINE).rstrip("；")
        return replace(self, options=options, labels=dict(options), control=control, hint=hint)


@dataclass(frozen=True, slots=True)
class BlockPlan:
    """A block of fields with its own title."""

    column: Column
    parts: tuple["PartPlan", ...]


@dataclass(frozen=True, slots=True)
class MatrixPlan:
    """Blocks with the same cells: one row each, one column for every cell."""

    columns: tuple[Column, ...]
    rows: tuple[BlockPlan, ...]


@dataclass(frozen=True, slots=True)
class TablePlan:
    """A table: `main` are the columns in the row, each with the cells that may answer in its place; `rest` opens under
    the row."""

    column: Column
    main: tuple[tuple[Column, ...], ...]
    rest: tuple["PartPlan", ...]
    cells: tuple["PartPlan", ...]


PartPlan = Column | BlockPlan | MatrixPlan | TablePlan


@dataclass(frozen=True, slots=True)
class SectionPlan:
    """One section of the page; `path` is the block or table it is, else the first field in it."""

    path: str
    title: str
    parts: tuple[PartPlan, ...]


@cache
def plan_of(schema: Schema) -> tuple[SectionPlan, ...]:
    """The sections of a form."""
    sections: list[SectionPlan] = []
    run: list[Column] = []
    for part in _parts(layout(schema)):
        if isinstance(part, Column) and part.computed and not run and sections:
            last = sections[-1]
            sections[-1] = SectionPlan(last.path, last.title, (*last.parts, part))
        elif isinstance(part, Column):
            run.append(part)
        else:
            sections += _run_of(run, first=not sections)
            run = []
            sections.append(_own_section(part))
    return (*sections, *_run_of(run, first=not sections))


def _run_of(columns: list[Column], *, first: bool) -> list[SectionPlan]:
    """A section of plain fields, named after what is in it; the first one of a form is 基本信息."""
    if not columns:
        return []
    named = "、".join(column.label for column in columns[:2]) + ("等" if len(columns) > 2 else "")
    return [SectionPlan(columns[0].name, FIRST_TITLE if first else named, tuple(columns))]


def _own_section(part: BlockPlan | MatrixPlan | TablePlan) -> SectionPlan:
    if isinstance(part, MatrixPlan):
        named = "、".join(row.column.label for row in part.rows)
        return SectionPlan(part.rows[0].column.name, named, (part,))
    return SectionPlan(part.column.name, part.column.label, (part,))


def _parts(group: Group) -> Iterator[PartPlan]:
    """The cells of a group; neighbouring blocks that have the same cells come as one matrix."""
    alike: list[BlockPlan] = []
    for cell in group.cells:
        if cell.field.metadata["kind"] in ("id", "explanations"):
            continue
        part = _part(cell)
        if alike and not (isinstance(part, BlockPlan) and part.parts == alike[0].parts):
            yield from _side_by_side(alike)
            alike = []
        if isinstance(part, BlockPlan) and all(isinstance(inner, Column) for inner in part.parts):
            alike.append(part)
        else:
            yield part
    yield from _side_by_side(alike)


def _side_by_side(blocks: list[BlockPlan]) -> Iterator[PartPlan]:
    if len(blocks) > 1:
        columns = tuple(part for part in blocks[0].parts if isinstance(part, Column))
        yield MatrixPlan(columns, tuple(blocks))
    else:
        yield from blocks


def _part(cell: Cell) -> PartPlan:
    column = column_of(cell)
    if cell.inside is None:
        return column
    inner = tuple(_parts(cell.inside))
    return BlockPlan(column, inner) if cell.sort == "block" else _table(column, inner)


def _table(column: Column, inner: tuple[PartPlan, ...]) -> TablePlan:
    """Columns marked `main` stand in the row; without marks all plain cells do, as long as there are few of them."""
    plain = [part for part in inner if isinstance(part, Column)]
    main = [part for part in plain if part.main]
    if not main:
        short = [part for part in plain if part.control != "long"]
        main = plain if len(plain) <= MOST_COLUMNS else short[:MOST_COLUMNS]
    in_place = {part.name: tuple(other for other in plain if other.stands_for == part.name) for part in main}
    columns = tuple((part, *in_place[part.name]) for part in main)
    rest = tuple(part for part in inner if not any(part is shown for cells in columns for shown in cells))
    return TablePlan(column, columns, rest, inner)


def column_of(cell: Cell) -> Column:
    """What the schema says of a cell, as a page needs it."""
    about = cell.field.metadata
    kind, unit = about["kind"], about["unit"]
    options = _YES_NO if kind == "yes_no" else about["options"]
    return Column(
        name=cell.name,
        label=about["label"],
        heading=f"{about['label']}（{unit}）" if unit and kind != "year" else about["label"],
        kind=kind,
        control=_control(cell, kind, len(options)),
        unit=unit,
        required=about["required"],
        hint=_hint(cell),
        computed=about["computed"],
        main=about["main"],
        stands_for=about["stands_for"],
        refers_to=about["refers_to"],
        office=about["office"],
        is_number=kind in _NUMBERS,
        options=options,
        labels=MappingProxyType(dict(options)),
        limit=cell.limit,
        is_short=kind == "text" and getattr(cell.field, "limit", LINE) <= SHORT,
    )


def _hint(cell: Cell) -> str:
    """What to know before filling it in: who does, why or when it must be filled, and how it is written."""
    about = cell.field.metadata
    if about["recorded_in"]:
        return f"由{about['office'].label}在“{about['recorded_in']}”中办理，见经过"
    who = f"由{about['office'].label}填" if about["office"] else ""
    when = f"必填情形：{about['required_when']}" if about["required_when"] else ""
    how = {"date": "按 2022-10-12 的样子填写", "texts": ONE_A_LINE}.get(about["kind"], "")
    if about["computed"]:
        return str(about["hint"])
    return "；".join(part for part in (who, about["required"], when, about["hint"], how) if part)


def _control(cell: Cell, kind: str, options: int) -> str:
    """The control for a kind of cell; a choice out of few lies open."""
    if kind in ("choice", "yes_no"):
        return "radios" if options <= FEW_OPTIONS else "select"
    if kind == "text":
        return "long" if getattr(cell.field, "limit", LINE) > 2 * LINE else "line"
    named = {"choices": "checks", "texts": "lines", "long": "long", "date": "date", "whole": "whole", "year": "whole"}
    return named.get(kind, "number" if kind in _NUMBERS else "line")
