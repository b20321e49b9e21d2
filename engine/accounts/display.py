"""How one person wants the pages to be, kept with the account: 大字, and keys of one letter."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.accounts.model import LARGE_TYPE, NO_LETTER_KEYS, Account, SignIn


def show_large_type(session: Session, sign_in: SignIn, large: bool) -> None:
    """Show this person's pages in 大字, or no longer: in this session at once, in others from their next sign-in."""
    _keep(session, sign_in, "large_type", large)
    _tell(session, sign_in, LARGE_TYPE, large)


def use_letter_keys(session: Session, sign_in: SignIn, use: bool) -> None:
    """Let a letter, figure or sign alone be a key on this person's pages, or no longer; when, as with 大字."""
    _keep(session, sign_in, "letter_keys", use)
    _tell(session, sign_in, NO_LETTER_KEYS, not use)


def _keep(session: Session, sign_in: SignIn, column: str, value: bool) -> None:
    session.execute(
        update(Account).where(Account.person_id == sign_in.person_id).values({column: value}),
        execution_options={"synchronize_session": False},
    )


def _tell(session: Session, sign_in: SignIn, word: str, value: bool) -> None:
    sign_in.data = {**sign_in.data, word: value}
    session.flush()
