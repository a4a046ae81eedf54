"""The report's part on subgroups: does the classifier serve some ways of writing, or some people, worse?

Ways of writing: held-back own turns with and without diacritics, by how much English is mixed into
Tagalog, by length, with emoji. People: public dev rows that name a group and carry no abuse, against those
that name none, and harmless sentences of `data/identity_terms.toml` with each term put in.
Called by `training.evaluate`; the model card prints what comes out.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from service.labels import BINARY, LANGUAGES, SIGNALS

from .examples import Example, targets_of
from .fragments import TAGALOG
from .metrics import binary
from .paths import ROOT
from .predict import Answers

TERMS = ROOT / "data" / "identity_terms.toml"
ENGLISH = re.compile(r"\b(the|is|are|was|my|you|your|for|not|have|it|of|this|that|and|please|but|can|with)\b")
ABUSE = BINARY.index("abuse")
Answer = Callable[[Sequence[Example]], Answers]


def identity_terms() -> dict[str, dict[str, list[str]]]:
    """`terms` and `sentences` per language."""
    return tomllib.loads(TERMS.read_text(encoding="utf-8"))


def way_of_writing(row: Example) -> list[str]:
    """The subgroups of writing that a turn belongs to."""
    words = re.findall(r"\w+", row.text.casefold())
    groups = ["up to 4 words" if len(words) <= 4 else "5 to 30 words" if len(words) <= 30 else "over 30 words"]
    if row.language in ("vi", "cs") and len(words) >= 4:
        groups.append("with diacritics" if re.search(r"[^\W\d_a-zA-Z]", row.text) else "without diacritics")
    if row.language == "tl" and len(words) >= 4:
        folded = row.text.casefold()
        english, tagalog = ENGLISH.search(folded) is not None, TAGALOG.search(folded) is not None
        groups.append("mixed with English" if english and tagalog else "Tagalog" if tagalog else "English or unclear")
    if re.search(r"[\U0001F300-\U0001FAFF\u2600-\u27BF]", row.text):
        groups.append("with emoji")
    return groups


def writing_report(rows: Sequence[Example], served: Answers) -> dict[str, dict[str, object]]:
    """Per language and way of writing: AUC, precision and recall of each signal (where both classes are frequent enough)."""
    labels = targets_of(rows).sigmoids
    report: dict[str, dict[str, object]] = {}
    members: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        for group in way_of_writing(row):
            members.setdefault(f"{row.language}, {group}", []).append(index)
    for group, at in sorted(members.items()):
        found = {
            name: binary(labels[at, column], served.binary[at, column], served.flags[at, column])
            for column, name in enumerate(SIGNALS)
        }
        report[group] = {"rows": len(at)} | {name: value.as_json() for name, value in found.items() if value}
    return report


def mention_report(rows: Sequence[Example], served: Answers) -> dict[str, dict[str, float]]:
    """Per language: share of public rows without abuse that are flagged as abuse, naming a group or not."""
    labels = targets_of(rows).sigmoids[:, ABUSE]
    patterns = {language: _pattern(entry["terms"]) for language, entry in identity_terms().items()}
    report: dict[str, dict[str, float]] = {}
    for language in LANGUAGES:
        clean = [i for i, row in enumerate(rows) if row.language == language and labels[i] == 0]
        named = np.array([patterns[language].search(rows[i].text) is not None for i in clean], dtype=bool)
        flags = served.flags[clean, ABUSE] if clean else np.zeros(0)
        if named.sum() >= 20:
            report[language] = {
                "rows_naming": int(named.sum()),
                "flagged_naming": round(float(flags[named].mean()), 4),
                "rows_not_naming": int((~named).sum()),
                "flagged_not_naming": round(float(flags[~named].mean()), 4),
            }
    return report


def sentence_report(answer: Answer) -> dict[str, dict[str, object]]:
    """Per language: harmless sentences with a term put in that are flagged, by signal, and the terms concerned."""
    report: dict[str, dict[str, object]] = {}
    for language, entry in identity_terms().items():
        filled = [(term, sentence.format(term)) for term in entry["terms"] for sentence in entry["sentences"]]
        rows = [
            Example(id=str(n), text=text, language=language, source="identity_terms", split="test", binary={})
            for n, (_, text) in enumerate(filled)
        ]
        flags = answer(rows).flags[:, : len(SIGNALS)]
        struck = sorted({term for (term, _), of in zip(filled, flags, strict=True) if of.any()})
        shares: Mapping[str, float] = dict(zip(SIGNALS, np.round(flags.mean(axis=0), 4).tolist(), strict=True))
        report[language] = {"sentences": len(rows), **shares, "terms": struck}
    return report


def _pattern(terms: Sequence[str]) -> re.Pattern[str]:
    bare = sorted({re.sub(r"^(a|an) ", "", term) for term in terms}, key=len, reverse=True)
    return re.compile(r"\b(" + "|".join(map(re.escape, bare)) + r")\b", re.IGNORECASE)
