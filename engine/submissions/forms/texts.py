"""Texts that were copied: from one cell into the next, or from another unit (CH-26; agencies' standard G7).

Compared are the words alone: digits, punctuation, spaces and the names of unit and project are left out, so that a
text copied with the name changed is still found. Short texts are left alone, they are often alike for good reason.
Who fills in is told of the first kind; of the second only who judges, by the fingerprints kept with the paper.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence

from engine.findings import FormFinding
from engine.submissions.forms.context import FormContext
from engine.submissions.forms.findings import advised
from engine.submissions.forms.reading import OwnText

SHORTEST_COMPARED = 30
_NOT_WORDS = re.compile(r"[\W\d_]+")
_SOURCE = "CH-26；一般知识"


def fingerprints_of(texts: Sequence[OwnText], context: FormContext) -> dict[str, str]:
    """Path → fingerprint of every text of at least 30 words that should be the filler's own."""
    names = tuple(name for name in (context.object_name, context.unit_name, context.department_name) if name)
    bare = ((path, _words(text, names)) for path, _, text in texts)
    return {path: _fingerprint(words) for path, words in bare if len(words) >= SHORTEST_COMPARED}


def copied_texts(texts: Sequence[OwnText], context: FormContext) -> Iterator[FormFinding]:
    """Texts that stand word for word twice in one form."""
    labels = {path: label for path, label, _ in texts}
    first_seen: dict[str, str] = {}
    for path, mark in fingerprints_of(texts, context).items():
        twin = first_seen.setdefault(mark, path)
        if twin != path:
            message = f"{labels[path]}与{labels[twin]}的文字相同。请分别填写；确属相同，请写说明。"
            yield advised(path, message, _SOURCE)


def _words(text: str, names: tuple[str, ...]) -> str:
    plain = unicodedata.normalize("NFKC", text)
    for name in names:
        plain = plain.replace(name, "")
    return _NOT_WORDS.sub("", plain).lower()


def _fingerprint(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:32]
