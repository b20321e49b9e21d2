"""What an ex-ante assessment of a jurisdiction scores, and from which points on what is suggested. Part of pack.toml.

Like the form templates, a set of the pack comes before the national one for the objects it names, and is pinned with
the case.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from engine.policies.form_templates import FILLED, MESSAGES, Part, Points
from engine.words import CaseKind

ASSESSED = (CaseKind.PROJECT, CaseKind.POLICY)


@dataclass(frozen=True, slots=True)
class Dimension:
    """One thing that is scored; `weight` is None where the source gives no full marks: the assessor sets them."""

    id: str
    name: str
    weight: Decimal | None = None
    points: str = ""


@dataclass(frozen=True, slots=True)
class DimensionSet:
    """What is scored of these kinds of objects."""

    object_kinds: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """From how many points of 100 on which conclusion is suggested; a person always decides.

    Below `necessity_percent_at_least` per cent of the points for necessity it is 不予支持 whatever the total.
    """

    support_from: Decimal
    conditional_from: Decimal
    necessity_percent_at_least: Decimal
    source: str
    status: str


class DimensionSchema(Schema):
    """One dimension of a set."""

    error_messages = Part.error_messages

    id = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z_]{1,40}\Z", error="只能用小写字母和下划线"),
        error_messages=MESSAGES,
    )
    name = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    weight = Points(load_default=None, error_messages=MESSAGES)
    points = fields.String(load_default="", error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Dimension:
        return Dimension(**values)


class DimensionSetSchema(Part):
    """One [[ex_ante_dimensions]]."""

    object_kinds = fields.List(
        fields.String(validate=validate.OneOf(ASSESSED, error="应为 project 或 policy")),
        required=True,
        validate=FILLED,
        error_messages=MESSAGES,
    )
    dimensions = fields.List(fields.Nested(DimensionSchema), required=True, validate=FILLED, error_messages=MESSAGES)

    @validates_schema
    def add_up(self, values: dict[str, Any], **_: Any) -> None:
        """No dimension twice; where the source gives full marks of all, they are a hundred."""
        given = values.get("dimensions", [])
        if len({each.id for each in given}) < len(given) or len({each.name for each in given}) < len(given):
            raise ValidationError("同一维度写了两次", "dimensions")
        weights = [each.weight for each in given]
        if None not in weights and sum(weights) != 100:
            raise ValidationError("各维度的分值合计应为100", "dimensions")

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> DimensionSet:
        return DimensionSet(**values | {name: tuple(values[name]) for name in ("object_kinds", "dimensions")})


class SuggestionSchema(Part):
    """The [ex_ante_suggestion]."""

    support_from = Points(required=True, error_messages=MESSAGES)
    conditional_from = Points(required=True, error_messages=MESSAGES)
    necessity_percent_at_least = Points(required=True, error_messages=MESSAGES)

    @validates_schema
    def in_order(self, values: dict[str, Any], **_: Any) -> None:
        """What is supported scores at least what is supported after changes."""
        if values["conditional_from"] > values["support_from"]:
            raise ValidationError("不应高于 support_from", "conditional_from")

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Suggestion:
        return Suggestion(**values)


def read_dimension_set(entry: Mapping[str, Any]) -> DimensionSet:
    """The set in one entry of the national file."""
    found: DimensionSet = DimensionSetSchema().load(entry)
    return found


def read_suggestion(entry: Mapping[str, Any]) -> Suggestion:
    """The suggestion in the national file."""
    found: Suggestion = SuggestionSchema().load(entry)
    return found
