"""What a probe of `jixiao doctor` says: a verdict, the finding in words, and what to do about it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["fine", "warning", "fault"]
MARKS: dict[Verdict, str] = {"fine": "✓", "warning": "!", "fault": "✕"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding; `remedy` is a sentence, empty when all is well."""

    words: str
    verdict: Verdict = "fine"
    remedy: str = ""


def fine(words: str) -> Finding:
    """Nothing to do."""
    return Finding(words)


def warning(words: str, remedy: str) -> Finding:
    """It works, but not for long, or not as well as it could."""
    return Finding(words, "warning", remedy)


def fault(words: str, remedy: str) -> Finding:
    """It does not work."""
    return Finding(words, "fault", remedy)


def worst(findings: Iterable[Finding]) -> Finding:
    """Several findings as one, as bad as the worst of them."""
    found = list(findings)
    verdicts: tuple[Verdict, ...] = ("fault", "warning")
    verdict = next((each for each in verdicts if any(one.verdict == each for one in found)), "fine")
    return Finding("；".join(one.words for one in found), verdict, "".join(one.remedy for one in found))
