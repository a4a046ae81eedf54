"""LiveAgent -> inputs. Its rules send no fixed shape: the administrator writes the body of the rule's HTTP request.

So the shape is ours, filled by them with LiveAgent's variables, and read by a mapping of the same kind as any other's. The
rule sends the token in the header `X-Evenkeel-Token`. What a message group is called decides who wrote it
(https://support.liveagent.com, "Message group types").
"""

from typing import Final

from .generic import DEFAULT_HEADER, read_by
from .mapping import parse_mapping
from .seam import Delivery, Desk, Field, Input, Json, Options, Secrets
from .signatures import token_matches

MAPPING: Final = parse_mapping("""
conversation: ticket
message: message
text: text
html: true
role:
  from: from
  values: {customer: customer, agent: agent, bot: bot}
sent_at: sent_at
contact: contact
queue: department
channel: channel
ignore_when: contains(['Internal', 'Internal (Collapsed)', 'Offline Internal', 'Transfer', 'Startinfo'], type)
closed_when: status == 'resolved'
""")


def verify(delivery: Delivery, secrets: Secrets, options: Options) -> bool:
    """See `Desk.verify`."""
    return token_matches(delivery, DEFAULT_HEADER, secrets.get("token", ""))


def read(payload: Json, options: Options) -> tuple[Input, ...]:
    """See `Desk.read`."""
    return read_by(MAPPING, payload)


LIVEAGENT: Final = Desk(
    kind="liveagent",
    title="LiveAgent",
    secrets=(Field("token", required=True, generated=True),),
    options=(),
    verify=verify,
    read=read,
)
