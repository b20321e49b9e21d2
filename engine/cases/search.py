"""What a case is found by: its code, its name, and how the name is typed in a hurry."""


def search_words(code: str, name: str) -> str:
    """Code, name and pinyin initials of the name, in lower case.

    >>> search_words("HX-05", "幼儿园A2")
    'hx-05 幼儿园a2 yeya2'
    """
    from pypinyin import Style, lazy_pinyin  # its tables take most of a second; only who names a case needs them

    initials = "".join(lazy_pinyin(name, style=Style.FIRST_LETTER))
    return f"{code} {name} {initials}".lower()
