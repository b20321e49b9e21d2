"""The three shapes a schema comes in: a whole form, a row of a table, a block of fields. Unknown fields are refused."""

from collections.abc import Mapping
from typing import Any

from marshmallow import RAISE, Schema

from engine.submissions.forms.cells import REFUSALS, Explanations
from engine.submissions.forms.entries import row_id, text


def _own_cell(self: Schema, obj: Mapping[str, Any], attr: str, default: Any) -> Any:
    """A cell by its key alone: marshmallow would take a missing `items` for the method of the dict."""
    return obj.get(attr, default)


class FormSchema(Schema):
    """A whole official form; `explanations` answers the checks that ask for a sentence, by field path."""

    error_messages = REFUSALS
    get_attribute = _own_cell

    class Meta:
        """Anything the form does not know is refused."""

        unknown = RAISE

    explanations = Explanations(
        metadata={"label": "说明", "kind": "explanations", "unit": "", "required": "", "required_when": "", "hint": ""}
        | {"computed": False, "own_words": False, "options": ()}
    )


class RowSchema(Schema):
    """One row of a table, known by its id over all versions."""

    error_messages = REFUSALS
    get_attribute = _own_cell

    class Meta:
        """Anything the row does not know is refused."""

        unknown = RAISE

    id = row_id()


class BlockSchema(Schema):
    """A block of fields inside a form."""

    error_messages = REFUSALS
    get_attribute = _own_cell

    class Meta:
        """Anything the block does not know is refused."""

        unknown = RAISE


class FileRow(RowSchema):
    """A paper handed in; the bytes lie in the file store under their fingerprint."""

    name = text("文件名称", required="要写明是哪一份材料")
    sha256 = text("文件指纹", limit=64, hint="上传后由系统填写；纸质件留空")
