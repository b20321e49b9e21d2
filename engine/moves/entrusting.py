"""委托代理: who may say who stands in for whom."""

from engine.directory import Actor
from engine.errors import InvalidInput, NotAllowed
from engine.words import Role


class NotYourSubstitution(NotAllowed):
    """Only the absent person or the security admin says who stands in."""

    code = "substitution.not_yours"


class SubstitutionRefused(InvalidInput):
    """The days, the person or the offices of a substitution are not possible."""

    code = "substitution.refused"


def must_be_theirs(by: Actor, absent_id: int) -> None:
    """Refuse whoever is neither the absent person nor the security admin."""
    if not by.is_or_stands_for(absent_id) and Role.SECURITY_ADMIN not in by.roles:
        raise NotYourSubstitution(
            "委托代理只能由本人或安全管理员办理，没有办理。请本人登录办理，或请安全管理员代为设置。", absent=absent_id
        )
