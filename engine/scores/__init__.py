"""The scores of a case: who gave them, which one counts, and why each is what it is.

The arithmetic is in `engine.scoring`; here a total is a row (`Score`), of several scores the weightiest counts
(`final_score`), and what is kept beside a total (`basis`) is told together with its paper as a tree (`explain`).
"""

from engine.scores.basis import basis, explain
from engine.scores.final import final_score, final_scores
from engine.scores.model import KIND_OF_FORM, Score

__all__ = [
    "KIND_OF_FORM",
    "Score",
    "basis",
    "explain",
    "final_score",
    "final_scores",
]
