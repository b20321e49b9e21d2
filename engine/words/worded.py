"""A word and its Chinese label, written once; and the labels of several words as the rooms above want them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Self


class Worded(StrEnum):
    """The base of every vocabulary: `SUBMITTED = "submitted", "报送"` is a word and its label.

    The word is what is stored and sent, and equals its text; the label is what people read. Behind it may stand other
    spellings, of older papers and of official forms: they are read as the word and never written.
    """

    label: str
    spellings: tuple[str, ...]

    def __new__(cls, word: str, label: str = "", *spellings: str) -> Self:
        if not label:
            raise TypeError(f"the word {word} has no label")
        member = str.__new__(cls, word)
        member._value_ = word
        member.label = label
        member.spellings = spellings
        return member

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        return next((word for word in cls if value in word.spellings), None)

    @classmethod
    def labels(cls) -> dict[str, str]:
        """Word → label, in their order."""
        return labels_of(cls)

    @classmethod
    def said(cls, word: object) -> str:
        """The label of a word; what the vocabulary does not know is said as it was written."""
        text = str(word)
        return _labels_by_spelling(cls).get(text, text)


@cache
def _labels_by_spelling(vocabulary: type[Worded]) -> Mapping[str, str]:
    spelled = {spelling: word.label for word in vocabulary for spelling in word.spellings}
    return spelled | vocabulary.labels()


def labels_of(words: Iterable[Worded]) -> dict[str, str]:
    """Word → label of some words, in their order."""
    return {word.value: word.label for word in words}


def options_of(words: Iterable[Worded]) -> tuple[tuple[str, str], ...]:
    """The words as pairs of word and label, for a field in which one of them is chosen."""
    return tuple(labels_of(words).items())


def spellings_of(words: Iterable[Worded]) -> dict[str, str]:
    """Every other spelling of some words → the word it is read as."""
    return {spelling: word.value for word in words for spelling in word.spellings}
