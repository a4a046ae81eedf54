"""`phrases/{vi,tl,cs,en}.yaml` -> a catalogue, and the choice of one phrase for a moment.

Used by `decide`. A phrase is keyed by stage x technique x situation. The choice is deterministic:
never the same phrase twice in a conversation, the matching situation and stage first; customers of
different conversations get different wordings, because one sentence read all day sounds canned.
"""

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ..flow import ConversationState, Phrase, Stage
from ..labels import LANGUAGES
from .loader import STAGES, Field, PolicyError, open_yaml

Technique = Literal[
    "listen", "acknowledge", "empathise", "clarify", "own", "offer", "follow_up", "set_boundary", "hand_over", "safety"
]
# fmt: off
TECHNIQUES: Final[tuple[Technique, ...]] = (
    "listen", "acknowledge", "empathise", "clarify", "own", "offer", "follow_up", "set_boundary", "hand_over", "safety",
)
Situation = Literal[
    "any", "waiting", "repeat_contact", "transfers", "money", "technical", "legal", "publicity", "violence", "shouting",
    "bot", "ending",
]
SITUATIONS: Final[tuple[Situation, ...]] = (
    "any", "waiting", "repeat_contact", "transfers", "money", "technical", "legal", "publicity", "violence", "shouting",
    "bot", "ending",
)
# fmt: on
SLOTS: Final = ("name", "issue", "time")
FALLBACK_LANGUAGE: Final = "en"
FALLBACK_TECHNIQUES: Final[Mapping[Technique, tuple[Technique, ...]]] = {
    "listen": ("acknowledge", "empathise"),
    "acknowledge": ("empathise", "listen"),
    "empathise": ("acknowledge", "listen"),
    "clarify": ("listen", "acknowledge"),
    "own": ("offer", "acknowledge"),
    "offer": ("own", "acknowledge"),
    "follow_up": ("offer", "own"),
    "set_boundary": ("hand_over",),
    "hand_over": (),  # "I am taking this on myself" would contradict it
    "safety": (),
}
"""When every phrase of a technique was used. Never from a boundary to warmth, and nothing stands in for safety."""

FIRM_TECHNIQUES: Final = frozenset({"set_boundary", "hand_over", "safety"})
"""What may be said in answer to an insult."""

IN_FILE_ORDER: Final = frozenset({"set_boundary", "safety"})
"""These build on each other: first a request, last "I cannot go on"; first "are you safe", last "somebody comes"."""

MAX_PHRASE_CHARS: Final = 240
_SLOT: Final = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Offer:
    """What a rule asks for: a technique, and the situation that the words should speak to."""

    technique: Technique
    situation: Situation = "any"


@dataclass(frozen=True, slots=True)
class Wording:
    """One phrase of the catalogue; `plain` is said when a slot of `text` cannot be filled."""

    id: str
    language: str
    stage: Stage
    technique: Technique
    situation: Situation
    text: str
    plain: str | None

    @property
    def slots(self) -> frozenset[str]:
        """Names of the slots in `text`."""
        return frozenset(_SLOT.findall(self.text))

    def filled(self, slots: Mapping[str, str]) -> str:
        """Return the text with its slots filled, or the slot-free wording where one is missing."""
        if self.plain is not None and not self.slots <= slots.keys():
            return self.plain
        return _SLOT.sub(lambda match: slots[match[1]], self.text)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All wordings by language, in the order of the files."""

    wordings: Mapping[str, tuple[Wording, ...]]
    digest: str = ""
    """Of the files, in hex; part of a policy's version."""

    def choose(
        self, offers: Sequence[Offer], state: ConversationState, slots: Mapping[str, Mapping[str, str]]
    ) -> tuple[Phrase, ...]:
        """Return at most one unused phrase per offer, in the customer's language; `slots` by language."""
        known = state.language or FALLBACK_LANGUAGE
        language = known if known in self.wordings else FALLBACK_LANGUAGE
        used = set(state.phrases_used)
        chosen: list[Phrase] = []
        for offer in offers:
            wording = self._best(offer, state, language, used)
            if wording is not None:
                used.add(wording.id)
                text = wording.filled(slots.get(language, {}))
                chosen.append(Phrase(wording.id, language, wording.technique, wording.stage, text))
        return tuple(chosen)

    def _best(self, offer: Offer, state: ConversationState, language: str, used: set[str]) -> Wording | None:
        free = [wording for wording in self.wordings[language] if wording.id not in used]
        for technique in (offer.technique, *FALLBACK_TECHNIQUES[offer.technique]):
            fitting = [w for w in free if w.technique == technique and w.situation in (offer.situation, "any")]
            if fitting:
                return min(fitting, key=lambda w: _rank(w, offer, state))  # the first of equals: file order
        return None


def _rank(wording: Wording, offer: Offer, state: ConversationState) -> tuple[bool, int, int]:
    """Situation first, then how far its stage is from ours, then a mix that differs by conversation."""
    distance = abs(STAGES.index(wording.stage) - STAGES.index(state.stage))
    mix = zlib.crc32(f"{state.conversation_id}\0{wording.id}".encode("utf-8", "surrogatepass"))
    return (wording.situation != offer.situation, distance, 0 if wording.technique in IN_FILE_ORDER else mix)


def parse_phrases(file: str, content: bytes, language: str) -> tuple[Wording, ...]:
    """Return the wordings of one language file; `file` is the name that errors carry. Raises PolicyError."""
    root = open_yaml(file, content).mapping(required=("language", *STAGES))
    if root["language"].one_of(LANGUAGES) != language:
        root["language"].fail(f"{language!r}, as the file is named")
    wordings = []
    seen: set[str] = set()
    for stage in STAGES:
        for technique, entries in root[stage].mapping(optional=TECHNIQUES).items():
            for item in entries.items():
                wording = _wording(item, language, stage, _technique(technique))
                if wording.id in seen:
                    item.fail("each id once", found=f"the id {wording.id!r} a second time")
                seen.add(wording.id)
                wordings.append(wording)
    _require_every_technique(file, {wording.technique for wording in wordings})
    return tuple(wordings)


def _technique(name: str) -> Technique:
    return next(technique for technique in TECHNIQUES if technique == name)


def _wording(field: Field, language: str, stage: Stage, technique: Technique) -> Wording:
    entries = field.mapping(required=("id", "text"), optional=("plain", "situation"))
    text = entries["text"].text(MAX_PHRASE_CHARS)
    plain = entries["plain"].text(MAX_PHRASE_CHARS) if "plain" in entries else None
    _check_slots(entries, text, plain)
    identifier = entries["id"].text(max_chars=60)
    if not identifier.startswith(f"{language}-"):
        entries["id"].fail(f"an id that begins with '{language}-'")
    situation: Situation = entries["situation"].one_of(SITUATIONS) if "situation" in entries else "any"
    return Wording(identifier, language, stage, technique, situation, text, plain)


def _check_slots(entries: Mapping[str, Field], text: str, plain: str | None) -> None:
    slots = _SLOT.findall(text)
    if any(slot not in SLOTS for slot in slots) or "{" in _SLOT.sub("", text) or "}" in _SLOT.sub("", text):
        entries["text"].fail(f"only the slots {', '.join(f'{{{slot}}}' for slot in SLOTS)}")
    if slots and plain is None:
        entries["text"].fail("a slot-free wording under 'plain' beside it", found="slots")
    if plain is not None and ("{" in plain or "}" in plain or not slots):
        entries["plain"].fail("a wording without slots, beside a text with slots")


def _require_every_technique(file: str, present: set[Technique]) -> None:
    for technique in TECHNIQUES:
        if technique not in present:
            raise PolicyError(file, 1, technique, "no phrase of this technique", "at least one in some stage")
