"""Nouns of the room: account, its passwords before, recovery codes, sign-in, counted attempts, entry of the access log.

Everything secret is kept so that who reads the table cannot use it: passwords as Argon2id, tokens and recovery codes as
SHA-256 (both are long and random), the secret of the second factor sealed with a key that is not in the database.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.store import Base, Row
from engine.store.base import same_tenant
from engine.words import Access, SignInEnd

IDLE = timedelta(minutes=30)
"""A session nobody uses is over after this time. Source: ASVS 5.0 7.3.1; 等保三级 GB/T 22239-2019 8.1.4.1 b asks for
one and leaves its length open, so half an hour is a default to be confirmed."""

LONGEST = timedelta(hours=10)
"""A session is over after this time however busy it is: a working day. Source: ASVS 5.0 7.3.2, a default likewise."""

LARGE_TYPE = "large_type"
"""The word for 大字 in the data of a session."""

NO_LETTER_KEYS = "no_letter_keys"
"""The word in the data of a session for who switched the keys of one letter, figure or sign off."""

ELSEWHERE = "elsewhere"
"""The word in the data of a session for whom 统一身份认证 vouched."""

PROOF = timedelta(minutes=5)
"""How long a password given again (再次认证) holds."""


class Account(Row, Base):
    """How one person comes in: by `password` (Argon2id, None for none), or as `oidc_subject` of 统一身份认证.

    A second factor is on when `totp_since` says since when; before that its secret only waits to be confirmed.
    `totp_step` is the last 30-second step a code was taken of, so that none is taken twice. `large_type`: 大字;
    `letter_keys`: whether a letter, figure or sign alone is a key (WCAG 2.1.4).
    """

    __tablename__ = "accounts"
    __table_args__ = (
        *same_tenant(person_id="people"),
        UniqueConstraint("person_id"),
        UniqueConstraint("jurisdiction", "oidc_subject"),
    )

    person_id: Mapped[int]
    password: Mapped[str | None]
    password_at: Mapped[datetime | None]
    must_change: Mapped[bool] = mapped_column(default=False)
    closed_at: Mapped[datetime | None]
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_since: Mapped[datetime | None]
    totp_step: Mapped[int | None]
    oidc_subject: Mapped[str | None]
    large_type: Mapped[bool] = mapped_column(default=False)
    letter_keys: Mapped[bool] = mapped_column(default=True)

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for beside the password."""
        return self.totp_since is not None

    @property
    def display(self) -> dict[str, Any]:
        """How its person wants pages to be, as the data of a session tell it."""
        told = {LARGE_TYPE: self.large_type, NO_LETTER_KEYS: not self.letter_keys}
        return {word: True for word, holds in told.items() if holds}


class FormerPassword(Row, Base):
    """A password an account has or had, hashed; the last few may not be taken again."""

    __tablename__ = "password_history"
    __table_args__ = (*same_tenant(person_id="people"), Index("ix_password_history_person_id", "person_id", "set_at"))

    person_id: Mapped[int]
    password: Mapped[str]
    set_at: Mapped[datetime]


class RecoveryCode(Row, Base):
    """恢复码: opens once in place of a code of the second factor; `digest` is its SHA-256."""

    __tablename__ = "recovery_codes"
    __table_args__ = (*same_tenant(person_id="people"), UniqueConstraint("person_id", "digest"))

    person_id: Mapped[int]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    used_at: Mapped[datetime | None]


class SignIn(Row, Base):
    """会话: one person signed in on one machine, from `begun_at` until it is ended, unused too long or too old.

    `digest` is the SHA-256 of the token the browser holds. `unit_id` and `roles` (None: all held there) are the seat
    taken, `acting_for` the person stood in for. `must_change`: nothing else before the password is a new one. `data` is
    the pages' own and small.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        *same_tenant(person_id="people", unit_id="units", acting_for="people"),
        UniqueConstraint("digest"),
        Index("ix_sign_ins_person_id", "person_id", "begun_at"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary)
    person_id: Mapped[int]
    begun_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    from_address: Mapped[str]
    agent: Mapped[str]
    unit_id: Mapped[int | None]
    roles: Mapped[list[Any] | None]
    acting_for: Mapped[int | None]
    proven_at: Mapped[datetime | None]
    second_factor: Mapped[bool]
    must_change: Mapped[bool]
    ended_at: Mapped[datetime | None]
    ended_why: Mapped[SignInEnd | None]
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)

    @property
    def open_until(self) -> datetime:
        """When it is over if nothing more is done in it."""
        return min(self.seen_at + IDLE, self.ends_at)

    @property
    def large_type(self) -> bool:
        """Whether pages are shown in 大字; told by the account as the session begins, so that no page has to ask."""
        return bool(self.data.get(LARGE_TYPE))

    @property
    def letter_keys(self) -> bool:
        """Whether a letter, figure or sign alone is a key on pages; told likewise."""
        return not self.data.get(NO_LETTER_KEYS)

    @property
    def is_elsewhere(self) -> bool:
        """Whether 统一身份认证 vouched for the person instead of a password."""
        return bool(self.data.get(ELSEWHERE))

    def is_proven(self, at: datetime) -> bool:
        """Whether the person has shown the password within the last minutes (3.1: 再次认证)."""
        return self.proven_at is not None and self.proven_at + PROOF > at


class SignInRules(Base):
    """What a jurisdiction asks of those who come in; without a row nothing but the password."""

    __tablename__ = "sign_in_rules"
    __table_args__ = (*same_tenant(set_by="people"),)

    jurisdiction: Mapped[str] = mapped_column(primary_key=True)
    second_factor: Mapped[bool]
    set_by: Mapped[int]
    set_at: Mapped[datetime]


class Attempts(Row, Base):
    """How often something was tried within one window of time; `key` is the SHA-256 of who tried or what was tried."""

    __tablename__ = "attempts"
    __table_args__ = (
        UniqueConstraint("jurisdiction", "kind", "key"),
        Index("ix_attempts_kind_ends_at", "kind", "ends_at"),
    )

    kind: Mapped[str]
    key: Mapped[bytes] = mapped_column(LargeBinary)
    begun_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    count: Mapped[int]


class AccessEntry(Row, Base):
    """One line of the access log, which only grows; `person_id` is None where no account was meant or known."""

    __tablename__ = "access_log"
    __table_args__ = (*same_tenant(person_id="people"), Index("ix_access_log_at", "jurisdiction", "at"))

    at: Mapped[datetime]
    person_id: Mapped[int | None] = mapped_column(index=True)
    login: Mapped[str]
    what: Mapped[Access]
    from_address: Mapped[str]
    facts: Mapped[dict[str, Any]]
