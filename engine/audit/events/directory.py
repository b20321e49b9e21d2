"""What happens to authority: somebody stands in for somebody else, for some days, for some of the work."""

from dataclasses import dataclass
from datetime import date
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because


@dataclass(frozen=True, slots=True, kw_only=True)
class Substituted(Event):
    """`substitute` may act for `absent` (persons) on these days, both included; an empty `scope` means everywhere.

    `scope` holds roles, as the directory writes them.
    """

    name = "directory.substituted"
    title = "委托代理"

    absent: int
    substitute: int
    from_on: date
    until_on: date
    scope: tuple[str, ...] = ()

    def sentence(self, words: Words) -> str:
        """Who for whom, when, and for what."""
        scope = f"，限{'、'.join(map(words.office, self.scope))}事项" if self.scope else ""
        days = f"{self.from_on}至{self.until_on}"
        return f"{days}由{words.person(self.substitute)}代理{words.person(self.absent)}{scope}"

    @classmethod
    def sample(cls) -> Self:
        """A week's leave."""
        from_on, until_on = date(2022, 10, 12), date(2022, 10, 19)
        return cls(absent=6, substitute=7, from_on=from_on, until_on=until_on, scope=("performance_office",))


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutionRevoked(Event):
    """A substitution ends before its last day; the days are those it was made for."""

    name = "directory.substitution_revoked"
    title = "撤销代理"

    absent: int
    substitute: int
    from_on: date
    until_on: date
    scope: tuple[str, ...] = ()
    reason: str | None = None

    def sentence(self, words: Words) -> str:
        """Who no longer for whom."""
        return f"撤销{words.person(self.substitute)}对{words.person(self.absent)}的代理{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Back early."""
        return cls(absent=6, substitute=7, from_on=date(2022, 10, 12), until_on=date(2022, 10, 19))
