"""Why a total is what it is: what is kept beside a score, and the tree it grows into together with its paper.

Kept is little, some twenty bytes a row: the method, and the points of every row by the row's id. Names, full marks and
what was measured stand in the paper, which is never overwritten; sentences follow from the two, because a method once
used is never changed. Where a later reckoning differs from what was kept, the tree says so instead of hiding it.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from engine.errors import WrongState
from engine.scoring import Method, ScoredRow, ScoreSheet, percent, plain
from engine.scoring.numbers import text_of, total
from engine.submissions.forms.scored import cell_of, method_told, methods_of_rows, scored

Kept = Mapping[str, Any]
Tree = dict[str, Any]


class PaperDoesNotFit(WrongState):
    """The paper has other rows than those the score was made of."""

    code = "score.paper_does_not_fit"


def basis(sheet: ScoreSheet) -> dict[str, Any]:
    """What is kept beside a total, as plain JSON: `m` its method, `t` the total, `p` the points of every row by its id.

    Points and total are decimal text; the points of a row that does not apply are None.
    """
    return {
        "m": sheet.method,
        "t": text_of(sheet.total),
        "p": {row.id: None if row.score is None else text_of(row.score) for row in sheet.rows},
    }


def explain(basis: Kept, content: Mapping[str, Any]) -> Tree:
    """The total as a tree: total ← first levels ← rows, each with what it counted for and how its points came about.

    `content` is the stored paper the score is of; one with other rows is refused (PaperDoesNotFit).

    - tree: `total`, `formula`, `method` {id, title, source, status}, `methods` of the rows by id, `groups`
    - group: `name`, `weight`, `points`, `rows`
    - row: `id`, `field` (the cell with the points), `name`, `second_level`, `weight` (what counted), `points` (None:
      不适用), `formula`, `measured`, `method`, `completion` (“168.00%” or None), `notes` (sentences)
    """
    sheet = scored(content, basis["m"])
    if basis["p"].keys() != {row.id for row in sheet.rows}:
        raise PaperDoesNotFit("这份材料的行与得分留存的依据不一致，不是同一个版本。请打开得分所对应的版本。")
    kept = {row.id: _decimal(basis["p"][row.id]) for row in sheet.rows}
    levels: dict[str, list[ScoredRow]] = {}
    for row in sheet.rows:
        levels.setdefault(row.first_level, []).append(row)
    groups = [_group(name, rows, kept, sheet.method) for name, rows in levels.items()]
    used = {row.method for row in sheet.rows}
    return {
        "total": basis["t"],
        "formula": f"{'＋'.join(group['points'] for group in groups)}＝{basis['t']}",
        "method": _method(method_told(sheet.method)),
        "methods": {id: _method(each) for id, each in methods_of_rows(sheet.method).items() if id in used},
        "groups": groups,
    }


def _group(name: str, rows: list[ScoredRow], kept: Mapping[str, Decimal | None], method: str) -> Tree:
    return {
        "name": name,
        "weight": plain(total(row.weight for row in rows)),
        "points": text_of(total(kept[row.id] for row in rows)),
        "rows": [_row(row, kept[row.id], method) for row in rows],
    }


def _row(row: ScoredRow, points: Decimal | None, method: str) -> Tree:
    return {
        "id": row.id,
        "field": cell_of(row.id, method),
        "name": row.name,
        "second_level": row.second_level,
        "weight": plain(row.weight),
        "points": None if points is None else text_of(points),
        "formula": row.formula,
        "measured": row.measured,
        "method": row.method,
        "completion": None if row.completion is None else percent(row.completion),
        "notes": [*(note.text for note in row.notes), *_differences(row, points)],
    }


def _differences(row: ScoredRow, points: Decimal | None) -> Iterable[str]:
    if row.score != points:
        now, then = ("不适用" if each is None else text_of(each) for each in (row.score, points))
        yield f"按现存材料和方法重算为 {now}，当时留存的是 {then}，请核对。"


def _method(method: Method) -> dict[str, str]:
    return {"id": method.id, "title": method.title, "source": method.source, "status": method.status}


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
