"""The printed bulletin: its words are in it, on A4, with its font, the same bytes each time."""

import io

import pytest
from pypdfium2 import PdfDocument

from tests.api.two_vintages import Published


def words_of(body: bytes) -> str:
    with PdfDocument(io.BytesIO(body)) as opened:
        return "".join(page.get_textpage().get_text_range() for page in opened)


@pytest.mark.parametrize(
    ("language", "shown"),
    [
        ("zh", ("亳州中药材试编价格指数公报", "950.00", "根及根茎类", "报价条数", "自己核对")),
        (
            "en",
            ("Bozhou herb price index", "950.00", "Roots and rhizomes", "Quotes used", "Verify it"),
        ),
    ],
)
def test_the_bulletin_prints_what_it_says(
    published: Published, language: str, shown: tuple[str, ...]
) -> None:
    client, told = published
    answer = client.get(f"/index/{told.second}/bulletin.pdf?lang={language}")
    assert answer.headers["content-type"] == "application/pdf"
    text = words_of(answer.content)
    assert [words for words in shown if words not in text] == []
    digest = client.get(f"/v1/releases/{told.second}").json()["input_digest"]
    assert digest in text.replace("\r\n", "").replace("\n", "")


def test_it_fits_a4_and_does_not_change(published: Published) -> None:
    client, told = published
    path = f"/index/{told.second}/bulletin.pdf"
    first = client.get(path)
    assert client.get(path, headers={"If-None-Match": first.headers["etag"]}).status_code == 304
    with PdfDocument(io.BytesIO(first.content)) as opened:
        assert {tuple(round(side * 25.4 / 72) for side in page.get_size()) for page in opened} == {(210, 297)}
