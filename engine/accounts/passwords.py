"""Passwords: what makes one good enough, how it is kept, when a new one is due.

GB/T 22239-2019 (等保三级) 8.1.4.1 a asks for 复杂度 and 定期更换 and gives no figures; those below are customary and
stand to be confirmed by the office. ASVS 5.0 6.2.10 is against changing by the calendar: where the office agrees,
`days` 0 switches it off.
"""

import re
import unicodedata
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from secrets import choice

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.accounts.refusals import WeakPassword

LONG_ENOUGH = 12
"""Characters from which on any mixture will do."""

SHORTEST, KINDS = 8, 3
"""A shorter one needs so many of the four kinds: capital and small letters, digits, everything else."""

LONGEST = 128
"""Characters."""

CHANGED_WITHIN_DAYS = 90
"""After so many days a password has to be a new one. Source: 等保三级 GB/T 22239-2019 8.1.4.1 a (定期更换), ×90."""

REMEMBERED = 5
"""So many of the last passwords, the one in use included, may not be taken again. Source: as above, ×5."""

HASHER = PasswordHasher()
"""Argon2id with the parameters RFC 9106 recommends where memory is short: 64 MiB, three passes, four lanes."""

_FEWEST_DIFFERENT = 4
_ADDED = 8
"""A common word stays one with so many other characters around it."""
_MEANT = str.maketrans("@4031!$57", "aaoeiisst")
_KEYS = str.maketrans("!@#$%^&*()", "1234567890")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""None that is taken for another when it is read out or copied."""
_GROUPS, _GROUP = 4, 5
"""20 letters, 99 random bits."""


def new_password() -> str:
    """A password for somebody else to begin with, easy to read out."""
    return "-".join("".join(choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS))


def must_be_good(password: str, *, login: str, name: str) -> None:
    """Refuse a password that is short, long, common, made of the person's own names, or not to be kept.

    Any Unicode is welcome; a character counts as one however it is encoded.
    """
    for fault in (_fault_of_length(password), _fault_of_content(password, login, name)):
        if fault is not None:
            raise WeakPassword(fault)


def _fault_of_length(password: str) -> str | None:
    if len(password) > LONGEST:
        return f"密码有 {len(password)} 个字符，最多 {LONGEST} 个，没有保存。请改短一些。"
    if len(password) < SHORTEST:
        return (
            f"密码只有 {len(password)} 个字符，没有保存。请用 {LONG_ENOUGH} 个以上的字符，"
            f"或用 {SHORTEST} 个以上并含大写字母、小写字母、数字、其他字符中的三种。"
        )
    if len(password) < LONG_ENOUGH and _kinds(password) < KINDS:
        return (
            f"密码太简单，没有保存。不到 {LONG_ENOUGH} 个字符时，须含大写字母、小写字母、数字、其他字符中的三种；"
            f"请补足，或改用 {LONG_ENOUGH} 个以上的字符。"
        )
    return None


def _fault_of_content(password: str, login: str, name: str) -> str | None:
    if not _is_text(password):
        return "密码里有不能用的字符（空字符、控制字符或残缺的编码），没有保存。请删去后重新填写。"
    if _contains(password, login, 3):
        return "密码里有您的账号，容易被猜到，没有保存。请换一个不含账号的密码。"
    if _contains(password, name, 2):
        return "密码里有您的姓名，容易被猜到，没有保存。请换一个不含姓名的密码。"
    if is_common(password):
        return (
            "这个密码太常见（常用词、只有数字、连续或重复的字符、键盘顺序），没有保存。"
            "请换一个，例如用几个互不相干的词连起来。"
        )
    return None


def is_common(password: str) -> bool:
    """Whether a password is one everybody tries first: a common word with a little around it, a row, a repetition.

    >>> is_common("P@ssw0rd2022!"), is_common("qwertyuiop123"), is_common("马踏飞燕过花溪桥头")
    (True, True, False)
    """
    plain = password.casefold()
    unit = _unit(plain)
    bare = _AROUND.sub("", plain)
    meant = {bare, bare.translate(_MEANT), _AROUND.sub("", plain.translate(_MEANT))}
    return (
        len(set(plain)) < _FEWEST_DIFFERENT
        or len(unit) <= _FEWEST_DIFFERENT
        or plain.isdecimal()
        or is_row(plain)
        or not _common().isdisjoint({plain, unit, plain.translate(_KEYS)})
        or any(word in _common() and len(plain) - len(word) <= _ADDED for word in meant)
    )


def is_row(text: str) -> bool:
    """Whether a text only counts up or down, as digits and the alphabet do, with at most two starts anew."""
    steps = [ord(after) - ord(before) for before, after in zip(text, text[1:], strict=False)]
    jumps = sum(step not in (-1, 0, 1) for step in steps)
    return jumps <= 2 and len(steps) - jumps >= len(text) * 2 // 3


def hashed(password: str) -> str:
    """The password as it is kept; takes a good one, see `must_be_good`."""
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept; takes as long where none is kept as where one is."""
    if kept is None or len(password) > LONGEST or not _is_text(password):
        HASHER.hash("")
        return False
    try:
        return HASHER.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with weaker parameters than those of today and is to be made anew."""
    return HASHER.check_needs_rehash(kept)


def needs_change(set_at: datetime | None, at: datetime, *, days: int = CHANGED_WITHIN_DAYS) -> bool:
    """Whether a password set then is older than `days` (0: passwords do not grow old)."""
    return days > 0 and set_at is not None and at - set_at > timedelta(days=days)


def _is_text(password: str) -> bool:
    return not any(unicodedata.category(character) in ("Cc", "Cs") for character in password)


def _kinds(password: str) -> int:
    found = {
        "upper" if c.isupper() else "lower" if c.islower() else "digit" if c.isdigit() else "other" for c in password
    }
    return len(found)


def _contains(password: str, part: str, shortest: int) -> bool:
    own = part.strip().casefold()
    return len(own) >= shortest and own in password.casefold()


def _unit(text: str) -> str:
    """What a text repeats, or the text."""
    return text[: (text + text).find(text, 1)]


@cache
def _common() -> frozenset[str]:
    lines = Path(__file__).with_name("common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))
