"""Where the project stands, and where what was found out about its tests is kept."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
HOME = PROJECT / "var" / "mutation"
