"""Why somebody is not let in, a password not taken, a right not given."""

from engine.errors import DefinitionError, InvalidInput, NotAllowed, NotFound, Unavailable, WrongState


class WrongCredentials(NotAllowed):
    """Login and password do not go together, or there is no such login; nobody is told which."""

    code = "account.wrong_credentials"


class PasswordMissing(InvalidInput):
    """Nobody filled in the password; that is no wrong try."""

    code = "account.password_missing"


class WrongCode(NotAllowed):
    """The code of the second factor is wrong, or was used before."""

    code = "account.wrong_code"


class CodeNeeded(NotAllowed):
    """The account has a second factor, and no code was given."""

    code = "account.code_needed"


class AccountLocked(NotAllowed):
    """Too many wrong tries on one login; `until` says until when."""

    code = "account.locked"


class TooManyTries(NotAllowed):
    """Too many wrong tries from one address; `until` says until when."""

    code = "account.too_many_tries"


class AccountClosed(NotAllowed):
    """The account is not used any more."""

    code = "account.closed"


class FirstPasswordExpired(NotAllowed):
    """A password given by somebody else was not used in time."""

    code = "account.first_password_expired"


class WeakPassword(InvalidInput):
    """A password that is too easily guessed, or cannot be kept."""

    code = "account.weak_password"


class PasswordUsedBefore(InvalidInput):
    """A password the account has or had lately."""

    code = "account.password_used_before"


class SubjectRefused(InvalidInput):
    """What is no name 统一身份认证 could know somebody by."""

    code = "account.subject_refused"


class NotProven(NotAllowed):
    """What is to be done takes the password again first (再次认证)."""

    code = "account.not_proven"


class PasswordDue(NotAllowed):
    """The password was given by somebody else or is too old: a new one comes before any work."""

    code = "account.password_due"


class NotForOneself(NotAllowed):
    """An administrator does this for others, never for himself."""

    code = "account.not_for_oneself"


class NoAccount(NotFound):
    """The person has no account."""

    code = "account.not_found"


class AccountExists(WrongState):
    """The person has an account already, or somebody else has this subject of 统一身份认证."""

    code = "account.exists"


class AccountStands(WrongState):
    """The account is not in the state this takes: closed, or not closed."""

    code = "account.wrong_state"


class SecondFactorStands(WrongState):
    """The second factor is on already, or was not begun."""

    code = "account.second_factor_state"


class SecretUnreadable(Unavailable):
    """The secret of the second factor was sealed with a key the program does not have."""

    code = "account.secret_unreadable"


class KeysUnsound(DefinitionError):
    """The keys for sealing secrets are missing or malformed."""

    code = "account.keys_unsound"
