"""What is made public, and the steps before that."""

from engine.words.worded import Worded


class DocumentKind(Worded):
    """A kind of document that is made public (F14)."""

    TARGET_GOVERNMENT = "target_government", "政府预算绩效目标"
    TARGET_DEPARTMENT = "target_department", "部门整体绩效目标"
    TARGET_PROJECT = "target_project", "项目绩效目标"
    SELF_EVALUATION_REPORT = "self_evaluation_report", "重点项目自评报告"
    KEY_EVALUATION_REPORT = "key_evaluation_report", "重点评价报告"
    WHOLE_DEPARTMENT_REPORT = "whole_department_report", "部门整体评价报告"
    SPOT_REVIEW_RESULT = "spot_review_result", "自评复核结果"
    ANNUAL_REPORT = "annual_report", "年度绩效情况报告"
    ACCOUNTS_SECTION = "accounts_section", "决算绩效专章", "部门决算绩效专章"


class PublicationStep(Worded):
    """A step on the way to publication, as `publication_gate` names it."""

    LEADERS = "leaders", "专报领导"
    GOVERNMENT = "government", "报政府审议"
    EXECUTIVE_MEETING = "executive_meeting", "政府常务会审议"
    CONGRESS = "congress", "人大（常委会）审议"
    CONGRESS_READING = "congress_reading", "汇编报人大参阅"
    DEPUTIES = "deputies", "送达参与的代表委员"
    WITH_BUDGET = "with_budget", "随预算"
    WITH_ACCOUNTS = "with_accounts", "随决算"
    PUBLISH = "publish", "公开"

    @property
    def leaves_a_record(self) -> bool:
        """Whether somebody considers the document and that is put on record; the others only say when."""
        return self not in (PublicationStep.WITH_BUDGET, PublicationStep.WITH_ACCOUNTS, PublicationStep.PUBLISH)


class DisclosureState(Worded):
    """How far the result of a case, or its target, is from the public."""

    AHEAD = "ahead", "未到公开阶段"
    MISSING = "missing", "尚缺程序"
    TO_DECIDE = "to_decide", "待认定是否公开"
    READY = "ready", "可以公开"
    WAITING = "waiting", "待公开"
    PUBLISHED = "published", "已公开"
    WITHHELD = "withheld", "涉密豁免"
    KEPT = "kept", "没有公开"


DELIBERATIONS = tuple(step for step in PublicationStep if step.leaves_a_record)
"""The steps that leave a record of their own, in the order of the gate."""
