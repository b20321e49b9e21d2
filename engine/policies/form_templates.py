"""What the target form of a jurisdiction looks like: its levels, its points, how it is scored. Part of pack.toml.

A template of the pack comes before the national ones for the objects and years it names. It is pinned with the case as
the tables are, because pack.toml belongs to the policy.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate, validates_schema

from engine.words import ROW_STATUSES, CaseKind

LAST_YEAR = 9999
MESSAGES: dict[str, Any] = {"required": "必须填写", "null": "不能为空", "invalid": "类型不对"}
FILLED = validate.Length(min=1, error="不能为空")
_YEAR = validate.Range(2015, 2100, error="应在2015到2100之间")


@dataclass(frozen=True, slots=True)
class Weighting:
    """One official way to spread the points over the first levels."""

    weights: Mapping[str, Decimal]
    source: str
    status: str


@dataclass(frozen=True, slots=True)
class Tree:
    """One template: first level → second level → the kind it covers, with the fiscal years it is for.

    Without levels it is a list; where it is not `weighed` it has no points before the self-evaluation.
    """

    id: str
    title: str
    object_kinds: tuple[str, ...]
    from_year: int
    until_year: int
    indicator_total: Decimal
    execution_weight: Decimal
    levels: Mapping[str, Mapping[str, str]]
    weightings: tuple[Weighting, ...]
    source: str
    status: str
    weighed: bool = True

    def is_for(self, object_kind: str, fiscal_year: int) -> bool:
        """Whether the template may be used for this object and year of the money."""
        return object_kind in self.object_kinds and self.from_year <= fiscal_year <= self.until_year

    def covered(self, rows: Iterable[Mapping[str, Any]]) -> list[str]:
        """The kinds of indicators that occur, in the order of the tree."""
        present = {self.levels.get(row.get("level1", ""), {}).get(row.get("level2", "")) for row in rows}
        ordered = (kind for level2 in self.levels.values() for kind in level2.values())
        return [kind for kind in dict.fromkeys(ordered) if kind in present]


@dataclass(frozen=True, slots=True)
class MethodChoice:
    """From this fiscal year on this method set."""

    method_set: str
    from_fiscal_year: int
    source: str
    status: str


class Part(Schema):
    """Anything with a source and a status."""

    error_messages = {"unknown": "不认识的项目", "type": "应为一组“名称 = 值”"}

    source = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    status = fields.String(
        required=True,
        validate=validate.OneOf(tuple(ROW_STATUSES), error="应为 stated、inferred 或 default"),
        error_messages=MESSAGES,
    )


class Points(fields.Field[Decimal]):
    """Points as text, so that none of them is a float."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> Decimal:
        if not isinstance(value, str) or not value.replace(".", "", 1).isdecimal():
            raise ValidationError('应为带引号的数字，如"90"')
        points = Decimal(value)
        if points > 100:
            raise ValidationError("不能超过100")
        return points


class WeightingSchema(Part):
    """One [[form_templates.weighting]]."""

    weights = fields.Dict(
        keys=fields.String(), values=Points(), required=True, validate=FILLED, error_messages=MESSAGES
    )

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Weighting:
        return Weighting(**values)


class _SecondLevel(Schema):
    error_messages = Part.error_messages

    name = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    covers = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)


class _FirstLevel(Schema):
    error_messages = Part.error_messages

    name = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    level2 = fields.List(fields.Nested(_SecondLevel), required=True, validate=FILLED, error_messages=MESSAGES)


class TreeSchema(Part):
    """One [[form_templates]], and one [[tree]] of the national file."""

    id = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    title = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    object_kinds = fields.List(
        fields.String(validate=validate.OneOf(tuple(CaseKind), error="应为 project、whole_department 或 policy")),
        required=True,
        validate=FILLED,
        error_messages=MESSAGES,
    )
    from_year = fields.Integer(required=True, strict=True, validate=_YEAR, error_messages=MESSAGES)
    until_year = fields.Integer(load_default=LAST_YEAR, strict=True, validate=_YEAR, error_messages=MESSAGES)
    indicator_total = Points(required=True, error_messages=MESSAGES)
    execution_weight = Points(required=True, error_messages=MESSAGES)
    weighed = fields.Boolean(load_default=True, error_messages=MESSAGES)
    level1 = fields.List(fields.Nested(_FirstLevel), load_default=list, error_messages=MESSAGES)
    weighting = fields.List(fields.Nested(WeightingSchema), load_default=list, error_messages=MESSAGES)

    @validates_schema
    def add_up(self, values: dict[str, Any], **_: Any) -> None:
        """All points are a hundred, and every way to spread them names levels there are."""
        indicators = values["indicator_total"]
        if indicators + values["execution_weight"] != 100:
            raise ValidationError("指标与执行率的分值合计应为100", "indicator_total")
        names = {level["name"] for level in values["level1"]}
        for way in values["weighting"]:
            if sum(way.weights.values()) != indicators or not names >= way.weights.keys():
                raise ValidationError("各一级指标的分值合计应等于 indicator_total，名称应在 level1 中", "weighting")

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Tree:
        levels = {top["name"]: {low["name"]: low["covers"] for low in top["level2"]} for top in values.pop("level1")}
        kinds, weightings = tuple(values.pop("object_kinds")), tuple(values.pop("weighting"))
        return Tree(**values, levels=levels, object_kinds=kinds, weightings=weightings)


class MethodChoiceSchema(Part):
    """One [[scoring]]."""

    method_set = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    from_fiscal_year = fields.Integer(required=True, strict=True, validate=_YEAR, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> MethodChoice:
        return MethodChoice(**values)


def read_tree(entry: Mapping[str, Any]) -> Tree:
    """The template in one entry of the national file."""
    tree: Tree = TreeSchema().load(entry)
    return tree
