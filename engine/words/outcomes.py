"""How a step ends."""

from engine.words.worded import Worded


class OutcomeWord(Worded):
    """What a person does to end a step; a diagram names those it offers."""

    SUBMITTED = "submitted", "报送"
    REVISE = "revise", "退经办人修改"
    APPROVED = "approved", "通过"
    RETURNED = "returned", "退回"
    DECIDED = "decided", "决定"
    RECORDED = "recorded", "登记"
    SIGNED = "signed", "签收"
    ISSUED = "issued", "发出"
    FOR_SIGNATURE = "for_signature", "送签"
    SIGNED_OFF = "signed_off", "签发"

    @property
    def needs_reason(self) -> bool:
        """Whether it must say why in words."""
        return self in (OutcomeWord.RETURNED, OutcomeWord.REVISE, OutcomeWord.DECIDED)

    @property
    def sends_back(self) -> bool:
        """Whether the paper goes back to whoever filled it in."""
        return self in (OutcomeWord.RETURNED, OutcomeWord.REVISE)
