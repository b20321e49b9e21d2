"""Who works here: kinds of unit, the offices a person can hold, and the lanes of the diagrams."""

from engine.words.worded import Worded


class UnitKind(Worded):
    """What a unit is in budget performance management."""

    UNIT = "unit", "预算单位"
    DEPARTMENT = "department", "主管部门"
    FINANCE = "finance", "财政部门"
    AGENCY = "agency", "第三方机构"


class Role(Worded):
    """The offices a person can hold; the first seven are the lanes of the diagrams."""

    UNIT_CLERK = "unit_clerk", "预算单位经办人"
    UNIT_HEAD = "unit_head", "预算单位负责人"
    DEPARTMENT = "department", "主管部门"
    FINANCE_DIVISION = "finance_division", "财政业务股"
    PERFORMANCE_OFFICE = "performance_office", "财政绩效股"
    AGENCY = "agency", "第三方机构"
    BUREAU_LEADER = "bureau_leader", "局领导"
    OBSERVER = "observer", "人大、审计"
    POLICY_OWNER = "policy_owner", "政策负责人"
    SYSTEM_ADMIN = "system_admin", "系统管理员"
    SECURITY_ADMIN = "security_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"
    OPERATOR = "operator", "运维人员"

    @property
    def is_administrator(self) -> bool:
        """Whether it is one of the three administrators, who are never one person."""
        return self in _ADMINISTRATORS

    @property
    def lane(self) -> str | None:
        """The name of the lane this office works in; None for those that have no step in a diagram."""
        return self.label if self in _IN_DIAGRAMS else None

    @property
    def fills_in_for(self) -> UnitKind | None:
        """The kind of unit whose cells it fills in; None for those that have no step in a diagram."""
        return _IN_DIAGRAMS.get(self)


_IN_DIAGRAMS = {
    Role.UNIT_CLERK: UnitKind.UNIT,
    Role.UNIT_HEAD: UnitKind.UNIT,
    Role.DEPARTMENT: UnitKind.DEPARTMENT,
    Role.FINANCE_DIVISION: UnitKind.FINANCE,
    Role.PERFORMANCE_OFFICE: UnitKind.FINANCE,
    Role.AGENCY: UnitKind.AGENCY,
    Role.BUREAU_LEADER: UnitKind.FINANCE,
}

_ADMINISTRATORS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN})

LANES = {role.lane: role for role in Role if role.lane is not None}
"""Lane name in the diagrams → the office that works in it."""
