"""What every event has: its name on the wire, its version, its title, and the way into a JSON payload and back."""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Annotated, Any, ClassVar, NamedTuple, Self, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from engine.audit.digests import plain
from engine.audit.events.words import Words

Wan = Annotated[Decimal, "万元"]
"""An amount in 万元; written without the zeros a column puts behind it."""

Digest = Annotated[str, "digest"]
"""A digest of something kept in a table, see `engine.audit.digests`: 22 characters of base64url."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened. A kind of event is a subclass; its fields are the facts, typed.

    `name` and the fields with their types are a contract with those who read the journal: fields may be added with a
    default, nothing is changed or removed. A fact that has its default is not written, so payloads stay small. A field
    is written under its own name, or under the `key` of its metadata.
    """

    name: ClassVar[str]
    version: ClassVar[int] = 1
    title: ClassVar[str]

    def payload(self) -> dict[str, Any]:
        """The facts as JSON values: amounts, scores, dates and instants as text, ids of rows as 32 hex digits."""
        found = {}
        for part in parts_of(type(self)):
            value = getattr(self, part.name)
            if part.required or value != part.default:
                found[part.key] = part.write(value)
        return found

    @classmethod
    def read(cls, payload: Mapping[str, Any], version: int) -> Self:
        """The event out of its payload, of this version or an earlier one; keys no field has are passed over."""
        given = {part.name: part.read(payload[part.key]) for part in parts_of(cls) if payload.get(part.key) is not None}
        return cls(**given)

    def sentence(self, words: Words) -> str:
        """What happened, in Chinese, without who and when."""
        raise NotImplementedError

    @classmethod
    def sample(cls) -> Self:
        """A realistic one, for the contract, the documentation and those who try a webhook."""
        raise NotImplementedError


class Part(NamedTuple):
    """One field as the codec knows it: its kind in the contract, and how its value is written and read."""

    name: str
    key: str
    kind: str
    required: bool
    default: Any
    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


_PARTS: dict[type[Event], tuple[Part, ...]] = {}


def parts_of(kind: type[Event]) -> tuple[Part, ...]:
    """The fields of a kind of event in their order."""
    if kind not in _PARTS:
        hints = get_type_hints(kind, include_extras=True)
        _PARTS[kind] = tuple(_part(field, hints[field.name]) for field in fields(kind))
    return _PARTS[kind]


def _part(field: Field[Any], hint: Any) -> Part:
    required = field.default is MISSING and field.default_factory is MISSING
    default = field.default_factory() if field.default_factory is not MISSING else field.default
    plain = _without_none(hint)
    for known, kind, write, read in _KINDS:
        if plain == known:
            return Part(field.name, field.metadata.get("key", field.name), kind, required, default, write, read)
    raise TypeError(f"an event cannot carry {hint} ({field.name})")


def _without_none(hint: Any) -> Any:
    if get_origin(hint) not in (Union, UnionType):
        return hint
    (rest,) = [part for part in get_args(hint) if part is not NoneType]
    return rest


def _same(value: Any) -> Any:
    return value


_KINDS: tuple[tuple[Any, str, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    (str, "text", _same, str),
    (int, "number", _same, int),
    (bool, "yes or no", _same, bool),
    (Wan, "万元", plain, Decimal),
    (Decimal, "decimal", lambda value: format(value, "f"), Decimal),
    (Digest, "digest", _same, str),
    (date, "date", date.isoformat, date.fromisoformat),
    (datetime, "instant", datetime.isoformat, datetime.fromisoformat),
    (UUID, "id", lambda value: value.hex, UUID),
    (tuple[str, ...], "texts", list, tuple),
    (tuple[int, ...], "numbers", list, tuple),
    (Mapping[str, Any], "mapping", dict, dict),
)
"""Type of a field → its kind in the contract, how it is written, how it is read."""
