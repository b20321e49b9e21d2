"""大字: how one person wants the pages shown, kept with the account."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from engine.accounts.model import LARGE_TYPE, Account, SignIn


def show_large_type(session: Session, sign_in: SignIn, large: bool) -> None:
    """Show this person's pages in 大字, or no longer: in this session at once, in others from their next sign-in."""
    session.execute(
        update(Account).where(Account.person_id == sign_in.person_id).values(large_type=large),
        execution_options={"synchronize_session": False},
    )
    sign_in.data = {**sign_in.data, LARGE_TYPE: large}
    session.flush()
