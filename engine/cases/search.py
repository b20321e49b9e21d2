"""What cases and indicators are found by: code, name, and how the name is typed in a hurry."""

from functools import lru_cache


def search_words(code: str, name: str) -> str:
    """Code, name and pinyin initials of the name, in lower case.

    >>> search_words("HX-05", "幼儿园A2")
    'hx-05 幼儿园a2 yeya2'
    """
    from pypinyin.seg.simpleseg import seg  # its tables take most of a second; only who names a case needs them

    initials = "".join(map(_initials, seg(name)))
    return f"{code} {name} {initials}".lower()


@lru_cache(maxsize=20_000)
def _initials(word: str) -> str:
    """The first letters of one word; whole libraries say the same words again and again."""
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin([word], style=Style.FIRST_LETTER))
