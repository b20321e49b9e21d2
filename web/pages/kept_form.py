"""A form sent after session or office had ended goes along to where one begins anew, so that nothing typed is lost.

It is kept in the pages themselves, sealed, never on the server, without what is secret; who signs in as somebody else
gets nothing of it, and nothing is carried out until the person says so once more.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from flask import request

from engine.accounts.refusals import SecretUnreadable
from web.forms.shown import typed
from web.visits.site import site
from web.visits.visit import told_session

SECRET = frozenset({"_word", "password", "old", "new", "again", "second_password", "second_code", "seed"})
"""Fields that are not kept: passwords are typed anew, and the word is another one."""
BESIDE_A_PASSWORD = "code"
"""动态口令 where a password is asked for too; elsewhere a number of an object goes by that name."""
FIELD = "kept"
"""What the login page carries: everything about the form, sealed."""
LONGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class KeptForm:
    """The fields in the order in which they were sent, and their address with all it asked for.

    `session` is the one it was sent in, by tenant and token: whoever had begun it may go on.
    """

    address: str
    fields: tuple[tuple[str, str], ...]
    session: tuple[str, str] = ("", "")

    @property
    def sealed(self) -> str:
        """All of it as one field of the login page: only we can have written it, and nobody else reads it."""
        return site().keys.seal(json.dumps([self.address, self.fields, self.session])).decode()


def sent_now() -> KeptForm:
    """The form of this request; files have to be chosen again."""
    session = told_session(site().jurisdictions) or ("", "")
    return KeptForm(request.full_path.rstrip("?"), tuple(_fields_sent()), session)


def brought_along() -> KeptForm | None:
    """The form the login page carries; None without one, or with something else there."""
    told = request.form.get(FIELD, "")[:LONGEST]
    if not told:
        return None
    try:
        address, fields, (place, token) = json.loads(site().keys.open(told.encode("utf-8", "replace")))
    except SecretUnreadable:
        return None
    return KeptForm(address, tuple((name, value) for name, value in fields), (place, token))


def _fields_sent() -> Iterator[tuple[str, str]]:
    secret = SECRET | {BESIDE_A_PASSWORD} if "password" in request.form else SECRET
    for name, values in request.form.lists():
        if name not in secret:
            yield from ((name, typed(value)) for value in values)
