"""A form sent after session or office had ended goes along to where one begins anew, so that nothing typed is lost.

It is kept in the pages themselves, never on the server, without what is secret; who signs in as somebody else gets
nothing of it, and nothing is carried out until the person says so once more.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from web.forms.shown import typed

SECRET = frozenset({"_word", "password", "old", "new", "again", "second_password", "second_code", "seed"})
"""Fields that are not kept: passwords are typed anew, and the word is another one."""
BESIDE_A_PASSWORD = "code"
"""动态口令 where a password is asked for too; elsewhere a number of an object goes by that name."""
FIELD, PLACE = "kept", "kept_for"
"""What the login page carries: the fields as JSON, and the address they were sent to."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The fields in the order in which they were sent, and their address with all it asked for."""

    address: str
    fields: tuple[tuple[str, str], ...]

    @property
    def carried(self) -> str:
        """The fields as one field of the login page holds them."""
        return json.dumps(self.fields, ensure_ascii=False)


def sent_now() -> KeptForm:
    """The form of this request; files have to be chosen again."""
    return KeptForm(request.full_path.rstrip("?"), tuple(_fields_sent()))


def brought_along() -> KeptForm | None:
    """The form the login page carries; None without one, or with something else there."""
    told, address = request.form.get(FIELD, ""), request.form.get(PLACE, "")
    try:
        pairs = json.loads(told) if told else []
    except (ValueError, RecursionError):
        return None
    fields = tuple((pair[0], pair[1]) for pair in pairs if _is_pair(pair)) if isinstance(pairs, list) else ()
    return KeptForm(address, fields) if fields and address else None


def _fields_sent() -> Iterator[tuple[str, str]]:
    secret = SECRET | {BESIDE_A_PASSWORD} if "password" in request.form else SECRET
    for name, values in request.form.lists():
        if name not in secret:
            yield from ((name, typed(value)) for value in values)


def _is_pair(told: object) -> bool:
    return (
        isinstance(told, list)
        and len(told) == 2
        and all(isinstance(part, str) for part in told)
        and told[0] not in SECRET
    )
