"""Who is told what, in which words.

A move that brings about something people have to hear of leaves a job behind, in its own transaction
(`to_be_told`); whoever carries jobs has `tell` read those entries of the journal and write a notice for everybody it
concerns, each once. `messages` says of every such event whom it concerns and how it reads, `receivers` who that is.

Who gave an address gets mail as well: a row of `sendings` for each notice of a kind they want, left with the notice,
due when their quiet hours or the next digest say (`rules`), sent by whoever finds it due (`mail`), tried again with
pauses that grow, given up in the end and shown.

What people of a unit are told, robots tell in their group as well (`groups`, `robots`, `speaking`): rows of the same
`sendings`, by the same rules, one message for all that is due.

Who subscribes to their calendar has their days in a phone: whoever knows its address is told what is due, moved and no
more (`calendar`).

A notice names the object, the step and the day, never a score, an amount or an opinion: what it is about stands on the
page it leads to, for those who may see it.
"""

from engine.notifications.groups import leave_for_groups
from engine.notifications.leaving import TELL, to_be_told
from engine.notifications.model import CalendarFeed, MailWishes, MessageGroup, Notice, Sending
from engine.notifications.sendings import leave_for_mail
from engine.notifications.telling import tell, told_since

__all__ = [
    "TELL",
    "CalendarFeed",
    "MailWishes",
    "MessageGroup",
    "Notice",
    "Sending",
    "leave_for_groups",
    "leave_for_mail",
    "tell",
    "to_be_told",
    "told_since",
]
