"""Settings: every one described, documented, and refused in words when it cannot be used."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from api.errors import SettingWrong
from api.settings import PREFIX, Settings, load_settings
from ledger.errors import ManyFaults

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(PREFIX + name.upper(), raising=False)


def test_every_setting_is_described() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_every_setting_is_listed_with_its_description_in_the_operations_page() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    missing = [
        name
        for name, field in Settings.model_fields.items()
        if f"| `{PREFIX}{name.upper()}` |" not in page or str(field.description) not in page
    ]
    assert missing == []


def test_the_operations_page_lists_no_setting_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    listed = {line.split("`")[1] for line in page.splitlines() if line.startswith(f"| `{PREFIX}")}
    assert listed == {PREFIX + name.upper() for name in Settings.model_fields}


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAODI_PORT", "9001")
    monkeypatch.setenv("DAODI_TRUSTED_HOSTS", "herbs.example.org, *.example.org")
    settings = load_settings()
    assert settings.port == 9001
    assert settings.trusted_hosts == ("herbs.example.org", "*.example.org")


def test_without_a_database_address_the_database_is_a_file_in_the_folder(tmp_path: Path) -> None:
    assert load_settings(folder=tmp_path).database_address == f"sqlite:///{tmp_path / 'daodi.sqlite'}"


def test_a_bad_value_names_its_variable_in_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAODI_PORT", "many")
    with pytest.raises(SettingWrong) as caught:
        load_settings()
    assert caught.value.message("zh") == "设置 DAODI_PORT 的值不可用：必须是整数"
    assert caught.value.message("en") == "the setting DAODI_PORT cannot be used: has to be a whole number"
    assert "DAODI_PORT" in caught.value.remedy("zh")


def test_several_bad_values_are_told_together() -> None:
    with pytest.raises(ManyFaults) as caught:
        load_settings(port=-1, scan_rate="often")
    assert {fault.at.field for fault in caught.value.faults} == {"DAODI_PORT", "DAODI_SCAN_RATE"}


@pytest.mark.parametrize("url", ["mysql://u:hunter2@host/x", "hunter2", "sqlite+aiosqlite:///hunter2"])
def test_an_unknown_database_is_refused_without_repeating_its_password(url: str) -> None:
    with pytest.raises(SettingWrong) as caught:
        load_settings(database_url=url)
    assert "hunter2" not in caught.value.message("en") + caught.value.message("zh") + repr(caught.value)


def test_secrets_do_not_show_when_settings_are_printed() -> None:
    settings = load_settings(database_url=SecretStr("postgresql+psycopg://u:hunter2@h/d"))
    assert "hunter2" not in repr(settings)


def test_uploads_may_not_be_limited_below_bodies() -> None:
    with pytest.raises(SettingWrong):
        load_settings(max_body_bytes=1_000_000, max_upload_bytes=2048)
