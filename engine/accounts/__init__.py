"""People come in: accounts, passwords, the second factor, sessions, and the log of all that.

`signing_in` opens a session (`SignIn`) for what somebody shows; `sessions` finds it again by its token, lists and ends
it; `proving` asks for the password once more, `agreeing` for that of a second person; `seats` says in which office, or
for whom, its person acts. `accounts` is what administrators do, `second_factor` what people do with their telephones,
`display` how they want pages to be. `passwords` has the rules, `credentials` weighs and counts wrong tries, `limits`
counts anything, `log` keeps what happened, `keys` seals what must be read again. Everything happens in a transaction of
one tenant; nobody is looked up across tenants. What a person may get wrong at a door is returned as a refusal, not
raised, so that the counted try is committed.
"""

from engine.accounts.accounts import (
    close_account,
    give_password,
    link,
    open_account,
    reopen_account,
    set_password,
    stopped_among,
    stopped_now,
    unlock,
)
from engine.accounts.agreeing import agreed
from engine.accounts.credentials import locked_people, locked_until
from engine.accounts.display import show_large_type, use_letter_keys
from engine.accounts.keys import Keys, keys_from, new_key
from engine.accounts.limits import within
from engine.accounts.model import AccessEntry, Account, Attempts, FormerPassword, RecoveryCode, SignIn
from engine.accounts.passwords import new_password
from engine.accounts.proving import prove
from engine.accounts.readings import note_check, note_export, note_reading
from engine.accounts.seats import sit_as_before, sit_for, take_seat, who_acts
from engine.accounts.sessions import (
    end,
    end_others,
    former_session,
    keep_alive,
    must_be_proven,
    open_sessions,
    open_sessions_of,
    renew_token,
    session_of,
)
from engine.accounts.signing_in import Last, NotSignedIn, SignedIn, sign_in, sign_in_elsewhere

__all__ = [
    "AccessEntry",
    "Account",
    "Attempts",
    "FormerPassword",
    "Keys",
    "Last",
    "NotSignedIn",
    "RecoveryCode",
    "SignIn",
    "SignedIn",
    "agreed",
    "close_account",
    "end",
    "end_others",
    "former_session",
    "give_password",
    "keep_alive",
    "keys_from",
    "link",
    "locked_people",
    "locked_until",
    "must_be_proven",
    "new_key",
    "new_password",
    "note_check",
    "note_export",
    "note_reading",
    "open_account",
    "open_sessions",
    "open_sessions_of",
    "prove",
    "renew_token",
    "reopen_account",
    "session_of",
    "set_password",
    "show_large_type",
    "sign_in",
    "sit_as_before",
    "sign_in_elsewhere",
    "sit_for",
    "stopped_among",
    "stopped_now",
    "take_seat",
    "unlock",
    "use_letter_keys",
    "who_acts",
    "within",
]
