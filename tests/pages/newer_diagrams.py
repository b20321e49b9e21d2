"""Newer diagrams put in service under a bureau; cases begun before stay on theirs."""

from engine.stages import Library
from tests.office import Office


def put_in_service(office: Office, library: Library, old: str, new: str) -> None:
    """Today's diagrams with one text in the place of another are in force from now on."""
    files = {name: content.decode().replace(old, new).encode() for name, content in library.diagrams.files.items()}
    newer = Library.of(files, library.policies)
    with office.database.upkeep() as session:
        newer.keep(session, office.now)
        office.database.freshen(session)
