"""An official form: its schema, its checks, its computed cells, and what the process learns from it."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from marshmallow import Schema

from engine.findings import FormFinding, heaviest_first
from engine.submissions.forms import shape
from engine.submissions.forms.computed import contradicted, fill_in, with_figures, without_figures
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.layout import layout
from engine.submissions.forms.reading import Reading, read, stored
from engine.submissions.forms.shape import MalformedForm
from engine.submissions.forms.texts import copied_texts, fingerprints_of
from engine.words import CaseKind

Data = shape.Data
Rule = Callable[[Data, FormContext], Iterator[FormFinding]]
ALL_KINDS = tuple(CaseKind)
ONE_OBJECT = (CaseKind.PROJECT, CaseKind.POLICY)


def _nothing(data: Data, context: FormContext) -> Mapping[str, Any]:
    return {}


def _empty(context: FormContext) -> Data:
    return {}


@dataclass(frozen=True, slots=True)
class Form:
    """One of F01–F16.

    `figures` gives every computed cell by path (None: has no meaning here); `facts` the routing variables, as text;
    `blank` the form with its template rows; `prefill` what the frozen forms before it already say.
    """

    code: str
    title: str
    object_kinds: tuple[str, ...]
    schema: Schema
    rules: tuple[Rule, ...]
    figures: Callable[[Data, FormContext], Mapping[str, Any]] = _nothing
    facts: Callable[[Data, FormContext], Mapping[str, Any]] = _nothing
    blank: Callable[[FormContext], Data] = _empty
    prefill: Callable[[FormContext], Data] = _empty

    def read(self, content: Any) -> Reading:
        """One walk over the content; MalformedForm or FormTooLarge where it cannot be read as this form."""
        return read(self.schema, content)

    def load(self, content: Any) -> Data:
        """Typed values; refuses what `read` refuses."""
        return self.read(content).data

    def dump(self, data: Data) -> Data:
        """The typed values as plain JSON, as they are stored."""
        return stored(layout(self.schema), data)


def check(form: Form, content: Any, context: FormContext) -> list[FormFinding]:
    """自动审核: everything found, heaviest first; an explanation given for the field is attached.

    Refuses only what cannot be read as this form. `[f for f in check(…) if f.stops]` must be empty to hand it in.
    """
    reading = form.read(content)
    return _found(form, reading, form.figures(reading.data, context), context)


def _found(form: Form, reading: Reading, figures: Mapping[str, Any], context: FormContext) -> list[FormFinding]:
    found = [
        *reading.unfilled,
        *contradicted(reading, figures),
        *(found for rule in form.rules for found in rule(reading.data, context)),
        *copied_texts(reading.own_texts, context),
    ]
    explanations = reading.data.get("explanations", {})
    return heaviest_first(_with_explanation(finding, explanations) for finding in found)


def load(form: Form, content: Any) -> Data:
    """The content as plain JSON, read: trimmed, empty cells dropped, rows numbered, every figure as text."""
    return form.dump(form.load(content))


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A form as it was handed in: what is stored, what was found, and what the process learns from it.

    `prints` are the fingerprints of its long texts by path.
    """

    content: Data
    findings: list[FormFinding]
    facts: dict[str, Any]
    prints: dict[str, str]


def take_in(form: Form, content: Any, context: FormContext) -> TakenIn:
    """`check`, `settle` and `facts` in one reading."""
    reading = form.read(content)
    figures = form.figures(reading.data, context)
    found = _found(form, reading, figures, context)
    fill_in(reading, figures)
    learnt, prints = dict(form.facts(reading.data, context)), fingerprints_of(reading.own_texts, context)
    return TakenIn(form.dump(reading.data), found, learnt, prints)


def settle(form: Form, content: Any, context: FormContext) -> Data:
    """The content as it is stored: read, rows numbered, empty computed cells filled in.

    A computed cell that somebody filled in differently is left alone; `check` then says so.
    """
    reading = form.read(content)
    fill_in(reading, form.figures(reading.data, context))
    return form.dump(reading.data)


def refigured(form: Form, content: Mapping[str, Any], context: FormContext) -> Data:
    """What was typed, with every computed cell as it now comes out; empty ones where the content cannot be read yet."""
    group = layout(form.schema)
    bare = without_figures(group, content)
    try:
        return with_figures(group, bare, settle(form, bare, context))
    except MalformedForm:
        return bare


def facts(form: Form, content: Any, context: FormContext) -> dict[str, Any]:
    """The routing variables the process gets from this form; figures are decimal text, rates are ratios (0–1)."""
    return dict(form.facts(form.load(content), context))


def blank(form: Form, context: FormContext) -> Data:
    """The form as handed out: names, year and template rows, nothing answered."""
    return form.dump(form.load(form.blank(context)))


def prefill(form: Form, context: FormContext) -> Data:
    """The blank form with what the frozen forms before it already say (F06 from F02 and so on)."""
    return form.dump(form.load({**form.blank(context), **form.prefill(context)}))


def fingerprints(form: Form, content: Any, context: FormContext) -> dict[str, str]:
    """Path → fingerprint of every text the filler should have written in their own words."""
    return fingerprints_of(form.read(content).own_texts, context)


def _with_explanation(finding: FormFinding, explanations: Mapping[str, str]) -> FormFinding:
    sentence = explanations.get(finding.field) if finding.severity == "explain" else None
    if not sentence:
        return finding
    return replace(finding, explanation=sentence)
