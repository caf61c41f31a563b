"""`/guides`: every guide in both languages, its links kept within the site, and no HTML of its own."""

import re
from importlib.resources import files
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from api.web import guides
from api.web.guides import WHO, drawn

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "docs" / "guides"


def heading(language: str, who: str) -> str:
    return (SOURCE / language / f"{who}.md").read_text("utf-8").partition("\n")[0].removeprefix("# ")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_list_leads_to_every_guide_and_the_footer_to_the_list(client: TestClient, language: str) -> None:
    listed = client.get(f"/guides?lang={language}").text
    assert f'href="/guides?lang={language}"' in client.get(f"/?lang={language}").text
    for who in WHO:
        assert f'<a href="/guides/{who}?lang={language}">{heading(language, who)}</a>' in listed
        shown = client.get(f"/guides/{who}?lang={language}")
        assert shown.status_code == 200
        assert f"<h1>{heading(language, who)}</h1>" in shown.text


def test_a_guide_for_nobody_is_not_found(client: TestClient) -> None:
    assert client.get("/guides/everybody").status_code == 404
    assert client.get("/guides/..%2f..%2fSECURITY").status_code == 404


@pytest.mark.parametrize("who", WHO)
def test_no_link_of_a_guide_leaves_the_site_and_its_guides_are_there(client: TestClient, who: str) -> None:
    body = client.get(f"/guides/{who}?lang=en").text.partition("<article")[2].partition("</article>")[0]
    linked = set(re.findall(r'href="([^"]+)"', body))
    assert linked
    assert [each for each in linked if not each.startswith("/")] == []
    for address in (each for each in linked if each.startswith("/guides/")):
        assert client.get(address).status_code == 200, address


def test_the_elder_view_goes_along_from_guide_to_guide(client: TestClient) -> None:
    assert 'href="/guides/firm?view=elder"' in client.get("/guides/grower?view=elder").text


def test_html_in_a_guide_is_only_words() -> None:
    text = '# T\n\nL <script>a</script>\n\n[x](javascript:a "t")\n\n<b onclick="a">b</b> `<i>`\n'
    body = drawn("grower", text, str).body
    assert "<script" not in body
    assert "<b" not in body
    assert 'href="javascript' not in body
    assert "<code>&lt;i&gt;</code>" in body


def test_what_the_wheel_carries_goes_before_what_lies_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert guides.guides_folder() == SOURCE
    (tmp_path / "guide_texts").mkdir()
    monkeypatch.setattr(guides, "files", lambda _: tmp_path)
    assert guides.guides_folder.__wrapped__() == tmp_path / "guide_texts"
    assert not files("api.web").joinpath("guide_texts").is_dir()


def test_a_picture_of_a_page_is_for_the_readers_of_the_file_alone() -> None:
    text = "# T\n\nL\n\nbefore\n\n![a](../../images/a.png)\n![b](../../images/b.png)\n\n- one\n- two\n"
    body = str(drawn("grower", text, str).body)
    assert body == "<p>L</p>\n<p>before</p>\n<ul>\n<li>one</li>\n<li>two</li>\n</ul>\n"
