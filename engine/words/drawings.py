"""What of a diagram can differ from one of its versions to the next."""

from engine.words.worded import Worded


class DrawnChange(Worded):
    """What became of something drawn."""

    ADDED = "added", "增"
    GONE = "gone", "删"
    CHANGED = "changed", "改"


class DrawnPart(Worded):
    """What is drawn, as people tell it apart."""

    STEP = "step", "步骤"
    TIMER = "timer", "期限"
    EVENT = "event", "事件"
    GATEWAY = "gateway", "分支"
    FLOW = "flow", "连线"
    OFFICE = "office", "办理角色"


class DrawnAspect(Worded):
    """In which respect something that stayed is not what it was."""

    NAME = "name", "名称"
    OFFICE = "office", "办理角色"
    KIND = "kind", "办理方式"
    FORM = "form", "填报的表单"
    JUDGES = "judges", "审核的表单"
    TIMER = "timer", "期限"
    OUTCOMES = "outcomes", "可选的结果"
    QUESTIONS = "questions", "要回答的问题"
    CONDITION = "condition", "判断条件"
    OTHERWISE = "otherwise", "其他情况走的路"
    ENDS = "ends", "起止"
    NOTE = "note", "说明"
    REST = "rest", "其他办理要求"
