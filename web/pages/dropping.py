"""What an empty list says of its filters: which one to drop, and how much there would be to see."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

_F = TypeVar("_F")


@dataclass(frozen=True, slots=True)
class Drop:
    """One filter in the words of the page, how much there is without it (“3 件”), and the address of that list."""

    filter: str
    found: str
    url: str


def drops(
    filters: _F, plain: _F, said: Mapping[str, str], found: Callable[[_F], str], url: Callable[[_F], str]
) -> list[Drop]:
    """Every filter whose dropping alone would bring something; `said` has the words of each field of the filters.

    `plain` is the list without any filter; `found` says how much a list has, with nothing for an empty one.
    """
    return [
        Drop(words, much, url(without))
        for words, without in _each_less(filters, plain, said)
        if (much := found(without))
    ]


def how_many(lines: int, leads_on: bool, thing: str = "件") -> str:
    """How much of a list is known from its first page: “3 件”, “50 件以上”; nothing for an empty one."""
    return f"{lines} {thing}{'以上' if leads_on else ''}" if lines else ""


def _each_less(filters: Any, plain: Any, said: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for each in fields(filters):
        value = getattr(plain, each.name)
        if getattr(filters, each.name) != value:
            yield said[each.name], replace(filters, **{each.name: value})
