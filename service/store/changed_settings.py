"""Settings that an administrator changed while the service runs: they stand over those of the start.

Read where they are used, so that every process obeys them from then on: the budget in the transaction that
places an alert, the retention before each round. Each change leaves an audit entry with both values.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import time
from typing import Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ..risk.alerts import SAFETY
from ..risk.policy import QUEUES
from .database import Database
from .keys import write_audit
from .models_people import ChangedSettingRow
from .records_people import ChangedSetting

RETENTION_DAYS: Final = "retention_days"
BUDGETED: Final = tuple(queue for queue in QUEUES if queue != SAFETY)
"""The queues that have a budget: safety is never held."""


def budget_name(queue: str) -> str:
    """Return the name under which a queue's budget is kept."""
    return f"alert_budget.{queue}"


CHANGEABLE: Final = (RETENTION_DAYS, *(budget_name(queue) for queue in BUDGETED))


def budget_of(session: Session, queue: str, otherwise: int) -> int:
    """Return the alerts an hour that a queue gets; `otherwise` is the setting of the start."""
    row = session.get(ChangedSettingRow, budget_name(queue))
    return otherwise if row is None else row.value


@dataclass(frozen=True, slots=True)
class ChangedSettings:
    """Reads and changes them."""

    database: Database
    clock: Callable[[], float] = time

    def all(self) -> Mapping[str, ChangedSetting]:
        """Return what was changed, by name."""
        with self.database.read() as session:
            rows = session.scalars(select(ChangedSettingRow).where(ChangedSettingRow.name.in_(CHANGEABLE)))
            return {row.name: ChangedSetting(row.value, row.changed_at, row.changed_by) for row in rows}

    def value(self, name: str, otherwise: int) -> int:
        """Return a setting as it is now; `otherwise` is the one of the start."""
        with self.database.read() as session:
            row = session.get(ChangedSettingRow, name)
            return otherwise if row is None else row.value

    def change(self, values: Mapping[str, int | None], *, actor: str, via: str) -> None:
        """Set these; None takes a change back, so that the setting of the start counts again."""
        now = self.clock()
        with self.database.write() as session:
            for name, value in sorted(values.items()):
                assert name in CHANGEABLE, name
                row = session.get(ChangedSettingRow, name, with_for_update=True)
                before = None if row is None else row.value
                if value == before:
                    continue
                if value is None:
                    session.delete(row)
                else:
                    _put(session, name, {"value": value, "changed_at": now, "changed_by": actor})
                write_audit(session, now, actor, "settings.changed", name, {"from": before, "to": value, "via": via})


def _put(session: Session, name: str, values: Mapping[str, object]) -> None:
    # Not by the row: two administrators may set it for the first time at the same moment.
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    put = insert(ChangedSettingRow).values(name=name, **values)
    session.execute(put.on_conflict_do_update(index_elements=["name"], set_=values))
