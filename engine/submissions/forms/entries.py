"""Labelled cells: what the schemas of the official forms are written with.

A field says in `metadata` what web form, API, Excel template and printed document need to know:
`label`, `kind`, `unit`, `required` (why it must be filled, or ""), `required_when` (the condition, in words),
`hint`, `computed` (the engine fills it in), `own_words` (text nobody should copy from another form), `options`,
`main` (a column to see at once where a table has too many), `stands_for` (the column it answers instead of: a range, a
day or words where there is no single number), `refers_to` (the table of the form whose rows it names, by their ids),
`office` (the kind of unit the cell belongs to, a `UnitKind`; None: whoever fills in the form), `recorded_in` (the step
that records it, by its name in the diagrams, where its office never has the form to fill in; else "").
"""

from collections.abc import Iterable, Mapping
from typing import Any

from marshmallow import Schema, fields

from engine.scoring.numbers import HUNDRED, ZERO
from engine.submissions.forms.cells import (
    LINE,
    Choice,
    Day,
    Number,
    Options,
    Part,
    Rows,
    Several,
    Text,
    WholeNumber,
    YesNo,
)

PARAGRAPH = 5000
MOST_ROWS = 300


def _about(label: str, kind: str, facts: Mapping[str, Any], options: Iterable[tuple[str, str]] = ()) -> dict[str, Any]:
    """What marshmallow and the doors are told of a field."""
    metadata: dict[str, Any] = {"label": label, "kind": kind, "options": tuple(options)}
    for name, empty in (("unit", ""), ("required", ""), ("required_when", ""), ("hint", "")):
        metadata[name] = facts.get(name, empty)
    for name in ("stands_for", "refers_to", "recorded_in"):
        metadata[name] = facts.get(name, "")
    metadata["office"] = facts.get("office")
    for name in ("computed", "own_words", "main"):
        metadata[name] = bool(facts.get(name, False))
    unknown = set(facts) - set(metadata)
    if unknown:
        raise TypeError(f"unknown facts about a field: {sorted(unknown)}")
    return {"required": bool(facts.get("required")), "metadata": metadata}


def text(label: str, *, limit: int = LINE, **facts: Any) -> Text:
    """One line."""
    return Text(limit=limit, **_about(label, "text", facts))


def long_text(label: str, *, limit: int = PARAGRAPH, **facts: Any) -> Text:
    """A paragraph or several."""
    return Text(limit=limit, **_about(label, "long", facts))


def row_id() -> Text:
    """The name of a row, kept over all versions of the form."""
    return Text(limit=40, identifier=True, **_about("行号", "id", {}))


def money(label: str, *, signed: bool = False, **facts: Any) -> Number:
    """An amount in 万元, kept as entered (花溪 goes to 0.00001 万元)."""
    about = _about(label, "money", {"unit": "万元", **facts})
    return Number(places=8, lowest=None if signed else ZERO, **about)


def figure(label: str, **facts: Any) -> Number:
    """A measured or wanted value in the row's own unit; it may be negative."""
    return Number(places=8, **_about(label, "number", facts))


def score(label: str, **facts: Any) -> Number:
    """Points, two decimals (each row is rounded before it is summed)."""
    about = _about(label, "score", {"unit": "分", **facts})
    return Number(places=2, lowest=ZERO, highest=HUNDRED, **about)


def weight(label: str, **facts: Any) -> Number:
    """Full marks of a row, two decimals."""
    about = _about(label, "weight", {"unit": "分", **facts})
    return Number(places=2, lowest=ZERO, highest=HUNDRED, **about)


def percent(label: str, *, signed: bool = False, **facts: Any) -> Number:
    """The number in front of the % sign."""
    about = _about(label, "percent", {"unit": "%", **facts})
    return Number(places=6, lowest=None if signed else ZERO, **about)


def whole(label: str, *, lowest: int = 0, highest: int = 999_999_999, **facts: Any) -> WholeNumber:
    """A count."""
    return WholeNumber(lowest=lowest, highest=highest, **_about(label, "whole", facts))


def year(label: str, **facts: Any) -> WholeNumber:
    """A year."""
    return WholeNumber(lowest=2000, highest=2100, **_about(label, "year", {"unit": "年", **facts}))


def day(label: str, **facts: Any) -> Day:
    """A day."""
    return Day(**_about(label, "date", facts))


def yes_no(label: str, **facts: Any) -> YesNo:
    """是 or 否."""
    return YesNo(**_about(label, "yes_no", facts))


def choice(label: str, options: Options, *, also: Mapping[str, str] | None = None, **facts: Any) -> Choice:
    """One of a list; `also` are other spellings and the values they are read as."""
    return Choice(options, also or {}, **_about(label, "choice", facts, options))


def choices(label: str, options: Options, *, also: Mapping[str, str] | None = None, **facts: Any) -> Several:
    """Any number out of a list."""
    return Several(Choice(options, also or {}), limit=len(options), **_about(label, "choices", facts, options))


def texts(label: str, *, limit: int = 50, **facts: Any) -> Several:
    """A short list of lines."""
    return Several(Text(limit=LINE), limit=limit, **_about(label, "texts", facts))


def rows(label: str, row: type[Schema], *, limit: int = MOST_ROWS, **facts: Any) -> Rows:
    """A table; `required` asks for at least one row."""
    return Rows(fields.Nested(row), limit=limit, **_about(label, "rows", facts))


def part(label: str, block: type[Schema], **facts: Any) -> Part:
    """A block of fields; it is required where one of its fields is."""
    return Part(block, **_about(label, "part", facts))
