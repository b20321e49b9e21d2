"""Which version of each official form of a case counts now, and what its papers have led to so far.

The only file that knows how the case row keeps them (`cases.forms`): a form's code, with `#item` behind it inside a
multi-instance, → {id, v, by, remarked, in_full, sent_back, excused, other_amount}; `target` → {id, v, form};
`adjustment` → {amount_wan, from_wan, lines}; `rounds` → [step]; `progress` → of earlier releases, read no more;
`late` → {task, due_on, reason}.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

_TARGET, _ADJUSTMENT, _ROUNDS, _PROGRESS, _LATE = "target", "adjustment", "rounds", "progress", "late"
_NOT_FORMS = {_TARGET, _ADJUSTMENT, _ROUNDS, _PROGRESS, _LATE}
_MARKS = ("remarked", "in_full", "sent_back", "excused", "other_amount")
_Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CasePaper:
    """One version of a form: its id, the how manyth it is, and the persons who had a hand in it, by number.

    `remarked`: somebody made remarks on it, so who fills in the next one answers them. `in_full`: a self-evaluation
    that gives every row its full marks. `sent_back`: it was returned, so the next one mends it. `excused`: whoever
    filled it in said why it comes after its day, so who hands it in need not. `other_amount`: a target or an
    assessment filed at an amount that the case has no more, so nobody lets it pass. `against`: the version of the
    target a self-evaluation answers to.
    """

    form: str
    id: UUID
    version: int
    by: frozenset[int] = frozenset()
    remarked: bool = False
    in_full: bool = False
    sent_back: bool = False
    excused: bool = False
    other_amount: bool = False
    against: int | None = None


@dataclass(frozen=True, slots=True)
class OpenAdjustment:
    """预算调整 under way: the amount asked for and the amount it was asked from, in 万元.

    `lines` is what each fund line becomes, by number; empty where nobody was asked (earlier releases).
    """

    amount_wan: Decimal
    from_wan: Decimal
    lines: Mapping[int, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LateFiling:
    """准予补报: the task a granted request opened, the day the first one had been due on, and why it was missed."""

    task_id: UUID
    due_on: date
    reason: str


@dataclass(frozen=True, slots=True)
class CasePapers:
    """The papers of one case, read from its row when somebody asks; what changes them gives new ones."""

    _row: _Row = field(default_factory=dict)

    @property
    def latest(self) -> Mapping[tuple[str, str | None], CasePaper]:
        """Form and item (None outside a multi-instance) → the latest version."""
        keys = (key for key in self._row if key not in _NOT_FORMS)
        parts = (key.partition("#") for key in keys)
        return {(form, item or None): _version(form, self._row[form + mark + item]) for form, mark, item in parts}

    @property
    def target(self) -> CasePaper | None:
        """The version of the target in force; who had a hand in it is not kept with it."""
        kept = self._row.get(_TARGET)
        return _version(kept["form"], kept) if kept else None

    @property
    def adjustment(self) -> OpenAdjustment | None:
        """The adjustment under way."""
        kept = self._row.get(_ADJUSTMENT)
        if kept is None:
            return None
        lines = {int(number): Decimal(amount) for number, amount in kept.get("lines", {}).items()}
        return OpenAdjustment(Decimal(kept["amount_wan"]), Decimal(kept["from_wan"]), lines)

    @property
    def rounds(self) -> tuple[str, ...]:
        """The review steps the target has passed, in order of name."""
        return tuple(self._row.get(_ROUNDS, ()))

    def late(self, task_id: UUID) -> LateFiling | None:
        """What a task is handed in late for, if a granted request opened it."""
        kept = self._row.get(_LATE)
        if kept is None or kept["task"] != task_id.hex:
            return None
        return LateFiling(task_id, date.fromisoformat(kept["due_on"]), kept["reason"])

    def of(self, form: str, item: str | None = None) -> CasePaper | None:
        """The latest version of a form, of exactly this item."""
        kept = self._row.get(_key(form, item))
        return _version(form, kept) if kept else None

    def before(self, form: str, item: str | None) -> CasePaper | None:
        """The latest version of a form a step of this item looks at: the item's own, else the one of the case."""
        return self.of(form, item) or self.of(form)

    def version_of(self, form: str, item: str | None) -> int:
        """How many versions of this form there are; 0 for none."""
        kept = self._row.get(_key(form, item))
        return kept["v"] if kept else 0

    def with_paper(self, paper: CasePaper, item: str | None) -> "CasePapers":
        """The same with another version of a form."""
        kept = {"id": paper.id.hex, "v": paper.version, "by": sorted(paper.by)}
        kept |= {mark: True for mark in _MARKS if getattr(paper, mark)}
        if paper.against is not None:
            kept["against"] = paper.against
        return self._with(_key(paper.form, item), kept)

    def signed(self, paper: CasePaper, item: str | None, persons: Iterable[int]) -> "CasePapers":
        """The same, these persons having had a hand in the version too."""
        return self.with_paper(replace(paper, by=paper.by | frozenset(persons)), item)

    def sent_back(self, paper: CasePaper, item: str | None) -> "CasePapers":
        """The same, the version being returned; what an item looks at may be the version of the case."""
        return self.with_paper(replace(paper, sent_back=True), item if self.of(paper.form, item) else None)

    def excused(self, paper: CasePaper, item: str | None) -> "CasePapers":
        """The same, with a reason why the version comes after its day."""
        return self.with_paper(replace(paper, excused=True), item)

    def with_target(self, paper: CasePaper) -> "CasePapers":
        """The same with this version in force."""
        return self._with(_TARGET, {"id": paper.id.hex, "v": paper.version, "form": paper.form})

    def with_adjustment(self, adjustment: OpenAdjustment) -> "CasePapers":
        """The same with this adjustment under way."""
        lines = {str(number): str(amount) for number, amount in adjustment.lines.items()}
        kept = {"amount_wan": str(adjustment.amount_wan), "from_wan": str(adjustment.from_wan), "lines": lines}
        return self._with(_ADJUSTMENT, kept)

    def without_adjustment(self) -> "CasePapers":
        """The same with none under way."""
        return self._without(_ADJUSTMENT)

    def with_round(self, step: str) -> "CasePapers":
        """The same, one more review step passed."""
        return self._with(_ROUNDS, sorted({*self.rounds, step}))

    def without_rounds(self) -> "CasePapers":
        """The same, the review steps beginning anew."""
        return self._without(_ROUNDS)

    def with_late(self, late: LateFiling) -> "CasePapers":
        """The same, that task being handed in late."""
        return self._with(_LATE, {"task": late.task_id.hex, "due_on": late.due_on.isoformat(), "reason": late.reason})

    def without_late(self) -> "CasePapers":
        """The same, nothing being handed in late any more."""
        return self._without(_LATE)

    def _with(self, key: str, kept: Any) -> "CasePapers":
        return CasePapers({**self._row, key: kept})

    def _without(self, key: str) -> "CasePapers":
        return CasePapers({name: kept for name, kept in self._row.items() if name != key})


def _key(form: str, item: str | None) -> str:
    return f"{form}#{item}" if item else form


def _version(form: str, kept: _Row) -> CasePaper:
    marks = {mark: kept.get(mark, False) for mark in _MARKS}
    by, against = frozenset(kept.get("by", ())), kept.get("against")
    return CasePaper(form, UUID(kept["id"]), kept["v"], by, against=against, **marks)


class Papers(TypeDecorator[CasePapers]):
    """The column that keeps `CasePapers` as JSON."""

    impl = JSONB(none_as_null=True)
    cache_ok = True
    hashable = False

    def process_bind_param(self, value: CasePapers | None, dialect: Dialect) -> _Row | None:
        return None if value is None else value._row

    def process_result_value(self, value: _Row | None, dialect: Dialect) -> CasePapers | None:
        return None if value is None else CasePapers(value)
