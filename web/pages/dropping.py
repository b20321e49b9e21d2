"""What an empty list says of its filters: which one to drop, and how much there would be to see."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol, TypeVar

_F = TypeVar("_F")


@dataclass(frozen=True, slots=True)
class Drop:
    """One filter in the words of the page, how much there is without it (“3 件”), and the address of that list."""

    filter: str
    found: str
    url: str


class FirstPage(Protocol):
    """Some lines of a list; `next` leads on to more, None where there are none."""

    @property
    def lines(self) -> Sequence[Any]:
        """What the page shows."""
        ...

    @property
    def next(self) -> str | None:
        """Where the list goes on."""
        ...


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


def drops_of(
    read: Callable[[_F], FirstPage],
    filters: _F,
    plain: _F,
    said: Mapping[str, str],
    url: Callable[[_F], str],
    thing: str = "件",
) -> list[Drop]:
    """The same for a list that is read page by page, `read` giving its first page under other filters."""

    def found(other: _F) -> str:
        first = read(other)
        return how_many(len(first.lines), first.next is not None, thing)

    return drops(filters, plain, said, found, url)


def year_dropped(read: Callable[[], FirstPage], year: int | None, url: str, thing: str) -> list[Drop]:
    """The same for a list whose only filter is its year; `read` gives the first page of all years, at `url`."""
    every = read() if year is not None else None
    found = how_many(len(every.lines), every.next is not None, thing) if every is not None else ""
    return [Drop(f"年度：{year}", found, url)] if found else []


def how_many(lines: int, leads_on: bool, thing: str = "件") -> str:
    """How much of a list is known from its first page: “3 件”, “50 件以上”; nothing for an empty one."""
    return f"{lines} {thing}{'以上' if leads_on else ''}" if lines else ""


def _each_less(filters: Any, plain: Any, said: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for each in fields(filters):
        value = getattr(plain, each.name)
        if getattr(filters, each.name) != value:
            yield said[each.name], replace(filters, **{each.name: value})
