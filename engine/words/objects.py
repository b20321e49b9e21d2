"""What is appraised, and what the regulations tell apart about it."""

from engine.words.worded import Worded


class CaseKind(Worded):
    """What is appraised."""

    PROJECT = "project", "项目"
    WHOLE_DEPARTMENT = "whole_department", "部门整体"
    POLICY = "policy", "政策"


class ProjectNature(Worded):
    """Whether the money is asked for the first time."""

    NEW = "new", "新增"
    CONTINUING = "continuing", "延续"
    EXPIRING = "expiring", "到期续期"


class SpendingFrequency(Worded):
    """Whether the money is asked for again and again."""

    RECURRENT = "recurrent", "经常性"
    ONE_OFF = "one_off", "一次性"


class ProjectCategory(Worded):
    """How many indicators a project needs depends on it (GZ-05)."""

    OPERATION_SUPPORT = "operation_support", "运行保障类"
    DEVELOPMENT = "development", "经济和社会发展类"
    OTHER = "other", "其他"


class ObjectFact(Worded):
    """What is known of an object besides its kind, amount and year; the tables ask for it."""

    PROJECT_NATURE = "project_nature", "项目性质"
    SPENDING_FREQUENCY = "spending_frequency", "支出频次"
    PROJECT_CATEGORY = "project_category", "项目类别"
    MARKS = "marks", "选取标记"
    PUBLIC_EXPENSE_QUOTA = "public_expense_quota_wan", "在职人员公用经费综合定额（万元）"
