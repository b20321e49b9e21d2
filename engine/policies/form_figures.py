"""Figures forms are held against: bands of points, and a rate that is low. Part of pack.toml, pinned with the case.

A figure of the pack takes the place of the national one of that name, which the templates of the forms hold.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates

from engine.policies.form_templates import FILLED, MESSAGES, Part, Points
from engine.words import Organizer

GRADES = ("优", "良", "中", "差")


@dataclass(frozen=True, slots=True)
class Band:
    """From so many points on this grade; of an agency also so many per cent of its pay, or the last part withheld."""

    grade: str
    at_least: Decimal
    percent: Decimal | None = None
    withhold: bool = False


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands of points of 100, the highest first, the last from 0."""

    bands: tuple[Band, ...]
    source: str
    status: str

    def of(self, score: Decimal) -> Band:
        """The band a score is in; a floor belongs to its band."""
        return next(band for band in self.bands if score >= band.at_least)


@dataclass(frozen=True, slots=True)
class LowRate:
    """A rate below so many per cent is low."""

    below: Decimal
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Participants:
    """Who takes part in evaluations led by `organizer`, and is named in their reports (HC-16)."""

    organizer: str
    who: str
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class FormFigures:
    """What a jurisdiction has laid down of its own; None: as everywhere.

    `target_review` are the grades of F03, `agency_payment` those of F13 with the pay, `low_execution` is the 预算完成率
    that has to be explained beside a good grade, `participants` who is named as having taken part (both F09).
    """

    target_review: Bands | None = None
    agency_payment: Bands | None = None
    low_execution: LowRate | None = None
    participants: Participants | None = None


class _BandSchema(Schema):
    error_messages = Part.error_messages

    grade = fields.String(
        required=True, validate=validate.OneOf(GRADES, error="应为优、良、中或差"), error_messages=MESSAGES
    )
    at_least = Points(required=True, data_key="from", error_messages=MESSAGES)
    percent = Points(load_default=None, error_messages=MESSAGES)
    withhold = fields.Boolean(load_default=False, truthy={True}, falsy={False}, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Band:
        return Band(**values)


class _BandsSchema(Part):
    bands = fields.List(fields.Nested(_BandSchema), required=True, validate=FILLED, error_messages=MESSAGES)

    @validates("bands")
    def go_down_to_zero(self, bands: list[Band], **_: Any) -> None:
        """Every score is in one band."""
        floors = [band.at_least for band in bands if isinstance(band, Band)]
        if len(floors) < len(bands):  # what is wrong with one of them is said already
            return
        if floors != sorted(set(floors), reverse=True) or floors[-1] != 0:
            raise ValidationError("各档应从高到低，最后一档从0起")

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Bands:
        return Bands(**values | {"bands": tuple(values["bands"])})


class _LowRateSchema(Part):
    below = Points(required=True, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> LowRate:
        return LowRate(**values)


class _ParticipantsSchema(Part):
    organizer = fields.String(
        required=True,
        validate=validate.OneOf(tuple(Organizer), error="应为 finance 或 department"),
        error_messages=MESSAGES,
    )
    who = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Participants:
        return Participants(**values)


class FormFiguresSchema(Schema):
    """The [figures] of a pack."""

    error_messages = Part.error_messages

    target_review = fields.Nested(_BandsSchema, load_default=None, error_messages=MESSAGES)
    agency_payment = fields.Nested(_BandsSchema, load_default=None, error_messages=MESSAGES)
    low_execution = fields.Nested(_LowRateSchema, load_default=None, error_messages=MESSAGES)
    participants = fields.Nested(_ParticipantsSchema, load_default=None, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> FormFigures:
        return FormFigures(**values)


def read_bands(entry: Mapping[str, Any]) -> Bands:
    """The bands of a national template."""
    found: Bands = _BandsSchema().load(entry)
    return found


def read_low_rate(entry: Mapping[str, Any]) -> LowRate:
    """The low rate of a national template."""
    found: LowRate = _LowRateSchema().load(entry)
    return found
