"""Step 4: a conversation's id -> train, dev or test; stable, and blind to the texts.

Whole conversations stay together, and so do contrast sets: neighbouring ids (blocks of twenty), the
same `pair`, and items of equal number in different languages, which often tell the same story.
`dev` serves calibration and thresholds; `test` is reported on, and lets a release be refused.
"""

import hashlib
import re

BLOCK = 20
DEV_PERCENT = 10
TEST_PERCENT = 10

_ID = re.compile(r"^[a-z]{2}-(?P<series>[a-z]*)(?P<number>\d+)")


def split_group(conversation_id: str) -> str:
    """Return the key of the block that must not be torn apart."""
    match = _ID.match(conversation_id)
    if match is None:
        return conversation_id
    return f"{match['series']}:{int(match['number']) // BLOCK}"


def assign_split(group: str) -> str:
    """Return `train`, `dev` or `test` for a group, by a hash of its key."""
    bucket = int.from_bytes(hashlib.sha1(group.encode("utf-8")).digest()[:4], "big") % 100
    if bucket < TEST_PERCENT:
        return "test"
    return "dev" if bucket < TEST_PERCENT + DEV_PERCENT else "train"
