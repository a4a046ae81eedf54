"""People, keys, settings and the audit trail as pydantic models: what administrators send and are answered. Part of `wire`."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, Field

from ..settings import SETTINGS, web_origin
from ..store import BUDGETED, Answers, KeyKind, Rank
from .wire import ModelOut, Person, PolicyOut, Request

_LIMITS: Final = {setting.name: (setting.minimum, setting.maximum) for setting in SETTINGS}
MAX_RETENTION_DAYS: Final = 36500


def _with_a_letter(name: str) -> str:
    """Refuse what is no name and would be no part of an address: `.`, `..`, `---`."""
    if not any(character.isalnum() for character in name):
        raise ValueError("must hold a letter or a digit")
    return name


PersonName = Annotated[Person, AfterValidator(_with_a_letter)]
Label = Annotated[Person, Field(examples=["Jana Nováková"])]


class NewPersonRequest(Request):
    """Somebody who shall work at the board."""

    name: PersonName
    display_name: Annotated[Label | None, Field(description="As people call them; the name, when left out.")] = None
    role: Rank


class PersonChangeRequest(Request):
    """What shall be different about somebody; what is left out stays."""

    name: PersonName | None = None
    display_name: Label | None = None
    role: Rank | None = None
    deactivated: Annotated[
        bool | None, Field(description="True signs them out at once and returns what they have; false undoes it.")
    ] = None


class PersonOut(BaseModel):
    """Somebody who works at the board. Times are seconds since the epoch."""

    name: str
    display_name: str
    role: Rank
    created_at: float
    deactivated_at: float | None


class PeopleOut(BaseModel):
    """Everybody, by name."""

    people: list[PersonOut]


class SignInLinkOut(BaseModel):
    """A link that signs somebody in once. It is shown here and nowhere else."""

    path: Annotated[str, Field(description="To be put after the address of the service.")]
    expires_at: float


class NewKeyRequest(Request):
    """A key to make."""

    kind: KeyKind
    name: Annotated[Label, Field(description="What it is for.")]
    origins: Annotated[
        tuple[Annotated[str, Field(max_length=300), AfterValidator(web_origin)], ...],
        Field(max_length=20, description="Of a publishable key: the web origins that it works from."),
    ] = ()
    answers: Annotated[
        Answers,
        Field(description="Of a publishable key: `none` tells its pages only that a turn arrived."),
    ] = "full"


class KeyOut(BaseModel):
    """A key as it is kept. Times are seconds since the epoch."""

    id: str
    kind: KeyKind
    name: str
    prefix: Annotated[str, Field(description="The first characters, to recognise it by.")]
    origins: list[str]
    answers: Annotated[Answers, Field(description="What the sender of a turn is told: the assessment, or nothing.")]
    created_at: float
    revoked_at: float | None
    last_used_at: Annotated[float | None, Field(description="To the hour.")]


class KeysOut(BaseModel):
    """Every key, revoked ones too, oldest first."""

    keys: list[KeyOut]


class NewKeyOut(KeyOut):
    """A key that was just made."""

    secret: Annotated[str, Field(description="Shown here and nowhere else.")]


Source = Literal["default", "start", "board"]
"""Where a value comes from: nobody set it, a flag or variable of the start, an administrator since."""


class ChangeableOut(BaseModel):
    """A setting that administrators may change while the service runs."""

    value: int
    source: Source
    start_value: Annotated[int, Field(description="What counts when the change is taken back.")]
    changed_at: float | None
    changed_by: str | None


class QueueBudgetOut(ChangeableOut):
    """Alerts an hour of a queue; 0 is no limit."""

    queue: str


class SettingOut(BaseModel):
    """A setting of the start, by the name of its variable without the prefix."""

    name: str
    value: str | int | bool | list[str]
    source: Literal["default", "start"]


class SettingsOut(BaseModel):
    """What the service runs with; no secret, no address, no path."""

    version: str
    database: Literal["sqlite", "postgresql"]
    model: ModelOut
    policy: PolicyOut
    queues: Annotated[list[str], Field(description="Those that the policy sends conversations to.")]
    retention_days: ChangeableOut
    alert_budgets: list[QueueBudgetOut]
    started_with: list[SettingOut]


Days = Annotated[int, Field(ge=0, le=MAX_RETENTION_DAYS)]
Budget = Annotated[int, Field(ge=_LIMITS["ALERT_BUDGET"][0], le=_LIMITS["ALERT_BUDGET"][1])]
BudgetedQueue = Literal["agent", "senior", "technical", "finance", "supervisor"]
assert set(BudgetedQueue.__args__) == set(BUDGETED)  # type: ignore[attr-defined]


class SettingsChangeRequest(Request):
    """Settings to change; null takes a change back, what is left out stays."""

    retention_days: Annotated[Days | None, Field(description="0 keeps everything.")] = None
    alert_budgets: Annotated[
        Mapping[BudgetedQueue, Budget | None], Field(description="Alerts an hour by queue; 0 is no limit.")
    ] = {}


class AuditEntryOut(BaseModel):
    """Who did what, when. `detail` holds numbers, states and names; never a customer's words."""

    id: int
    at: float
    actor: Annotated[str, Field(description="A person, a key's name, `cli` for the command line.")]
    action: str
    subject: str
    detail: Mapping[str, object]


class AuditOut(BaseModel):
    """A page of the audit trail, newest first; `next_cursor` asks for the next one."""

    entries: list[AuditEntryOut]
    next_cursor: str | None
