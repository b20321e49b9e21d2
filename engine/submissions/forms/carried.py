"""What a form carries over from the frozen form before it: there to be answered, not to be changed.

F05 to F07 carry the indicators of the frozen target, F08 those of the self-evaluation with what it said of them, F12
the effects proposed for the budget. The
checks refuse any difference; a page therefore shows these cells as text and takes nothing for them from the browser.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields

from engine.submissions.forms.cells import Rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.form import Form
from engine.submissions.forms.indicators import FROZEN_COLUMNS, TABLE, TargetColumns, TargetRow
from engine.submissions.forms.proposals import COLUMNS, PROPOSALS, laid_down
from engine.submissions.forms.shape import Data

WEIGHED_LATER = "weight"
"""The column a target may leave to the self-evaluation."""


@dataclass(frozen=True, slots=True)
class Carried:
    """The rows that are carried over: row id → the cells as they are laid down; of `columns` none is open."""

    table: str
    rows: Mapping[str, Mapping[str, Any]]
    columns: frozenset[str] = frozenset(FROZEN_COLUMNS) - {WEIGHED_LATER}

    def holds(self, row_id: str, column: str) -> bool:
        """Whether that cell is laid down."""
        row = self.rows.get(row_id)
        return row is not None and (column in row or column in self.columns)


def carried_over(form: Form, context: FormContext) -> Carried | None:
    """The rows of the frozen form this one answers to; None where it answers to none, or none is known yet."""
    if PROPOSALS in form.schema.fields:
        proposed = {row["id"]: row for row in laid_down(context)}
        return Carried(PROPOSALS, proposed, COLUMNS) if proposed else None
    if not _answers_to_a_target(form):
        return None
    rows = form.prefill(context).get(TABLE)
    return Carried(TABLE, {row["id"]: row for row in rows}) if rows else None


def brought_over(content: Mapping[str, Any], carried: Carried | None) -> Data:
    """The content with every carried row there and its cells as laid down; rows of one's own stay where they are."""
    if carried is None:
        return dict(content)
    given = content.get(carried.table)
    rows = [row for row in given if isinstance(row, Mapping)] if isinstance(given, list) else []
    there = {row.get("id") for row in rows if isinstance(row.get("id"), str)}
    missing = [{"id": row_id} for row_id in carried.rows if row_id not in there]
    return {**content, carried.table: [_laid_down(row, carried) for row in [*rows, *missing]]}


def _laid_down(row: Mapping[str, Any], carried: Carried) -> Data:
    row_id = row.get("id")
    if not isinstance(row_id, str) or row_id not in carried.rows:
        return dict(row)
    own = {key: value for key, value in row.items() if not carried.holds(row_id, key)}
    return {"id": row_id, **carried.rows[row_id], **own}


def _answers_to_a_target(form: Form) -> bool:
    table = form.schema.fields.get(TABLE)
    row = table.inner.schema if isinstance(table, Rows) and isinstance(table.inner, fields.Nested) else None
    return isinstance(row, TargetColumns) and not isinstance(row, TargetRow)
