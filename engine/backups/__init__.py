"""A whole installation in one file, and back: the database by the server's own programs, and the attached files.

`back_up` writes such a file while work goes on; `restore` reads one, checks all of it before anything is touched, and
puts it into an empty database. The file is a tar archive: `manifest.json`, `database.dump` (pg_dump's custom format)
and `files/<SHA-256>`, every part named in the manifest with its size and hash.
"""

from engine.backups.container import BackupUnreadable, Manifest, read_manifest
from engine.backups.making import Made, back_up
from engine.backups.programs import ProgramFailed, ProgramsMissing
from engine.backups.restoring import NotEmpty, Restored, restore

__all__ = [
    "BackupUnreadable",
    "Made",
    "Manifest",
    "NotEmpty",
    "ProgramFailed",
    "ProgramsMissing",
    "Restored",
    "back_up",
    "read_manifest",
    "restore",
]
