"""What `benchmarks.draft_check` measured -> the table and the text of its part in RESULTS.md; `results` calls it."""

from collections.abc import Mapping
from typing import Any

DRAFT_TEXT = (
    "Precision / recall (found, labelled) against the `quality` of held-back agents' turns; a finding on a turn that has "
    "another fault counts as wrong. The patterns were written from train turns. There are few labelled turns of a kind: "
    "only the last line says much. What has no label (address, repetition, missing apology, unanswered question) is "
    "measured by its false alarms alone."
)


def draft_table(measured: Mapping[str, Any]) -> str:
    """One line per language and split, the sum last."""
    kinds = [kind for kind, found in measured["all dev and test"]["kinds"].items() if "precision" in found]
    head = " | ".join(kind.replace("_", " ") for kind in kinds)
    lines = [f"| turns | {head} | alarms on good turns | on neutral |", "|" + "---|" * (len(kinds) + 3)]
    for name, found in measured.items():
        cells = [_cell(found["kinds"][kind]) for kind in kinds]
        alarms = [f"{found[f'alarms_{sound}'] * 100:.1f} % of {found[sound]}" for sound in ("good", "neutral")]
        lines.append("| " + " | ".join([name, *cells, *alarms]) + " |")
    return "\n".join(lines)


def _cell(found: Mapping[str, Any]) -> str:
    shares = " / ".join("–" if found[key] is None else f"{found[key]:.2f}" for key in ("precision", "recall"))
    return f"{shares} ({found['found']}, {found['labelled']})"
