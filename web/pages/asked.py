"""What the address of a page asks for, and addresses that ask for something."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode
from uuid import UUID

from flask import request

LONGEST = 100
_E = TypeVar("_E", bound=StrEnum)


def asked_text(name: str = "q") -> str:
    """The words looked for, at most a hundred characters; empty without any."""
    return request.args.get(name, "").replace("\x00", "")[:LONGEST]


def one_line(name: str, longest: int = 2000) -> str:
    """A text of the address as it was sent; empty for one that is longer, or has control characters."""
    told = request.args.get(name, "")
    return told if len(told) <= longest and told.isprintable() else ""


def asked_number(name: str, digits: int = 18) -> int | None:
    """A number of at most so many digits; None for anything else."""
    told = request.args.get(name, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= digits else None


def asked_year(name: str = "year") -> int | None:
    """A year of four digits; None for anything else."""
    told = asked_number(name, 4)
    return told if told is not None and told >= 1000 else None


def asked_word(name: str, known: Mapping[str, str]) -> str | None:
    """One of the words with a label; None for one nobody knows."""
    told = request.args.get(name, "")
    return told if told in known else None


def one_of(words: type[_E], told: str) -> _E | None:
    """The word that was sent; None for one nobody knows."""
    return words(told) if told in set(words) else None


def task_named(told: str) -> UUID | None:
    """The task of that id as it is sent; None for anything else."""
    try:
        return UUID(told)
    except ValueError:
        return None


def address(path: str, **told: object) -> str:
    """The path with all that is asked for; nothing and empty text are left out."""
    asked = urlencode({name: str(value) for name, value in told.items() if value not in (None, "")})
    return f"{path}?{asked}" if asked else path
