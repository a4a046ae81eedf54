"""Every number of the reducer with its reason, in one place: stage 5 (`accumulate`) reads nothing else.

What a *rule* needs is in `policy.yaml` and belongs to the support team; what is here shapes the
risk level itself, so a change moves every board and needs the benchmarks run again.
"""

from collections.abc import Mapping
from typing import Final

from ..flow import Band

# --- levels: level = max(p of this turn, DECAY * level before) --------------------------------
DECAY: Final[Mapping[str, float]] = {"frustration": 0.70, "abuse": 0.75, "threat": 0.85}
"""Kept per scored customer turn. Frustration halves in two calm turns, which is how fast a good
answer works; a threat is not withdrawn by the next polite sentence, so it takes four."""

FELT: Final = ("negative", "positive")
"""Sentiments that the state keeps of the latest turn, for the forecast."""

KIND_PROBABILITY: Final = 0.5
"""A second kind of threat counts beside the likeliest one when it is more likely than not."""

USUALLY_GOOD: Final = 0.40
USUALLY_FAULTY: Final = 0.24
"""Shares of our labelled agents' turns: where no agent's reply is known, the forecast takes a usual one."""
DANGEROUS_KINDS: Final = frozenset({"violence", "self_harm"})
"""Somebody may get hurt: weighs most, whatever else is said."""

# --- risk level: 1 - (1 - displeasure)(1 - abuse)(1 - threat); see `level.py` ------------------
FRUSTRATION_WEIGHT: Final = 0.50
"""Alone, even a furious opening stays in `watch`: a negative first message is normal."""
STREAK_WEIGHT: Final = 0.05
STREAK_CAP: Final = 4
"""Per flagged turn in a row after the first: the answers do not help; after five it is known."""
RISE_WEIGHT: Final = 0.25
"""For frustration above the customer's own opening: it is our conversation that made it worse."""
SHOUTING_WEIGHT: Final = 0.04
SHOUTING_CAP: Final = 2
"""Small, because some people always type in capitals; scaled by frustration, so joy never counts."""
REPEAT_CONTACT_WEIGHT: Final = 0.10
ASKS_HUMAN_WEIGHT: Final = 0.05
ASKS_HUMAN_CAP: Final = 2
DISPLEASURE_CAP: Final = 0.85
"""Displeasure alone can become critical, yet stays below what a threat can reach."""
ABUSE_WEIGHT: Final = 0.50
"""As bad as fury, and still below critical together with it: one insult asks for a boundary, not an alarm."""
REPEATED_ABUSE_WEIGHT: Final = 0.15
"""Added from the second abusive turn on: the boundary was not heard."""
THREAT_WEIGHT: Final = 0.70
"""A calm lawyer's letter is `high`; with displeasure around it, it becomes critical."""
DANGER_WEIGHT: Final = 0.97
DANGER_FLOOR: Final = 0.85
"""A flagged threat of violence or self-harm is critical at once, also just above its threshold."""

# --- bands and trend --------------------------------------------------------------------------
BAND_FROM: Final[Mapping[Band, float]] = {"calm": 0.0, "watch": 0.35, "high": 0.60, "critical": 0.80}
"""Level at which a band is entered from below."""
BAND_MARGIN: Final = 0.10
"""A band is left only when the level is this far under its entry: bands must not flicker."""
TREND_WINDOW: Final = 3
TREND_STEP: Final = 0.08
"""The last level against the one before, and where that says nothing, TREND_WINDOW turns back."""
HISTORY_LIMIT: Final = 50

# --- stage ------------------------------------------------------------------------------------
CALM_LEVEL: Final = 0.35
"""Frustration level under which a receptive customer counts as connected again."""
POSITIVE_SENTIMENT: Final = 0.50

# --- language ---------------------------------------------------------------------------------
FIRST_LANGUAGE_PROBABILITY: Final = 0.50
"""Below CLEAR_LANGUAGE_PROBABILITY a single word ("lag", "lagy") is a guess that any later turn may change."""
CLEAR_LANGUAGE_PROBABILITY: Final = 0.90
CLEAR_LANGUAGE_WORDS: Final = 4
"""To *change* the customer's language takes a clear turn of several words: people borrow words."""

# --- repetition -------------------------------------------------------------------------------
FINGERPRINT_WORDS: Final = 3
"""Shorter texts ("yes please") are said again without anybody going round in circles."""
FINGERPRINTS_KEPT: Final = 8

# --- text -------------------------------------------------------------------------------------
MAX_SCANNED_CHARS: Final = 1000
"""Facts in the text are looked for in its beginning only, which bounds the time per turn."""
SHOUTED_WORD_LETTERS: Final = 3
SHOUTED_WORDS: Final = 2
SHOUTED_LETTERS: Final = 8
SHOUTED_SHARE: Final = 0.60
"""More than an acronym or two, and most of the text: "OTP by SMS" is no shouting."""
