"""Opinions: what an office said of a version, and whether it went through or back."""

from engine.reviews.model import OwnSubmission, ReasonMissing, Review, must_not_be_own

__all__ = ["OwnSubmission", "ReasonMissing", "Review", "must_not_be_own"]
