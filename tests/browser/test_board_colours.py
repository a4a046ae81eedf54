"""Every text of the board is readable: WCAG AA contrast of each pair of colours, light and dark. Needs no browser."""

import re
from importlib import resources

import pytest

AA_TEXT = 4.5
AA_SHAPE = 3.0
FRAME = resources.files("service").joinpath("dashboard/frame.css").read_text(encoding="utf-8")
_COLOUR = r"#[0-9a-f]{6}"
_PAIRS = re.findall(rf"--([a-z_-]+): light-dark\(({_COLOUR}), ({_COLOUR})\);", FRAME)
LIGHT, DARK = {name: light for name, light, _ in _PAIRS}, {name: dark for name, _, dark in _PAIRS}
BANDS = ("calm", "watch", "high", "critical")
SIGNALS = ("frustration", "abuse", "threat", "asks_human")
GROUNDS = ("surface", "ground", "raised", "chosen")

# fmt: off
TEXT = [
    *((ink, ground) for ink in ("ink", "soft") for ground in (*GROUNDS, "sunken", "accent-tint")),
    *((band, ground) for band in BANDS for ground in (*GROUNDS, f"{band}-tint")),
    *(("ink", f"{band}-tint") for band in BANDS),
    *((signal, ground) for signal in SIGNALS for ground in ("ground", "surface")),
    *(("ink", f"{signal}-tint") for signal in SIGNALS),
    ("on-accent", "accent"), ("accent", "surface"),
]
SHAPES = [("edge", "surface"), ("focus", "surface"), ("focus", "ground"), *((s, f"{s}-tint") for s in SIGNALS)]
# fmt: on


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_ground_differ_enough(scheme: dict[str, str]) -> None:
    weak = {(a, b): contrast(scheme[a], scheme[b]) for a, b in TEXT if contrast(scheme[a], scheme[b]) < AA_TEXT}
    weak |= {(a, b): contrast(scheme[a], scheme[b]) for a, b in SHAPES if contrast(scheme[a], scheme[b]) < AA_SHAPE}
    assert weak == {}


def test_every_colour_is_given_for_both_schemes() -> None:
    without_the_pairs = re.sub(rf"light-dark\({_COLOUR}, {_COLOUR}\)", "", FRAME)
    assert re.findall(r"#[0-9a-f]{3,8}\b", without_the_pairs) == []
