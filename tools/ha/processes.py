"""The processes below a process, as Linux tells them."""

from pathlib import Path


def family_of(process: int) -> list[int]:
    """The process and all below it, itself first."""
    children: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdecimal() and (parent := _parent_of(each)) is not None:
            children.setdefault(parent, []).append(int(each.name))
    family, waiting = [], [process]
    while waiting:
        family.append(waiting.pop(0))
        waiting += children.get(family[-1], [])
    return family


def _parent_of(folder: Path) -> int | None:
    try:
        return int((folder / "stat").read_text(errors="replace").rpartition(")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return None
