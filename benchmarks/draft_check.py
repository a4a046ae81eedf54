"""Agents' turns with their `quality` -> precision and recall of the draft check, per finding and language.

The patterns were written from train turns only, and the model is fitted to them; dev and test are counted apart. Each turn is checked with
the conversation before it. False alarms are findings on turns that the annotators call good.
Run: `python -m benchmarks.draft_check`
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from benchmarks.record import record
from benchmarks.results import write_results
from service.labels import LANGUAGES
from service.risk.draft_rules import KINDS, load_draft_rules
from service.risk.lint import check_draft
from service.risk.reply_model import load_reply_model
from training.replies import QUALITY_OF, SOUND
from training.transcripts import read_transcripts

SPLITS = ("dev", "test")


@dataclass(frozen=True)
class Checked:
    """One agent turn: what it is called, and what was found."""

    quality: str
    kinds: frozenset[str]


def checked_turns(language: str, splits: tuple[str, ...]) -> Iterator[Checked]:
    """Check every labelled agent turn of these splits."""
    rules = load_draft_rules()[language]
    for conversation in read_transcripts():
        if conversation.language != language or conversation.split not in splits:
            continue
        for index, turn in enumerate(conversation.turns):
            if turn.role == "agent" and turn.quality:
                findings = check_draft(turn.text, conversation.turns[:index], rules, load_reply_model())
                yield Checked(turn.quality, frozenset(finding.kind for finding in findings))


def per_kind(turns: list[Checked], kind: str) -> dict[str, object]:
    """Counts and shares of one kind; `on_faults` also takes a finding as right that fell on another fault."""
    found = [turn for turn in turns if kind in turn.kinds]
    on_faults = sum(turn.quality not in SOUND for turn in found)
    measured: dict[str, object] = {"found": len(found), "on_faults": share(on_faults, len(found))}
    if kind in QUALITY_OF:
        labelled = sum(turn.quality == QUALITY_OF[kind] for turn in turns)
        hits = sum(turn.quality == QUALITY_OF[kind] for turn in found)
        measured |= {"labelled": labelled, "precision": share(hits, len(found)), "recall": share(hits, labelled)}
    return measured


def share(part: int, whole: int) -> float | None:
    """A share, or None where there is nothing to share."""
    return round(part / whole, 3) if whole else None


def measure(turns: Iterable[Checked]) -> dict[str, object]:
    """Every kind, and the share of good and neutral turns on which anything was found."""
    listed = list(turns)
    qualities = Counter(turn.quality for turn in listed)
    alarmed = Counter(turn.quality for turn in listed if turn.kinds)
    alarms = {f"alarms_{name}": share(alarmed[name], qualities[name]) for name in SOUND}
    return {
        **alarms,
        **{name: qualities[name] for name in SOUND},
        "kinds": {kind: per_kind(listed, kind) for kind in KINDS},
    }


def main() -> None:
    measured: dict[str, object] = {}
    every: list[Checked] = []
    for language in LANGUAGES:
        for split in SPLITS:
            turns = list(checked_turns(language, (split,)))
            every += turns
            measured[f"{language} {split}"] = measure(turns)
    measured["all dev and test"] = measure(every)
    record("draft_check", measured)
    write_results()


if __name__ == "__main__":
    main()
