"""Facts of conversations and the words of resolutions, for reports; worked out for what there is already."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa
from alembic import op

from service.risk.search import searchable
from service.risk.similar import issue_of

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON(none_as_null=True)
BATCH = 500
GOODBYE_S = 3600.0
READ_TURNS = 12

conversations = sa.table(
    "conversations",
    *(sa.column(name) for name in ("id", "contact_id", "queue", "language", "turns", "created_at")),
    sa.column("state", JSON),
)
turns = sa.table(
    "turns",
    *(sa.column(name) for name in ("conversation_id", "seq", "role", "text", "sent_at")),
    sa.column("assessment", JSON),
)
handoffs = sa.table(
    "handoffs", *(sa.column(name) for name in ("id", "conversation_id", "action", "at", "after_seq", "note", "outcome"))
)
facts = sa.table(
    "conversation_facts",
    *(
        sa.column(name)
        for name in (
            "conversation_id",
            "began_at",
            "contact_id",
            "queue",
            "language",
            "first_customer_at",
            "first_reply_at",
            "alerted_at",
            "escalated_at",
            "resolved_at",
            "came_back_at",
            "outcome",
            "rules",
            "deciding_rules",
            "threat_kinds",
        )
    ),
)
resolutions = sa.table("resolutions", *(sa.column(name) for name in ("conversation_id", "at", "note", "issue")))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "conversation_facts",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Double(), nullable=False),
        sa.Column("contact_id", sa.Text()),
        sa.Column("queue", sa.Text()),
        sa.Column("language", sa.Text()),
        sa.Column("first_customer_at", sa.Double()),
        sa.Column("first_reply_at", sa.Double()),
        sa.Column("alerted_at", sa.Double()),
        sa.Column("escalated_at", sa.Double()),
        sa.Column("resolved_at", sa.Double()),
        sa.Column("came_back_at", sa.Double()),
        sa.Column("outcome", sa.Text()),
        sa.Column("rules", sa.Text(), nullable=False),
        sa.Column("deciding_rules", sa.Text(), nullable=False),
        sa.Column("threat_kinds", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_conversation_facts_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_conversation_facts"),
    )
    for columns in (["began_at"], ["contact_id", "began_at"], ["resolved_at"]):
        op.create_index(f"ix_conversation_facts_{'_'.join(columns)}", "conversation_facts", columns)
    op.create_table(
        "resolutions",
        sa.Column("conversation_id", sa.Text(), nullable=False),
        sa.Column("at", sa.Double(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("issue", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["conversation_id"], ["conversations.id"], name="fk_resolutions_conversation_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("conversation_id", name="pk_resolutions"),
    )
    op.create_index("ix_resolutions_at", "resolutions", ["at"])
    back_fill(op.get_bind())


def back_fill(connection: sa.Connection) -> None:
    """Work the facts out from turns and hand-offs, some conversations at a time."""
    last = ""
    while True:
        some = (
            sa.select(conversations)
            .where(conversations.c.id > last, conversations.c.turns > 0)
            .order_by(conversations.c.id)
            .limit(BATCH)
        )
        rows = connection.execute(some).all()
        if not rows:
            return
        last = rows[-1].id
        ids = [row.id for row in rows]
        told, steps = _by_conversation(connection, turns, "seq", ids), _by_conversation(connection, handoffs, "id", ids)
        connection.execute(sa.insert(facts), [_facts(row, told[row.id], steps[row.id]) for row in rows])
        noted = [found for row in rows for found in _resolution(told[row.id], steps[row.id])]
        if noted:
            connection.execute(sa.insert(resolutions), noted)


def _by_conversation(connection: sa.Connection, table: Any, order: str, ids: Sequence[str]) -> dict[str, list[Any]]:
    query = sa.select(table).where(table.c.conversation_id.in_(ids)).order_by(table.c.conversation_id, table.c[order])
    of_one = attrgetter("conversation_id")
    found = {name: list(rows) for name, rows in groupby(connection.execute(query), key=of_one)}
    return {name: found.get(name, []) for name in ids}


def _facts(conversation: Any, told: Sequence[Any], steps: Sequence[Any]) -> dict[str, object]:
    asked = [turn for turn in told if turn.role == "customer"]
    replies = [turn for turn in told if turn.role == "agent" and asked and turn.seq > asked[0].seq]
    alerts = [turn for turn in asked if _recommended(turn)["action"] in ("consult", "handoff")]
    ends = [step for step in steps if step.action == "resolve"][:1]
    back = [turn for turn in asked for end in ends if turn.seq > end.after_seq and turn.sent_at > end.at + GOODBYE_S]
    outcomes = [step.outcome for step in steps if step.outcome is not None]
    return {
        "conversation_id": conversation.id,
        "began_at": told[0].sent_at if told else conversation.created_at,
        "contact_id": conversation.contact_id,
        "queue": conversation.queue,
        "language": conversation.language,
        "first_customer_at": asked[0].sent_at if asked else None,
        "first_reply_at": replies[0].sent_at if replies else None,
        "alerted_at": alerts[0].sent_at if alerts else None,
        "escalated_at": _escalated_at(alerts, steps),
        "resolved_at": ends[0].at if ends else None,
        "came_back_at": back[0].sent_at if back else None,
        "outcome": outcomes[-1] if outcomes else None,
        "rules": _listed(rule for turn in asked for rule in _fired(turn)),
        "deciding_rules": _listed(rule for turn in alerts for rule in _fired(turn)[:1]),
        "threat_kinds": _listed((conversation.state or {}).get("threat_kinds", ())),
    }


def _escalated_at(alerts: Sequence[Any], steps: Sequence[Any]) -> float | None:
    """Whichever came first: a step stands behind the turn whose number it names."""
    asked = [(turn.seq, 0, turn.sent_at) for turn in alerts if _recommended(turn)["action"] == "handoff"]
    taken = [(step.after_seq, 1, step.at) for step in steps if step.action in ("accept", "join")]
    return min((*asked, *taken), default=(0, 0, None))[2]


def _resolution(told: Sequence[Any], steps: Sequence[Any]) -> Iterator[dict[str, object]]:
    notes = [step for step in steps if step.action == "resolve" and step.note is not None]
    if notes:
        asked = [turn for turn in told if turn.role == "customer" and turn.text and turn.seq <= notes[-1].after_seq]
        yield {
            "conversation_id": notes[-1].conversation_id,
            "at": notes[-1].at,
            "note": searchable("\n".join(dict.fromkeys(step.note for step in notes))),
            "issue": issue_of(turn.text for turn in asked[:READ_TURNS]),
        }


def _recommended(turn: Any) -> dict[str, Any]:
    found: dict[str, Any] = turn.assessment["recommendation"]
    return found


def _fired(turn: Any) -> list[str]:
    return [reason["rule"] for reason in _recommended(turn)["reasons"]]


def _listed(names: Any) -> str:
    found = "".join(f" {name}" for name in dict.fromkeys(names))
    return f"{found} " if found else ""
