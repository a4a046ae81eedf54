"""Flags and EVENKEEL_* variables -> one frozen `Settings`, read once at the start and passed down.

`SETTINGS` is the only list of settings: the command line, the documentation and this reader are
made from it. A flag wins over a variable, a variable over the default; an empty value counts as
not given. An unknown flag, a misspelt variable or a wrong value stops the start and says which setting,
what was found and what was expected; the value of a secret is never part of a message, a log line or a
`repr`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

PREFIX: Final = "EVENKEEL_"
NOT_SETTINGS: Final = frozenset(
    PREFIX + name
    for name in ("API_KEY", "KEY", "SOURCES", "BUILD", "MODELS", "TRANSCRIPTS", "REQUIRE_SERVICES", "REQUIRE_BROWSER")
)
"""Variables with our prefix that belong to clients, the offline flow and the tests; the service ignores them."""

LIKELY_TYPO: Final = 0.75
"""Similarity (0 to 1) from which an unknown variable is taken for a misspelt one: PROT for PORT."""

Kind = Literal["text", "integer", "boolean", "path", "list", "url", "secret"]
Value = str | int | bool | Path | tuple[str, ...] | None


class SettingsError(ValueError):
    """A setting is unknown or has a wrong value; the message names it and says what was expected."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    kind: Kind
    default: str | None
    help: str
    minimum: int = 0
    """Of a number its least value, of a secret its least length."""
    maximum: int = 2**31 - 1
    choices: tuple[str, ...] = ()
    default_help: str | None = None
    """What the documentation shows in place of a default that is worked out."""

    @property
    def variable(self) -> str:
        """Name of the environment variable."""
        return PREFIX + self.name

    @property
    def flag(self) -> str:
        """The command-line flag."""
        return "--" + self.name.lower().replace("_", "-")


# fmt: off
SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("HOST", "text", "127.0.0.1", "Address to listen on; only this machine by default."),
    Setting("PORT", "integer", "8000", "Port to listen on; 0 takes a free one.", maximum=65535),
    Setting("DATA_DIR", "path", ".evenkeel", "Folder of the SQLite database."),
    Setting("MODEL_DIR", "path", "models", "Folder of the models, with the file CURRENT."),
    Setting("DATABASE_URL", "url", None, "Database: `sqlite:///path` or `postgresql://user:password@host/name`.",
            default_help="`evenkeel.db` in DATA_DIR"),
    Setting("REDIS_URL", "url", None, "Redis that wakes the event streams of other workers; polling without it."),
    Setting("BOOTSTRAP_KEY", "secret", None,
            "Secret API key accepted from the first start on, for automation; 16 characters or more.", minimum=16),
    Setting("POLICY", "path", None, "Escalation matrix to use in place of the one that is shipped.",
            default_help="the shipped policy"),
    Setting("CORS_ORIGINS", "list", None, "Web origins, comma-separated, that may call with a publishable key."),
    Setting("RETENTION_DAYS", "integer", "90", "Days after its last turn when a conversation is erased; 0 keeps all."),
    Setting("LOG_LEVEL", "text", "info", "How much is logged.", choices=("debug", "info", "warning", "error")),
    Setting("MAX_TURN_CHARS", "integer", "20000", "Longest text of a turn, in characters.", minimum=1),
    Setting("MAX_BATCH", "integer", "256", "Most turns in one `POST /v1/score`.", minimum=1, maximum=256),
    Setting("THREADS", "integer", "1", "Threads that one inference uses.", minimum=1, maximum=256),
    Setting("SCORE_QUEUE", "integer", "512", "Turns that may wait for the model before new ones get 503.", minimum=1),
    Setting("ALERT_BUDGET", "integer", "12", "Alerts an hour for each queue, further ones are held; 0 is no limit.",
            maximum=100000),
    Setting("ALERT_TICK_S", "integer", "5", "Seconds between two looks for alerts that are due.", minimum=1, maximum=60),
    Setting("STORE_TEXT", "boolean", "true",
            "Keep the redacted text of turns and of notes to hand-offs; without it only scores are kept."),
    Setting("HANDOFF_ACCEPT_S", "integer", "120", "Seconds until a claimed conversation that nobody accepted is open.",
            minimum=1, maximum=86400),
    Setting("HANDOFF_JOIN_S", "integer", "300", "Seconds until an accepted conversation that nobody joined is open.",
            minimum=1, maximum=86400),
    Setting("OUTGOING_PRIVATE", "boolean", "false",
            "Allow webhooks and desks at private addresses and this machine, there also by plain http."),
    Setting("WEBHOOK_LOG_DAYS", "integer", "14", "Days that the log keeps what was sent to webhooks.",
            minimum=1, maximum=365),
    Setting("DEMO", "text", "local", "Who may open /demo: `local` is whoever is signed in, and anybody on this machine "
            "while HOST is a loopback address.", choices=("local", "signed-in", "public", "off")),
    Setting("FRAME_ANCESTORS", "list", None, "Web origins, comma-separated, whose pages may show /panel in a frame."),
)
# fmt: on


@dataclass(frozen=True, slots=True, repr=False)
class Settings:
    """Every setting by its name in lower case; see `SETTINGS` for what each does."""

    host: str
    port: int
    data_dir: Path
    model_dir: Path
    database_url: str
    redis_url: str | None
    bootstrap_key: str | None
    policy: Path | None
    cors_origins: tuple[str, ...]
    retention_days: int
    log_level: str
    max_turn_chars: int
    max_batch: int
    threads: int
    score_queue: int
    alert_budget: int
    alert_tick_s: int
    store_text: bool
    handoff_accept_s: int
    handoff_join_s: int
    outgoing_private: bool
    webhook_log_days: int
    demo: str
    frame_ancestors: tuple[str, ...]

    def __repr__(self) -> str:
        """Safe to log: secrets and the passwords inside URLs are masked."""
        kinds = {setting.name.lower(): setting.kind for setting in SETTINGS}
        shown = (f"{item.name}={_shown(kinds[item.name], getattr(self, item.name))}" for item in fields(self))
        return f"Settings({', '.join(shown)})"


def load_settings(argv: Mapping[str, str] | None, environ: Mapping[str, str]) -> Settings:
    """Read every setting once.

    `argv` maps flags that were given ("data-dir", "DATA_DIR" or "data_dir") to their values; `environ`
    is the process environment. Raises `SettingsError`.
    """
    given = {**_from_environment(environ), **_from_flags(argv or {})}
    values = {setting.name.lower(): _value(setting, given.get(setting.name)) for setting in SETTINGS}
    if values["database_url"] is None:
        values["database_url"] = f"sqlite:///{Path(str(values['data_dir'])).absolute() / 'evenkeel.db'}"
    return Settings(**values)  # type: ignore[arg-type]  # `_value` made each of the kind its row names


def start_source(settings: Settings, name: str) -> Literal["default", "start"]:
    """Return whether a setting has its default, or a value that the start gave it."""
    setting = next(setting for setting in SETTINGS if setting.name == name)
    return "default" if getattr(settings, name.lower()) == _value(setting, None) else "start"


def settings_table_markdown() -> str:
    """Return the settings as a Markdown table, for the documentation."""
    rows = ["| flag | variable | default | meaning |", "|---|---|---|---|"]
    for setting in SETTINGS:
        default = setting.default_help or (f"`{setting.default}`" if setting.default else "none")
        choices = f" One of {', '.join(setting.choices)}." if setting.choices else ""
        rows.append(f"| `{setting.flag}` | `{setting.variable}` | {default} | {setting.help}{choices} |")
    return "\n".join(rows) + "\n"


def mask_url(url: str) -> str:
    """Return the URL without its password and its query, where some drivers take passwords too."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    credentials, at, host = parts.netloc.rpartition("@")
    user, colon, _ = credentials.partition(":")
    secret = ":***" if colon else ""
    return f"{parts.scheme}://{user}{secret}{at}{host}{parts.path}{'?***' if parts.query else ''}"


def _shown(kind: Kind, value: Value) -> str:
    if value is None or kind not in ("secret", "url"):
        return repr(value)
    return "'***'" if kind == "secret" else repr(mask_url(str(value)))


def _from_flags(argv: Mapping[str, str]) -> dict[str, str]:
    given = {flag.lstrip("-").replace("-", "_").upper(): value for flag, value in argv.items()}
    _refuse_unknown(given, lambda name: "--" + name.lower().replace("_", "-"))
    return {name: value for name, value in given.items() if value}


def _from_environment(environ: Mapping[str, str]) -> dict[str, str]:
    known = [setting.name for setting in SETTINGS]
    for name in unread_variables(environ):
        # A typing error must not become a silent default; what somebody else put there must not stop the start.
        if close := get_close_matches(name.removeprefix(PREFIX), known, n=1, cutoff=LIKELY_TYPO):
            raise SettingsError(f"{name} is no setting of this service; did you mean {PREFIX}{close[0]}?")
    return {name: environ[PREFIX + name] for name in known if environ.get(PREFIX + name)}


def unread_variables(environ: Mapping[str, str]) -> list[str]:
    """Variables with our prefix that nothing reads; orchestrators add some on their own."""
    known = {setting.variable for setting in SETTINGS} | NOT_SETTINGS
    return sorted(name for name in environ if name.startswith(PREFIX) and name not in known)


def _refuse_unknown(given: Mapping[str, str], spell: Callable[[str], str]) -> None:
    known = [setting.name for setting in SETTINGS]
    for name in given:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            hint = f"did you mean {spell(close[0])}?" if close else f"known: {', '.join(map(spell, known))}"
            raise SettingsError(f"{spell(name)} is no setting of this service; {hint}")


def _value(setting: Setting, given: str | None) -> Value:
    text = setting.default if given is None else given.strip()
    if text is None:
        return () if setting.kind == "list" else None
    try:
        return _PARSERS[setting.kind](setting, text)
    except ValueError as error:
        # A URL may hold a password, so neither it nor a secret is repeated.
        found = "another value" if setting.kind in ("secret", "url") else repr(text)
        raise SettingsError(f"{setting.name} ({setting.flag}, {setting.variable}): found {found}, {error}") from None


def _text(setting: Setting, text: str) -> str:
    if setting.choices and text.lower() not in setting.choices:
        raise ValueError(f"expected one of {', '.join(setting.choices)}")
    return text.lower() if setting.choices else text


def _integer(setting: Setting, text: str) -> int:
    expected = f"expected a whole number from {setting.minimum} to {setting.maximum}"
    try:
        number = int(text)
    except ValueError:
        raise ValueError(expected) from None
    if not setting.minimum <= number <= setting.maximum:
        raise ValueError(expected)
    return number


def _boolean(setting: Setting, text: str) -> bool:
    words = {"true": True, "1": True, "yes": True, "on": True, "false": False, "0": False, "no": False, "off": False}
    if text.lower() not in words:
        raise ValueError("expected true or false")
    return words[text.lower()]


def _path(setting: Setting, text: str) -> Path:
    return Path(text).expanduser()


def _list(setting: Setting, text: str) -> tuple[str, ...]:
    return tuple(web_origin(item.strip()) for item in text.split(",") if item.strip())


def web_origin(text: str) -> str:
    """Return the text if it is a web origin as browsers send it; raises ValueError."""
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc or text != f"{parts.scheme}://{parts.netloc}":
        raise ValueError("expected web origins such as https://shop.example, without a path and without *")
    return text


def _url(setting: Setting, text: str) -> str:
    schemes = _URL_SCHEMES[setting.name]
    if text.partition("://")[0] not in schemes:
        raise ValueError(f"expected a URL that begins with {' or '.join(f'{scheme}://' for scheme in schemes)}")
    return text


def _secret(setting: Setting, text: str) -> str:
    # It travels in a header, which carries neither spaces nor letters outside ASCII.
    if not all("!" <= character <= "~" for character in text):
        raise ValueError("expected visible ASCII characters without spaces")
    if len(text) < setting.minimum:
        raise ValueError(f"expected at least {setting.minimum} characters")
    return text


_URL_SCHEMES: Final = {
    "DATABASE_URL": ("sqlite", "postgresql", "postgres", "postgresql+psycopg"),
    "REDIS_URL": ("redis", "rediss", "unix"),
}
_PARSERS: Final[dict[Kind, Callable[[Setting, str], Value]]] = {
    "text": _text,
    "integer": _integer,
    "boolean": _boolean,
    "path": _path,
    "list": _list,
    "url": _url,
    "secret": _secret,
}
