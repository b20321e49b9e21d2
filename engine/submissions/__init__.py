"""What a unit hands in: versions, attachments, form schemas. A version is never overwritten, only followed."""

from engine.submissions.model import Attachment, PaperText, Submission

__all__ = ["Attachment", "PaperText", "Submission"]
