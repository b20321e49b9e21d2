"""Digests: what was decided on, in 22 characters an event can carry. Anybody with the row can make them again.

A digest is the first 16 bytes of SHA-256 over canonical JSON (sorted keys, no spaces, UTF-8), as base64url without
padding. Amounts and scores go in as text without the zeros a column puts behind them.
"""

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

BYTES = 16
"""Of 32; enough that nobody finds a second paper with the same digest."""


def digest_of(content: Any) -> str:
    """The digest of JSON values.

    >>> digest_of({"b": 1, "a": "绩效"}) == digest_of({"a": "绩效", "b": 1})
    True
    >>> len(digest_of([]))
    22
    """
    canonical = _canonical(content)
    # half a character passes here and is refused, in words, by the row that would have to keep it
    digest = hashlib.sha256(canonical.encode(errors="surrogatepass")).digest()[:BYTES]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def content_of_paper(paper: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of a version is over: `form`, `item`, `version` and `content`."""
    return {name: paper[name] for name in ("form", "item", "version", "content")}


def content_of_score(score: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of a score is over: `kind`, `total`, `grade`, `method` and `basis`."""
    told = {name: score[name] for name in ("kind", "grade", "method", "basis")}
    return told | {"total": plain(score["total"])}


def content_of_opinion(opinion: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of an opinion is over: `outcome`, `reason`, `remarks`, and the paper it is on, if any."""
    submission: UUID | None = opinion["submission_id"]
    told = {name: opinion[name] for name in ("outcome", "reason", "remarks")}
    return told | {"submission": None if submission is None else submission.hex}


def content_of_figure(figure: Mapping[str, Any]) -> dict[str, Any]:
    """What the digest of an execution figure is over: `version`, `as_of`, the amounts and `source`."""
    planned = figure["planned_wan"]
    told = {name: figure[name] for name in ("version", "lines", "source")}
    return told | {
        "as_of": figure["as_of"].isoformat(),
        "executed_wan": plain(figure["executed_wan"]),
        "planned_wan": None if planned is None else plain(planned),
    }


def content_of_lines(lines: Iterable[tuple[int, str, Decimal]]) -> list[list[Any]]:
    """What the digest of a case's fund lines is over: number, name and amount in 万元 of each, by number."""
    return [[number, name, plain(amount)] for number, name, amount in sorted(lines)]


def plain(value: Decimal) -> str:
    """A number as text, without trailing zeros.

    >>> plain(Decimal("180.500000")), plain(Decimal("1E+2")), plain(Decimal(0))
    ('180.5', '100', '0')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
