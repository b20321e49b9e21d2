"""存为视图: a list somebody wants to see again, kept as what its address asked for, and with whom it is shared.

A view holds filters and no data: who opens one shared with their office sees what they may see themselves.
"""

from engine.views.model import SavedView, ViewNotFound
from engine.views.rules import ASKED, MOST_VIEWS, ViewRefused, must_be_a_view

__all__ = ["ASKED", "MOST_VIEWS", "SavedView", "ViewNotFound", "ViewRefused", "must_be_a_view"]
