"""What is known of a file that was handed in."""

from engine.words.worded import Worded


class Scan(Worded):
    """What a virus scanner said of a file; whatever is not clean is not known to be safe."""

    UNASKED = "unasked", "未查毒"
    SILENT = "silent", "未查毒（查毒服务没有应答）"
    TOO_LARGE = "too_large", "未查毒（超过查毒服务的上限）"
    CLEAN = "clean", "安全"
    INFECTED = "infected", "带病毒"
