"""Two drafts of one form laid together: one's own, with a colleague's where one chose that."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from copy import deepcopy
from typing import Any

from engine.submissions.forms.paths import look_up, put
from web.forms import rows

EXPLANATIONS = "explanations"


def with_theirs(mine: Mapping[str, Any], theirs: Mapping[str, Any], fields: Iterable[str]) -> dict[str, Any]:
    """My content, with what the colleague has at the paths (as `FieldChange.field` names them) of `fields`.

    A path that leads nowhere in either of the two changes nothing.

    >>> with_theirs({"goal": "我的", "note": "在"}, {"goal": "他的"}, ["goal"])
    {'goal': '他的', 'note': '在'}
    """
    content = deepcopy(dict(mine))
    for path in fields:
        if path.startswith(f"{EXPLANATIONS}[") and path.endswith("]"):
            _explanation(content, theirs, path[len(EXPLANATIONS) + 1 : -1])
        elif path.endswith("]"):
            _row(content, theirs, path)
        else:
            _cell(content, theirs, path)
    return content


def _cell(content: dict[str, Any], theirs: Mapping[str, Any], path: str) -> None:
    their, (above, _, name) = look_up(theirs, path), path.rpartition(".")
    block = look_up(content, above) if above else content
    if their is None and isinstance(block, dict):
        block.pop(name, None)
    elif their is not None:
        with suppress(KeyError, TypeError, AttributeError):  # the row is not there, or something else in its place
            put(content, path, deepcopy(their))


def _explanation(content: dict[str, Any], theirs: Mapping[str, Any], path: str) -> None:
    said = dict(content.get(EXPLANATIONS) or {})
    their = (theirs.get(EXPLANATIONS) or {}).get(path)
    said.pop(path, None)
    content[EXPLANATIONS] = said | ({path: their} if their else {})


def _row(content: dict[str, Any], theirs: Mapping[str, Any], path: str) -> None:
    """Take their row where they have it, at the place it has there; let mine go where they do not."""
    split = rows.split_row(path)
    if split is None:
        return
    table, row_id = split
    there, here = look_up(theirs, table), look_up(content, table)
    there = there if isinstance(there, list) else []
    kept = [row for row in here or [] if row.get("id") != row_id]
    at = next((at for at, row in enumerate(there) if row.get("id") == row_id), None)
    if at is not None:
        kept.insert(at, deepcopy(there[at]))
    with suppress(KeyError, TypeError, AttributeError):
        put(content, table, kept)
