"""Words people type: whether there is anything to see in them."""

import unicodedata

_SEEN_AS_NOTHING = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Fillers and the empty Braille cell: letters and signs by name, blank to the eye."""


def is_blank(text: str | None) -> bool:
    """Whether nobody would see anything: empty, white space, control or format characters, marks over nothing.

    >>> is_blank(" \\u200b\\u3000"), is_blank("甲\\u200b")
    (True, False)
    """
    return text is None or not any(map(_is_seen, text))


def _is_seen(char: str) -> bool:
    """Letters, figures, punctuation and symbols; everything else (C, M, Z) needs one of them to be seen."""
    return unicodedata.category(char)[0] in "LNPS" and char not in _SEEN_AS_NOTHING
