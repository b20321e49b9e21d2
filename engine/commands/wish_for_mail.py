"""通知设置: which notices somebody wants by mail, at which address, when."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.directory import Actor
from engine.errors import InvalidInput
from engine.moves.receipts import Receipt
from engine.moves.repeating import Asked, once
from engine.notifications import MailWishes
from engine.store.base import table_of
from engine.words import NoticeKind

LONGEST_ADDRESS = 254
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", re.ASCII)


class MailWishesRefused(InvalidInput):
    """An address nobody can have, or hours that are none."""

    code = "mail.wishes_refused"


@dataclass(frozen=True, slots=True)
class Wishes:
    """As `MailWishes`: the `address` may be empty, then no mail goes out."""

    address: str
    kinds: Sequence[NoticeKind]
    digest: bool = False
    quiet_from: int | None = None
    quiet_until: int | None = None


def wish_for_mail(session: Session, wishes: Wishes, *, by: Actor, at: datetime, key: str | None = None) -> Receipt:
    """Keep what the person at the keyboard wants by mail; a substitute sets their own.

    Not journalled: it changes nothing of any case. Refuses an address that is none, and hours outside 0 to 23 or only
    one of the two.
    """
    address = wishes.address.strip()

    def work() -> None:
        _must_be_sound(address, wishes)
        told = {
            "address": address or None, "kinds": sorted(wishes.kinds), "digest": wishes.digest,
            "quiet_from": wishes.quiet_from, "quiet_until": wishes.quiet_until, "changed_at": at,
        }  # fmt: skip
        row = insert(table_of(MailWishes)).values(person_id=by.person_id, jurisdiction=by.jurisdiction, **told)
        session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_=told))

    content = {
        "address": address, "kinds": sorted(wishes.kinds), "digest": wishes.digest,
        "quiet": [wishes.quiet_from, wishes.quiet_until],
    }  # fmt: skip
    return once(session, Asked("wish_for_mail", by, at, key, content=content), work)


def _must_be_sound(address: str, wishes: Wishes) -> None:
    if address and (len(address) > LONGEST_ADDRESS or not _ADDRESS.fullmatch(address)):
        raise MailWishesRefused("这不是邮箱地址，没有保存。请写成“名字@单位域名”，不要有空格和汉字。", address=address)
    hours = [hour for hour in (wishes.quiet_from, wishes.quiet_until) if hour is not None]
    if len(hours) == 1 or any(not 0 <= hour <= 23 for hour in hours) or (hours and hours[0] == hours[1]):
        raise MailWishesRefused("静默时段要写从几点到几点，两个不同的整点，没有保存。请重新选择。")
