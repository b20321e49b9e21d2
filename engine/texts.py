"""Words people type: whether there is anything to see in them; and who did what when, as a sentence tells it."""

import re
import unicodedata
from datetime import datetime
from decimal import Decimal

from engine.clock import SHANGHAI

LONGEST_AMOUNT = 40
_FULL_WIDTH = str.maketrans("０１２３４５６７８９，．－", "0123456789,.-")
_AMOUNT = re.compile(r"-?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?")
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


def wan_in(told: str) -> Decimal | None:
    """An amount in 万元 as people type it; None for what could be meant otherwise, or is none.

    >>> wan_in("1,033.496"), wan_in("９８０．００ 万元"), wan_in("-5")
    (Decimal('1033.496'), Decimal('980.00'), Decimal('-5'))
    >>> [wan_in(told) for told in ("12,34", "1_000", "1e3", "NaN", "①", "")]
    [None, None, None, None, None, None]
    """
    plain = told[:LONGEST_AMOUNT].translate(_FULL_WIDTH).strip().removesuffix("万元").strip()
    return Decimal(plain.replace(",", "")) if len(told) <= LONGEST_AMOUNT and _AMOUNT.fullmatch(plain) else None


def _is_seen(char: str) -> bool:
    """Letters, figures, punctuation and symbols; everything else (C, M, Z) needs one of them to be seen."""
    return unicodedata.category(char)[0] in "LNPS" and char not in _SEEN_AS_NOTHING
