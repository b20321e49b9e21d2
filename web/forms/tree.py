"""What a form's page is drawn from: sections, fields, tables, rows; each knows its path and what is said of it."""

from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from engine.reviews.remarks import Remark
from web.forms.deleted import DeletedRow
from web.forms.plan import Column

GONE = "gone."


def anchor(path: str) -> str:
    """The id of the element at a path: unique, without white space, the same on every rendering.

    >>> anchor("indicators[y3].weight")
    'f.indicators:y3.weight'
    """
    return "f." + path.replace("[", ":").replace("]", "")


@dataclass(frozen=True, slots=True)
class Problem:
    """One sentence of 自动审核 at a place; `severity` as in `engine.findings`, `stops` while nobody has answered it."""

    severity: str
    message: str
    source: str
    status: str
    stops: bool


@dataclass(frozen=True, slots=True)
class Explain:
    """The 说明 asked for at a place: the name of its control, its id, and what was given."""

    name: str
    id: str
    value: str


@dataclass(frozen=True, slots=True)
class Sentences:
    """All that is said about one place: problems, remarks of reviewers, the 说明, and what stood there before.

    `before` is None where nothing changed.
    """

    problems: tuple[Problem, ...] = ()
    remarks: tuple[Remark, ...] = ()
    explain: Explain | None = None
    before: str | None = None

    def ids(self, id: str) -> list[str]:
        """The ids of the elements that say it, of the place whose element has this id."""
        parts = ((self.before is not None, "before"), (self.problems, "problems"), (self.remarks, "remarks"))
        return [f"{id}.{part}" for there, part in parts if there]

    @property
    def open(self) -> int:
        """How many of the problems still stop the form."""
        return sum(problem.stops for problem in self.problems)

    @property
    def is_wrong(self) -> bool:
        """Whether the cell itself has to be changed."""
        return any(problem.severity == "error" for problem in self.problems)

    @property
    def wants_a_look(self) -> bool:
        """Whether somebody has to read this: a problem that is not only a hint, or a remark."""
        return bool(self.remarks) or any(problem.severity in ("error", "explain") for problem in self.problems)


SILENCE = Sentences()


class Field(NamedTuple):
    """One cell. `value` is what was typed (`values` in a list), `shown` how it reads; `fixed` cells are text only.

    `label` tells it from all others where the visible heading stands elsewhere (`第 3 行指标值`); `exact` are all
    digits of a rounded figure; `described` are the ids of what describes the control, for aria-describedby. A page has
    thousands of these, and a tuple is made in a third of the time.
    """

    column: Column
    path: str
    id: str
    label: str
    value: str
    values: tuple[str, ...]
    shown: str
    exact: str
    fixed: bool
    says: Sentences
    described: str

    @property
    def sort(self) -> str:
        """What kind of part of a page this is."""
        return "field"

    @property
    def is_spoken_of(self) -> bool:
        """Whether anything is said of it."""
        return self.says is not SILENCE

    @property
    def needs_lines(self) -> bool:
        """Whether only a control of several lines keeps what was typed."""
        return "\n" in self.value

    @property
    def is_off_list(self) -> bool:
        """Whether something was typed that is none of the options."""
        return bool(self.value) and self.value not in self.column.labels

    @property
    def off_list(self) -> tuple[str, ...]:
        """The items of a list that are none of the options."""
        return tuple(dict.fromkeys(item for item in self.values if item and item not in self.column.labels))


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: the fields of each column, what opens under it, and what may be done with it."""

    path: str
    id: str
    row_id: str
    number: int
    name: str
    cells: tuple[tuple[Field, ...], ...]
    rest: tuple["Part", ...]
    opened: bool
    filled: int
    says: Sentences
    added: bool
    removable: bool
    can_go_up: bool
    can_go_down: bool

    @property
    def is_spoken_of(self) -> bool:
        """Whether anything is said of the row as a whole."""
        return self.says is not SILENCE


@dataclass(frozen=True, slots=True)
class RemovedRow:
    """A row the former version had and this one has not."""

    path: str
    label: str
    words: str

    @property
    def id(self) -> str:
        """Of the element that says that it is gone."""
        return GONE + anchor(self.path)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; `columns` are those in the row. `can_add` is false where rows are laid down or the table is full;
    `has_actions` tells whether some row can be moved or removed; `deleted` rows can be brought back."""

    sort: ClassVar[str] = "table"

    column: Column
    path: str
    id: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    removed: tuple[RemovedRow, ...]
    fixed: bool
    can_add: bool
    has_actions: bool
    says: Sentences
    deleted: tuple[DeletedRow, ...]


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One of the blocks of a matrix."""

    title: str
    path: str
    id: str
    fields: tuple[Field, ...]
    says: Sentences


@dataclass(frozen=True, slots=True)
class Matrix:
    """Blocks with the same cells, one line each; `path` is that of the first."""

    sort: ClassVar[str] = "matrix"

    path: str
    columns: tuple[Column, ...]
    lines: tuple[MatrixLine, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A block of fields inside a section."""

    sort: ClassVar[str] = "block"

    column: Column
    path: str
    id: str
    parts: tuple["Part", ...]
    says: Sentences


Part = Field | Block | Matrix | Table


@dataclass(frozen=True, slots=True)
class Section:
    """One section: `open_problems` is 0 where nothing is left to do, `changes` how many cells differ from before."""

    number: int
    path: str
    id: str
    title: str
    parts: tuple[Part, ...]
    open_problems: int
    changes: int


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One problem on top of the page; `target` is the id it leads to, None where there is no place for it."""

    problem: Problem
    where: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What is said of the whole paper, or of a place that is no longer in it."""

    path: str
    id: str
    where: str
    says: Sentences


@dataclass(frozen=True, slots=True)
class Tree:
    """A form's page. `former` names the version compared with (`第 1 轮`), "" where there is none.

    `since_seen` are the paths that changed since whoever reads it decided on it last; None where they never did.
    """

    code: str
    title: str
    sections: tuple[Section, ...]
    summary: tuple[SummaryLine, ...]
    elsewhere: tuple[Elsewhere, ...]
    former: str
    fixed: bool
    only_changes: bool
    since_seen: frozenset[str] | None = None

    def is_seen(self, path: str) -> bool:
        """Whether nothing at a path, in it or around it changed since the reader's own last decision."""
        if self.since_seen is None or self.only_changes:
            return False
        return not any(_within(changed, path) or _within(path, changed) for changed in self.since_seen)

    @property
    def stops(self) -> int:
        """How many problems keep the form from being handed in."""
        return sum(line.problem.stops for line in self.summary)

    @property
    def changes(self) -> int:
        """How many cells and rows differ from the former version."""
        return sum(section.changes for section in self.sections)


def _within(path: str, around: str) -> bool:
    return path == around or path.startswith((f"{around}.", f"{around}["))
