"""The scores of a case: who gave them, and which one counts. The arithmetic is in `engine.scoring`."""

from engine.scores.final import final_score, final_scores
from engine.scores.model import EVALUATION_KINDS, KIND_OF_FORM, WEIGHTIEST_FIRST, Score

__all__ = [
    "EVALUATION_KINDS",
    "KIND_OF_FORM",
    "WEIGHTIEST_FIRST",
    "Score",
    "final_score",
    "final_scores",
]
