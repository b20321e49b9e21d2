"""The sixteen official forms as pages, made from their schemas: no field is written a second time here.

A form's schema is laid out once (`plan`); with a content and what is known of it this becomes the `Tree` a page is
drawn from (`tree_of`; templates/forms/form.html to fill in, paper.html to read). What a browser sends back becomes a
content again (`read_post`): names are paths, values stay what was typed, and what a person may not change is not taken.
`only_changes` leaves what differs from the former version, `lines_of` says it line by line; `with_theirs` lays two
drafts together.
"""

from web.forms.changes import ChangeLine, lines_of, only_changes
from web.forms.choosing import with_theirs
from web.forms.deleted import DeletedRow
from web.forms.places import Signpost, places_in, row_of, signpost, written_in
from web.forms.posted import Posted, read_post
from web.forms.tree import Tree, anchor
from web.forms.view import About, tree_of

__all__ = [
    "About",
    "ChangeLine",
    "DeletedRow",
    "Posted",
    "Signpost",
    "Tree",
    "anchor",
    "lines_of",
    "only_changes",
    "places_in",
    "read_post",
    "row_of",
    "signpost",
    "tree_of",
    "with_theirs",
    "written_in",
]
