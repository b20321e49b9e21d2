"""What a jurisdiction asks of those who come in: whether administrators and those who sign must have a second factor.

Whoever comes by 统一身份认证 is exempt: how they show who they are is that system's affair.
"""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts.limits import one_at_a_time
from engine.accounts.model import SignIn, SignInRules
from engine.words import Role

MUST_HAVE_ONE = frozenset({Role.BUREAU_LEADER, *(role for role in Role if role.is_administrator)})
"""The three administrators, and those who sign."""


def second_factor_required(session: Session, jurisdiction: str) -> bool:
    """Whether this jurisdiction asks administrators and those who sign for a second factor."""
    asked = select(SignInRules.second_factor).where(SignInRules.jurisdiction == jurisdiction)
    return bool(session.scalar(asked))


def second_factor_due(session: Session, sign_in: SignIn, roles: Iterable[Role]) -> bool:
    """Whether somebody of these offices has to set up a second factor before anything else in this session."""
    if sign_in.second_factor or sign_in.is_elsewhere or MUST_HAVE_ONE.isdisjoint(roles):
        return False
    return second_factor_required(session, sign_in.jurisdiction)


def require_second_factor(session: Session, jurisdiction: str, *, wanted: bool, by: int, at: datetime) -> bool:
    """Keep what is asked from now on; False when it was so already."""
    one_at_a_time(session, "sign_in_rules", jurisdiction)
    if second_factor_required(session, jurisdiction) == wanted:
        return False
    session.merge(SignInRules(jurisdiction=jurisdiction, second_factor=wanted, set_by=by, set_at=at))
    session.flush()
    return True
