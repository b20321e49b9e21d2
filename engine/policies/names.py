"""What people call a thing: its identifier or its Chinese name, in either width, upper or lower case."""

import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

KINDS_OF_PLACE = "区县市州旗"


def plainly(text: str) -> str:
    """The text without what nobody means by it: width, case, blanks, and hyphens where identifiers have underscores."""
    folded = unicodedata.normalize("NFKC", text).casefold().replace("-", "_")
    return "".join(sign for sign in folded if not sign.isspace())


def named(text: str, titles: Mapping[str, str]) -> str | None:
    """The identifier meant by `text` among `titles` (identifier → Chinese name); None if none or several are.

    >>> named("花溪", {"huaxi": "花溪区"}), named("HuaXi", {"huaxi": "花溪区"}), named("花", {"huaxi": "花溪区"})
    ('huaxi', 'huaxi', None)
    """
    wanted = plainly(text)
    for spellings in (_whole, _short):
        found = [name for name, title in titles.items() if wanted in map(plainly, spellings(name, title))]
        if len(found) == 1:
            return found[0]
    return None


def nearest(text: str, titles: Mapping[str, str]) -> list[str]:
    """The identifiers of those that `text` is most like, the likest first."""
    spelled = {plainly(each): name for name, title in titles.items() for each in (name, title, *_short(name, title))}
    close = get_close_matches(plainly(text), spelled, n=3, cutoff=0.6)
    return list(dict.fromkeys(spelled[each] for each in close))


def listed(titles: Mapping[str, str], names: Iterable[str] | None = None) -> str:
    """These as a person reads them: huaxi（花溪区）、…"""
    return "、".join(f"{name}（{titles[name]}）" for name in (titles if names is None else names))


def _whole(name: str, title: str) -> tuple[str, ...]:
    return name, title


def _short(name: str, title: str) -> tuple[str, ...]:
    return (title[:-1],) if len(title) > 2 and title[-1] in KINDS_OF_PLACE else ()
