"""What happens to the indicator library: entries come, change, are retired and come back; a whole file is imported."""

from dataclasses import dataclass
from typing import Self

from engine.audit.events.event import Event
from engine.audit.events.words import Words, because


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorAdded(Event):
    """An entry is in the library from now on, kept by the unit `owner`; `scope` is common or specific."""

    name = "indicator.added"
    title = "新增指标"

    indicator: int
    indicator_code: str
    indicator_name: str
    scope: str
    owner: int

    def sentence(self, words: Words) -> str:
        """Which entry."""
        return f"指标库新增“{self.indicator_name}”（{self.indicator_code}）"

    @classmethod
    def sample(cls) -> Self:
        """A department's own."""
        return cls(indicator=3, indicator_code="示例-01", indicator_name="示例指标", scope="specific", owner=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorChanged(Event):
    """An entry reads differently from now on; `columns` are those that do, `edition` is its version now."""

    name = "indicator.changed"
    title = "更改指标"

    indicator: int
    indicator_code: str
    edition: int
    columns: tuple[str, ...]
    reason: str

    def sentence(self, words: Words) -> str:
        """Which entry and why."""
        return f"指标库更改“{self.indicator_code}”（第{self.edition}版）{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Another way to count."""
        return cls(
            indicator=3, indicator_code="示例-01", edition=2, columns=("calculation",), reason="示例：统计口径调整"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRetired(Event):
    """An entry is not offered any more; forms that have it keep it."""

    name = "indicator.retired"
    title = "停用指标"

    indicator: int
    indicator_code: str
    reason: str

    def sentence(self, words: Words) -> str:
        """Which entry and why."""
        return f"指标库停用“{self.indicator_code}”{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """No longer collected."""
        return cls(indicator=3, indicator_code="示例-01", reason="示例：不再统计")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRestored(Event):
    """A retired entry is offered again."""

    name = "indicator.restored"
    title = "恢复指标"

    indicator: int
    indicator_code: str
    reason: str

    def sentence(self, words: Words) -> str:
        """Which entry and why."""
        return f"指标库恢复使用“{self.indicator_code}”{because(self.reason)}"

    @classmethod
    def sample(cls) -> Self:
        """Retired by mistake."""
        return cls(indicator=3, indicator_code="示例-01", reason="示例：误停")


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorsImported(Event):
    """A file was written into the library: its name and SHA-256, how many entries came out of it."""

    name = "indicator.imported"
    title = "导入指标"

    file: int
    file_name: str
    digest: str
    added: int
    left_out: int = 0

    def sentence(self, words: Words) -> str:
        """Which file, and what came out of it."""
        left = f"，{self.left_out}行未写入" if self.left_out else ""
        return f"从“{self.file_name}”导入{self.added}条指标{left}"

    @classmethod
    def sample(cls) -> Self:
        """A whole library."""
        return cls(file=1, file_name="示例指标库.csv", digest="0" * 64, added=11000)
