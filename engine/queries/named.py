"""What somebody typed into the field 单位、项目、编号: the case or its unit is meant."""

from typing import Any

from sqlalchemy import ColumnElement, or_

from engine.cases import Case
from engine.directory import Unit
from engine.queries.desks import searched
from engine.store.base import table_of

_cases, _units = table_of(Case).c, table_of(Unit).c


def of_words(text: str) -> list[ColumnElement[bool]]:
    """The condition on cases joined with their units, by code, name, pinyin initials or unit; none without words."""
    if not text.strip():
        return []
    like: Any = searched(text)["like"]
    return [or_(_cases.search.like(like, escape="/"), _units.name.like(like, escape="/"))]
