"""Settings: one table, flags before variables before defaults, and mistakes that name themselves."""

from dataclasses import fields
from pathlib import Path

import pytest

from service.settings import SETTINGS, Settings, SettingsError, load_settings, settings_table_markdown, unread_variables

# fmt: off
READ = [
    ("STORE_TEXT", "no", False),
    ("STORE_TEXT", "ON", True),
    ("LOG_LEVEL", "DEBUG", "debug"),
    ("CORS_ORIGINS", "https://a.example, http://b.example:8080", ("https://a.example", "http://b.example:8080")),
    ("RETENTION_DAYS", "0", 0),
    ("DATABASE_URL", "postgresql://u:p@h/d", "postgresql://u:p@h/d"),
    ("BOOTSTRAP_KEY", "a-key-of-16-char", "a-key-of-16-char"),
]
WRONG = [
    ("PORT", "http", "found 'http', expected a whole number from 0 to 65535"),
    ("PORT", "65536", "expected a whole number from 0 to 65535"),
    ("THREADS", "0", "expected a whole number from 1"),
    ("STORE_TEXT", "maybe", "expected true or false"),
    ("LOG_LEVEL", "loud", "expected one of debug, info, warning, error"),
    ("CORS_ORIGINS", "*", "expected web origins"),
    ("CORS_ORIGINS", "https://a.example/path", "expected web origins"),
    ("DATABASE_URL", "mysql://u:geheim@h/d", "expected a URL that begins with sqlite://"),
    ("REDIS_URL", "geheim", "expected a URL that begins with redis://"),
    ("BOOTSTRAP_KEY", "geheim geheim geheim", "expected visible ASCII"),
    ("BOOTSTRAP_KEY", "geheim-15-chars", "expected at least 16 characters"),
    ("ALERT_BUDGET", "-1", "expected a whole number from 0 to 100000"),
    ("ALERT_TICK_S", "0", "expected a whole number from 1 to 60"),
    ("MAX_BATCH", "257", "expected a whole number from 1 to 256"),
]
# fmt: on


def test_the_table_and_the_record_have_the_same_names() -> None:
    assert [setting.name.lower() for setting in SETTINGS] == [field.name for field in fields(Settings)]


def test_the_documentation_names_every_setting() -> None:
    table = settings_table_markdown()
    for setting in SETTINGS:
        assert f"`{setting.flag}` | `{setting.variable}`" in table
        assert setting.help in table


def test_nothing_given_serves_this_machine_only_and_keeps_data_beside_us() -> None:
    settings = load_settings(None, {"PATH": "/bin", "EVENKEEL_REQUIRE_SERVICES": "1"})
    assert (settings.host, settings.port, settings.cors_origins) == ("127.0.0.1", 8000, ())
    assert (settings.redis_url, settings.bootstrap_key, settings.policy) == (None, None, None)
    assert settings.database_url == f"sqlite:///{Path('.evenkeel').absolute()}/evenkeel.db"


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_default() -> None:
    environ = {"EVENKEEL_PORT": "9000", "EVENKEEL_HOST": "0.0.0.0"}
    settings = load_settings({"port": "9001"}, environ)
    assert (settings.port, settings.host, settings.threads) == (9001, "0.0.0.0", 1)


@pytest.mark.parametrize("spelling", ["data-dir", "data_dir", "DATA_DIR", "--data-dir"])
def test_a_flag_may_be_spelt_as_typed_or_as_parsed(spelling: str) -> None:
    settings = load_settings({spelling: "/srv/evenkeel"}, {})
    assert settings.data_dir == Path("/srv/evenkeel")
    assert settings.database_url == "sqlite:////srv/evenkeel/evenkeel.db"


def test_an_empty_value_counts_as_not_given() -> None:
    assert load_settings({"port": ""}, {"EVENKEEL_REDIS_URL": "", "EVENKEEL_PORT": "9000"}).port == 9000


@pytest.mark.parametrize(("name", "value", "expected"), READ)
def test_a_value_is_read_as_its_kind(name: str, value: str, expected: object) -> None:
    assert getattr(load_settings({}, {f"EVENKEEL_{name}": value}), name.lower()) == expected


@pytest.mark.parametrize(("name", "value", "said"), WRONG)
def test_a_wrong_value_says_which_what_and_what_else_but_no_secret(name: str, value: str, said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {f"EVENKEEL_{name}": value})
    message = str(caught.value)
    assert f"EVENKEEL_{name}" in message
    assert said in message
    assert "geheim" not in message


def test_an_unknown_setting_is_refused_with_the_likely_one() -> None:
    with pytest.raises(SettingsError, match=r"EVENKEEL_DATABSE_URL is no setting.*EVENKEEL_DATABASE_URL"):
        load_settings({}, {"EVENKEEL_DATABSE_URL": "x"})
    with pytest.raises(SettingsError, match=r"--prt is no setting.*--port"):
        load_settings({"prt": "1"}, {})


def test_what_an_orchestrator_adds_is_left_unread_and_named() -> None:
    environ = {
        "EVENKEEL_SERVICE_HOST": "10.0.0.1",
        "EVENKEEL_PORT_8000_TCP": "tcp://10.0.0.1:8000",
        "EVENKEEL_PORT": "8001",
    }
    assert load_settings({}, environ).port == 8001
    assert unread_variables(environ) == ["EVENKEEL_PORT_8000_TCP", "EVENKEEL_SERVICE_HOST"]


def test_settings_can_be_shown_without_their_secrets() -> None:
    secrets = {
        "EVENKEEL_BOOTSTRAP_KEY": "geheim1-geheim1-geheim1",
        "EVENKEEL_DATABASE_URL": "postgresql://bob:geheim2@db/evenkeel?password=geheim3",
        "EVENKEEL_REDIS_URL": "redis://:geheim4@cache:6379/0",
    }
    shown = repr(load_settings({}, secrets))
    assert "geheim" not in shown
    assert "bob" in shown
    assert "cache:6379" in shown
