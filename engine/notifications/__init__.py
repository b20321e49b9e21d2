"""Who is told what, in which words.

A move that brings about something people have to hear of leaves a job behind, in its own transaction
(`to_be_told`); whoever carries jobs has `tell` read those entries of the journal and write a notice for everybody it
concerns, each once. `messages` says of every such event whom it concerns and how it reads, `receivers` who that is.

A notice names the object, the step and the day, never a score, an amount or an opinion: what it is about stands on the
page it leads to, for those who may see it.
"""

from engine.notifications.leaving import TELL, to_be_told
from engine.notifications.model import Notice
from engine.notifications.telling import tell, told_since

__all__ = ["TELL", "Notice", "tell", "to_be_told", "told_since"]
