"""What a form of a page holds, read as it is meant."""

from datetime import date

from flask import request

from engine.errors import InvalidInput
from web.forms.shown import typed


class TypedTooLong(InvalidInput):
    """More was typed than there is room for."""

    code = "page.typed_too_long"


def must_fit(text: str, what: str, longest: int) -> None:
    """Refuse a text that is longer."""
    if len(text) > longest:
        raise TypedTooLong(
            f"{what}有 {len(text)} 字，最多 {longest} 字，没有办理。请精简，或分几次办。", length=len(text)
        )


def text_of(name: str, longest: int | None = None) -> str:
    """The text of a field, a line break one character as browsers count it; empty without one.

    Nothing a person wrote is cut off: whoever takes it refuses what is too long. `longest` is for what only our own
    pages put there: keys, words, hashes.
    """
    return typed(request.form.get(name, ""))[:longest]


def one_line_of(name: str) -> str:
    """The text of a field without blanks around it and without characters nobody can see."""
    return "".join(each for each in text_of(name).strip() if each.isprintable())


def number_of(name: str) -> int | None:
    """The number of a field; None where none was chosen."""
    return number_in(request.form.get(name, ""), digits=18)


def number_in(told: str, digits: int = 9) -> int | None:
    """What is sent as a number of at most so many digits; None for anything else."""
    return int(told) if told.isascii() and told.isdigit() and len(told) <= digits else None


def year_of(name: str = "year") -> int | None:
    """The year of a field, of four digits; None for anything else."""
    told = number_of(name)
    return told if told is not None and 1000 <= told <= 9999 else None


def day_of_field(name: str) -> date | None:
    """The day of a field, written 2022-10-12; None where it is none."""
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        return None
