"""A 2xx is not data: what an answer's status, media type and first bytes must be before it is believed.

Sites behind a challenge answer 200 or 202 with a page for browsers; others answer with half a body, or
with a body of another kind since their last change.
"""

import re
from typing import Final

from ledger.errors import Said
from priceindex.errors import NotPrices
from priceindex.feeds.grid import Form, form_of

_PAGE: Final = re.compile(
    rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype\s+html|html|head|body|script)", re.IGNORECASE
)
ACCEPT: Final = {
    Form.CSV: "text/csv, text/plain;q=0.5",
    Form.JSON: "application/json",
    Form.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Form.HTML: "text/html",
    Form.TEXT: "text/plain, text/html;q=0.5",
}
"""The Accept header for a body of each form."""
_SMALLEST: Final = 0.5
_LARGEST: Final = 2.0


def check_body(content: bytes, media_type: str, host: str, form: Form) -> None:
    """Raise `NotPrices` for a body that is empty, a page where none is meant, or of another form."""
    if not content.strip():
        raise NotPrices(host=host, why_zh="内容为空", why_en="it is empty")
    page = "html" in media_type.lower() or _PAGE.match(content)
    if form is Form.HTML:
        if not page:
            raise NotPrices(host=host, why_zh="这不是网页", why_en="it is no web page")
        return
    if page:
        raise NotPrices(host=host, why_zh="这是网页而不是数据文件", why_en="it is a web page")
    found = form_of(content)
    if found is not form and (form is not Form.TEXT or found is Form.XLSX):
        raise NotPrices(
            host=host,
            why_zh=f"内容的形式是 {found}，应为 {form}",
            why_en=f"its bytes are {found}, not {form}",
        )


def row_count_warning(rows: int, before: int | None) -> Said | None:
    """Say what is odd about a body's number of rows beside the last body's; None where nothing is.

    Between half and twice as many is usual: a site that lost its filter, or half its table, is neither.

    >>> row_count_warning(40, 100).en
    'all of it waits: 40 rows where the last body had 100'
    """
    if before is None or _SMALLEST * before <= rows <= _LARGEST * before:
        return None
    return Said(
        zh=f"全部隔离：本次 {rows} 行，上次 {before} 行",
        en=f"all of it waits: {rows} rows where the last body had {before}",
    )
