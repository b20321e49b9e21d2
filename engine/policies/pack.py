"""A jurisdiction's pack.toml: who it is, what its tables rest on, and for which years that speaks."""

import tomllib
from dataclasses import dataclass
from datetime import date
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from engine.findings import Finding, place_in_toml
from engine.policies.ex_ante_dimensions import DimensionSet, DimensionSetSchema, Suggestion, SuggestionSchema
from engine.policies.form_figures import FormFigures, FormFiguresSchema
from engine.policies.form_templates import FILLED, MESSAGES, MethodChoice, MethodChoiceSchema, Tree, TreeSchema


@dataclass(frozen=True, slots=True)
class Source:
    """A document a pack rests on: rule prefix (HX), title, 文号 if it has one, the file we hold, the last check."""

    id: str
    title: str
    number: str | None
    file: str | None
    checked_on: date


@dataclass(frozen=True, slots=True)
class Pack:
    """What a pack says of itself; `fiscal_years` are the years of money its sources speak of, not a limit.

    `form_templates` and `scoring` are how its targets look and are scored, `ex_ante_dimensions` what its assessments
    score, `ex_ante_suggestion` what the points suggest, `figures` what other forms are held against; empty: as
    everywhere.
    """

    name: str
    title: str
    parent: str | None
    parent_title: str | None
    fiscal_years: tuple[int, ...]
    calendar: str
    revised_on: date
    sources: tuple[Source, ...]
    form_templates: tuple[Tree, ...] = ()
    scoring: tuple[MethodChoice, ...] = ()
    ex_ante_dimensions: tuple[DimensionSet, ...] = ()
    ex_ante_suggestion: Suggestion | None = None
    figures: FormFigures = FormFigures()


class TomlDate(fields.Field[date]):
    """A date as TOML writes it, without quotes and without a time."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **_: Any) -> date:
        if type(value) is not date:
            raise ValidationError("应为不带引号的日期，如2022-01-01")
        return value


class SourceSchema(Schema):
    """One [[sources]] entry."""

    error_messages = {"unknown": "不认识的项目", "type": "应为一组“名称 = 值”"}

    id = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    title = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    number = fields.String(load_default=None, error_messages=MESSAGES)
    file = fields.String(load_default=None, error_messages=MESSAGES)
    checked_on = TomlDate(required=True, error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Source:
        return Source(**values)


class PackSchema(Schema):
    """The whole pack.toml."""

    error_messages = {"unknown": "不认识的项目", "type": "应为一组“名称 = 值”"}

    name = fields.String(
        required=True,
        validate=validate.Regexp(r"[a-z][a-z0-9_]{1,40}\Z", error="只能用小写字母、数字和下划线"),
        error_messages=MESSAGES,
    )
    title = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    parent = fields.String(load_default=None, error_messages=MESSAGES)
    parent_title = fields.String(load_default=None, error_messages=MESSAGES)
    fiscal_years = fields.List(
        fields.Integer(
            strict=True, validate=validate.Range(2015, 2100, error="应在2015到2100之间"), error_messages=MESSAGES
        ),
        required=True,
        validate=FILLED,
        error_messages=MESSAGES,
    )
    calendar = fields.String(required=True, validate=FILLED, error_messages=MESSAGES)
    revised_on = TomlDate(required=True, error_messages=MESSAGES)
    sources = fields.List(fields.Nested(SourceSchema), required=True, validate=FILLED, error_messages=MESSAGES)
    form_templates = fields.List(fields.Nested(TreeSchema), load_default=list, error_messages=MESSAGES)
    scoring = fields.List(fields.Nested(MethodChoiceSchema), load_default=list, error_messages=MESSAGES)
    ex_ante_dimensions = fields.List(fields.Nested(DimensionSetSchema), load_default=list, error_messages=MESSAGES)
    ex_ante_suggestion = fields.Nested(SuggestionSchema, load_default=None, error_messages=MESSAGES)
    figures = fields.Nested(FormFiguresSchema, load_default=FormFigures(), error_messages=MESSAGES)

    @post_load
    def build(self, values: dict[str, Any], **_: Any) -> Pack:
        several = ("fiscal_years", "sources", "form_templates", "scoring", "ex_ante_dimensions")
        return Pack(**values | {name: tuple(values[name]) for name in several})


def read_pack(file: str, content: bytes, findings: list[Finding]) -> Pack | None:
    """The pack in a pack.toml; faults go to `findings`, and then the answer is None."""
    try:
        written = tomllib.loads(content.decode())
    except UnicodeDecodeError:
        findings.append(Finding("error", file, 1, None, "文件不是UTF-8编码", "请另存为UTF-8"))
        return None
    except tomllib.TOMLDecodeError as error:
        findings.append(
            Finding("error", file, None, None, f"不是规范的TOML：{place_in_toml(error)}", "请按已有的pack.toml改写")
        )
        return None
    schema = PackSchema()
    problems = schema.validate(written)
    for name, problem in problems.items():
        findings.append(Finding("error", file, None, str(name), f"“{name}”：{_sentence(problem)}", "改正这一项"))
    if problems:
        return None
    loaded = schema.load(written)
    assert isinstance(loaded, Pack)
    return loaded


def _sentence(problem: Any) -> str:
    """marshmallow's nested messages in one line."""
    if isinstance(problem, dict):
        return "；".join(f"{name}：{_sentence(part)}" for name, part in problem.items())
    return "，".join(str(part) for part in problem)
