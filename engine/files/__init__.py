"""Every file the product gives out: whole or not at all, never through a link, never over a device, a pipe or a folder.

It is written beside its place under a random name for its owner's eyes only, synced, given its rights and renamed.
Whatever happens before that, full disk or interruption, leaves the place as it was and nothing beside it; only a kill
leaves what it was about, under a hidden name. What lies there already is replaced only when somebody says so.
`new_file` writes one, `new_set` several that belong together, `append_whole` adds to one that only grows.
"""

from engine.files.one import Writing, append_whole, new_file
from engine.files.reasons import AlreadyThere, NotWritable, refusal_for, why_not
from engine.files.several import Folder, new_set

__all__ = [
    "AlreadyThere",
    "Folder",
    "NotWritable",
    "Writing",
    "append_whole",
    "new_file",
    "new_set",
    "refusal_for",
    "why_not",
]
