"""Somebody with an account at a keyboard, as the tests of this folder see him."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.accounts import AccessEntry, Account, Keys, NotSignedIn, SignedIn, keys_from, new_key, sign_in
from engine.clock import shanghai
from engine.directory import Actor
from engine.store import Database
from engine.words import Access

NOW = shanghai(2022, 10, 12, 10, 42)
PASSWORD = "石桥马灯秋雨晚风竹林石径"
ANOTHER = "x7#Lm2pQ溪水"
KEYS = keys_from(new_key())


@dataclass(frozen=True)
class Somebody:
    """A person at a keyboard, at a moment and an address of his own."""

    database: Database
    actor: Actor
    login: str
    at: datetime = NOW
    address: str = "10.1.2.3"
    keys: Keys = KEYS

    def later(self, **time: float) -> "Somebody":
        return replace(self, at=self.at + timedelta(**time))

    def elsewhere(self, address: str) -> "Somebody":
        return replace(self, address=address)

    def transaction(self) -> AbstractContextManager[Session]:
        return self.database.transaction("huaxi")

    def tries(self, password: str = PASSWORD, code: str = "", login: str | None = None) -> SignedIn | NotSignedIn:
        with self.transaction() as session:
            return sign_in(
                session, self.login if login is None else login, password, code,
                from_address=self.address, agent="Chromium 109", at=self.at, keys=self.keys,
            )  # fmt: skip

    def is_in(self, password: str = PASSWORD, code: str = "") -> SignedIn:
        came = self.tries(password, code)
        assert isinstance(came, SignedIn), came
        return came

    def refusal(self, password: str = PASSWORD, code: str = "", login: str | None = None) -> tuple[str, str]:
        """Code and sentence of the refusal."""
        came = self.tries(password, code, login)
        assert isinstance(came, NotSignedIn)
        return came.refusal.code, came.refusal.message

    def account(self) -> Account:
        with self.transaction() as session:
            return session.scalars(select(Account).where(Account.person_id == self.actor.person_id)).one()

    def log(self) -> list[Access]:
        """What the access log says of the person, in the order in which it happened."""
        with self.transaction() as session:
            of_the_person = AccessEntry.person_id == self.actor.person_id
            return list(session.scalars(select(AccessEntry.what).where(of_the_person).order_by(AccessEntry.id)))


@dataclass(frozen=True)
class WithTelephone:
    """Somebody whose account has a second factor, with what the telephone knows and the recovery codes."""

    person: Somebody
    secret: str
    recovery_codes: tuple[str, ...]

    def code(self, at: datetime) -> str:
        return pyotp.TOTP(self.secret).at(at)


People = Callable[..., Somebody]
