"""Words people type: whether there is anything to see in them; and who did what when, as a sentence tells it."""

import unicodedata
from datetime import datetime

from engine.clock import SHANGHAI

_SEEN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers and the empty Braille cell: letters and signs by name, blank to the eye."""


def is_blank(text: str | None) -> bool:
    """Whether nobody would see anything: empty, white space, control or format characters, marks over nothing.

    >>> is_blank(" \\u200b\\u3000"), is_blank("甲\\u200b")
    (True, False)
    """
    return text is None or not any(map(_is_seen, text))


def minute_of(at: datetime) -> str:
    """The minute of an instant as people read it in China.

    >>> from engine.clock import shanghai
    >>> minute_of(shanghai(2022, 10, 12, 10, 42))
    '2022-10-12 10:42'
    """
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"


def told_who(by: str | None, what: str, minute: str) -> str:
    """Who was faster, with what, and when, to stand behind what it changed; who is nobody was the clock.

    >>> told_who("张某", "授予岗位", "2022-10-12 10:42")
    '（张某，授予岗位，2022-10-12 10:42）'
    """
    return f"（{by or '自动'}，{what}，{minute}）"


def _is_seen(char: str) -> bool:
    """Letters, figures, punctuation and symbols; everything else (C, M, Z) needs one of them to be seen."""
    return unicodedata.category(char)[0] in "LNPS" and char not in _SEEN_AS_NOTHING
