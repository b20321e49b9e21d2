"""What a row of F12 makes of one proposed effect."""

from dataclasses import dataclass

from engine.words import EffectKind, EffectState


@dataclass(frozen=True, slots=True)
class Settled:
    """Carried out, listed beside a stricter one, or waived; `instead` is another effect than the proposed one."""

    state: EffectState
    instead: EffectKind | None = None
    reason: str | None = None
    approved_by: str | None = None
