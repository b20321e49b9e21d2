"""Texts that were copied: from another unit's form, or from one cell into the next (CH-26; agencies' standard G7).

Compared are the words alone: digits, punctuation, spaces and the names of unit and project are left out, so that a
text copied with the name changed is still found. Short texts are left alone, they are often alike for good reason.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator

from marshmallow import Schema, fields

from engine.findings import FormFinding
from engine.submissions.forms.cells import Rows
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised
from engine.submissions.forms.shape import Data

SHORTEST_COMPARED = 30
_NOT_WORDS = re.compile(r"[\W\d_]+")
_SOURCE = "G7；CH-26"


def fingerprints_of(schema: Schema, data: Data, context: FormContext) -> dict[str, str]:
    """Path → fingerprint of every text of at least 30 words that should be the filler's own."""
    names = tuple(name for name in (context.object_name, context.unit_name, context.department_name) if name)
    texts = ((path, _words(text, names)) for path, _, text in own_texts(schema, data))
    return {path: _fingerprint(words) for path, words in texts if len(words) >= SHORTEST_COMPARED}


def copied_texts(schema: Schema, data: Data, context: FormContext) -> Iterator[FormFinding]:
    """Texts that stand word for word in another form, or twice in this one."""
    labels = {path: label for path, label, _ in own_texts(schema, data)}
    first_seen: dict[str, str] = {}
    for path, mark in fingerprints_of(schema, data, context).items():
        label, elsewhere = labels[path], context.seen_texts.get(mark)
        if elsewhere:
            yield advised(path, f"{label}与{elsewhere}的文字相同。请写本单位的实际情况；确属相同，请写说明。", _SOURCE)
        twin = first_seen.setdefault(mark, path)
        if twin != path:
            yield advised(path, f"{label}与{labels[twin]}的文字相同。请分别填写；确属相同，请写说明。", _SOURCE)


def own_texts(schema: Schema, data: Data, path: str = "", where: str = "") -> Iterator[tuple[str, str, str]]:
    """Every filled text marked `own_words`, with its path and its label."""
    for name, field in schema.fields.items():
        value, place = data.get(name), f"{path}{name}"
        label = f"{where}“{field.metadata['label']}”"
        if value is None:
            continue
        if isinstance(field, fields.Nested):
            yield from own_texts(field.schema, value, f"{place}.", label)
        elif isinstance(field, Rows):
            for number, row in enumerate(value, start=1):
                yield from own_texts(field.row_schema, row, f"{place}[{row['id']}].", f"{label}第 {number} 行")
        elif field.metadata["own_words"]:
            yield place, label, value


def _words(text: str, names: tuple[str, ...]) -> str:
    plain = unicodedata.normalize("NFKC", text)
    for name in names:
        plain = plain.replace(name, "")
    return _NOT_WORDS.sub("", plain).lower()


def _fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
