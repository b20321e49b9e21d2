"""Nouns of the directory: unit, person, appointment, substitution, and the actor they add up to."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.errors import NotAllowed
from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.store.brought import Brought
from engine.words import Role, UnitKind


class NotYourUnit(NotAllowed):
    """The work belongs to another unit."""

    code = "task.not_yours"


class NotYourOffice(NotAllowed):
    """The work belongs to another office."""

    code = "directory.wrong_office"


class OtherJurisdiction(NotAllowed):
    """The work belongs to another tenant."""

    code = "directory.other_jurisdiction"


class Unit(Row, Base):
    """A 预算单位, 主管部门, 财政部门 or 第三方机构."""

    __tablename__ = "units"
    __table_args__ = (
        *same_tenant(department_id="units"),
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("jurisdiction", "name"),
    )

    name: Mapped[str]
    kind: Mapped[UnitKind]
    department_id: Mapped[int | None]


class Person(Row, Base):
    """Somebody with an account."""

    __tablename__ = "people"
    __table_args__ = (
        UniqueConstraint("id", "jurisdiction"),
        UniqueConstraint("jurisdiction", "login"),
    )

    login: Mapped[str]
    name: Mapped[str]


class Appointment(Row, Base):
    """A person holds an office in a unit."""

    __tablename__ = "appointments"
    __table_args__ = (
        *same_tenant(person_id="people", unit_id="units"),
        UniqueConstraint("person_id", "unit_id", "role"),
        Index("ix_appointments_office", "unit_id", "role"),
    )

    person_id: Mapped[int]
    unit_id: Mapped[int]
    role: Mapped[Role]


class Substitution(Row, Base):
    """委托代理: for some days one person may act for another, in some offices (`roles`).

    Without a list (None) all offices are entrusted but the administrators', which have to be named. `began_at` is when
    both were told that it runs: when it was made, or on its first day.
    """

    __tablename__ = "substitutions"
    __table_args__ = (*same_tenant(absent_id="people", substitute_id="people"),)

    absent_id: Mapped[int] = mapped_column(index=True)
    substitute_id: Mapped[int] = mapped_column(index=True)
    from_on: Mapped[date]
    until_on: Mapped[date]
    revoked: Mapped[bool] = mapped_column(default=False)
    roles: Mapped[list[Any] | None]
    began_at: Mapped[datetime | None]

    @property
    def scope(self) -> frozenset[Role]:
        """The offices entrusted, whether the absent person holds them or not."""
        if self.roles is None:
            return frozenset(role for role in Role if not role.is_administrator)
        return frozenset(map(Role, self.roles))


class DirectoryFile(Brought, Base):
    """A file of units, people and offices; its content is gone once all is settled.

    Written were `units` and `people`; the `offices` it proposes wait until they are settled, `granted` of them.
    """

    __tablename__ = "directory_files"
    __table_args__ = (
        *same_tenant(brought_by="people", settled_by="people"),
        Index("ix_directory_files_brought_by", "brought_by", "id"),
        Index("ix_directory_files_settled_by", "settled_by"),
        Index(
            "ix_directory_files_digest", "jurisdiction", "digest", unique=True,
            postgresql_where=text("written_at IS NOT NULL"),
        ),
    )  # fmt: skip

    units: Mapped[int] = mapped_column(default=0)
    people: Mapped[int] = mapped_column(default=0)
    offices: Mapped[int] = mapped_column(default=0)
    settled_by: Mapped[int | None]
    settled_at: Mapped[datetime | None]
    granted: Mapped[int] = mapped_column(default=0)

    @property
    def waits(self) -> bool:
        """Whether its offices wait for the 安全管理员."""
        return self.written_at is not None and self.offices > 0 and self.settled_at is None


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a person in the offices of one unit, perhaps for somebody else.

    `person_id` is the person at the keyboard; `acting_for` the one whose authority is used, or None.
    """

    person_id: int
    name: str
    jurisdiction: str
    unit_id: int
    roles: frozenset[Role]
    acting_for: int | None = None

    def must_hold(self, *roles: Role) -> None:
        """Refuse an actor who holds none of `roles`."""
        if self.roles.isdisjoint(roles):
            offices = "、".join(role.label for role in roles)
            raise NotYourOffice(
                f"这一步由{offices}办理，您的身份不能办理。请切换身份或转交经办的同事。", roles=list(roles)
            )

    @property
    def persons(self) -> frozenset[int]:
        """Who answers for what this actor does: the one at the keyboard and the one acted for."""
        return frozenset({self.person_id} if self.acting_for is None else {self.person_id, self.acting_for})

    def must_be_of(self, jurisdiction: str) -> None:
        """Refuse an actor of another jurisdiction."""
        if self.jurisdiction != jurisdiction:
            raise OtherJurisdiction(
                "这份案卷属于其他地区，您不能办理。请由该地区的人员办理。", jurisdiction=jurisdiction
            )

    def is_or_stands_for(self, person_id: int | None) -> bool:
        """Whether `person_id` is this actor, or the person acted for."""
        return person_id in self.persons
