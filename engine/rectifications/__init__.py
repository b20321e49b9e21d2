"""What was found wrong, who puts it right by when, and how it was shown: one row a problem, never lost."""

from engine.rectifications.model import Letter, Rectification, RectificationNotOpen, StoppingTooLate

__all__ = ["Letter", "Rectification", "RectificationNotOpen", "StoppingTooLate"]
