"""Step 3: our own labels on rows of public sets (`data/annotations/*.tsv`) -> corrections of examples.

A file holds `id<TAB>flags` and, where we judged it too, `<TAB>sentiment` (`-` `0` `+`); the flags are
those of data/ANNOTATION.md: F frustration, B abuse, T threat followed by kinds (v s l r p k), H asks for
a human, L leaves, - none, ? debatable (then the source's own labels stand). A second reading of some
of the rows lies in `second/`; `python -m training.labels` prints how far the two agree, file by file.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path

from sklearn.metrics import cohen_kappa_score

from .examples import Example
from .paths import ANNOTATIONS

KIND_OF = {"v": "violence", "s": "self_harm", "l": "legal", "r": "regulator", "p": "publicity", "k": "chargeback"}
SENTIMENT_OF = {"-": "negative", "0": "neutral", "+": "positive"}
TRUSTED = 0.5
"""Weight in data/sources.toml from which a source's own label is a reason for doubt."""
SHARE = 2.0
"""A row that was read and labelled for our own meaning of the labels counts this often per epoch."""


class AnnotationError(ValueError):
    """A line of an annotation file that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What our annotator says of one row: every label of the guide, so absent means 0."""

    binary: dict[str, int]
    threat_kinds: tuple[str, ...] | None
    sentiment: str | None = None

    def over(self, example: Example) -> Example:
        """The example with our labels in place of the source's; a sentiment that the source states stays.

        Where a trusted source says 1 and we say 0, it means something wider than we do (swearing at nobody, say): then
        neither is taught.
        """
        wider = {
            name
            for name, value in self.binary.items()
            if value == 0 and example.binary.get(name) == 1 and example.weight >= TRUSTED
        }
        return replace(
            example,
            binary={name: value for name, value in self.binary.items() if name not in wider},
            threat_kinds=None if "threat" in wider else self.threat_kinds,
            sentiment=example.sentiment or self.sentiment,
            marked=example.marked if self.binary.get("abuse") == 1 else None,
            weight=1.0,
            share=SHARE,
        )


def parse_flags(flags: str, sentiment: str = "") -> Annotation | None:
    """Read `FBTvlHL`-style flags; None for a debatable row."""
    if sentiment and sentiment not in SENTIMENT_OF:
        raise AnnotationError(f"unknown sentiment {sentiment!r}")
    if "?" in flags:
        return None
    unknown = set(flags) - set("FBTHL- ,") - set(KIND_OF)
    if unknown:
        raise AnnotationError(f"unknown flags {sorted(unknown)} in {flags!r}")
    binary = {"frustration": "F", "abuse": "B", "threat": "T", "asks_human": "H"}
    labels = {name: int(flag in flags) for name, flag in binary.items()}
    kinds = tuple(kind for flag, kind in KIND_OF.items() if flag in flags)
    return Annotation(labels, kinds if kinds or not labels["threat"] else None, SENTIMENT_OF.get(sentiment))


def read_annotations(folder: Path = ANNOTATIONS) -> dict[str, Annotation]:
    """All annotations by row id."""
    found: dict[str, Annotation] = {}
    for path in sorted(folder.glob("*.tsv")):
        found |= read_file(path)
    return found


def read_file(path: Path) -> dict[str, Annotation]:
    """The annotations of one file; debatable rows are left out."""
    found: dict[str, Annotation] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
        identifier, flags, *rest = line.split("\t")
        try:
            annotation = parse_flags(flags, "".join(rest))
        except AnnotationError as error:
            raise AnnotationError(f"{path.name}:{number}: {error}") from None
        if annotation is not None:
            found[identifier] = annotation
    return found


def agreements(folder: Path = ANNOTATIONS) -> dict[str, dict[str, dict[str, float]]]:
    """By first file what `agreement` says of it; files of which no row was read twice are left out."""
    second: dict[str, Annotation] = {}
    for path in sorted((folder / "second").glob("*.tsv")):
        second |= read_file(path)
    found = {path.stem: agreement(read_file(path), second) for path in sorted(folder.glob("*.tsv"))}
    return {name: facts for name, facts in found.items() if facts}


def agreement(first: dict[str, Annotation], second: dict[str, Annotation]) -> dict[str, dict[str, float]]:
    """Per label: rows that both readings judged, how often it was given, raw agreement, Cohen's kappa."""
    both = sorted(first.keys() & second.keys())
    pairs: dict[str, list[tuple[object, object]]] = {
        name: [(first[row].binary[name], second[row].binary[name]) for row in both]
        for name in ("frustration", "abuse", "threat")
    }
    pairs["sentiment"] = [(first[r].sentiment, second[r].sentiment) for r in both if first[r].sentiment]
    return {name: _compare(values) for name, values in pairs.items() if values}


def _compare(values: list[tuple[object, object]]) -> dict[str, float]:
    one, two = ([str(value) for value in side] for side in zip(*values, strict=True))
    facts = {"rows": float(len(one)), "given": one.count("1"), "agreed": sum(map(str.__eq__, one, two)) / len(one)}
    if len(set(one) | set(two)) > 1:
        facts["kappa"] = float(cohen_kappa_score(one, two))
    return {name: round(value, 3) for name, value in facts.items()}


def main() -> None:
    for name, facts in agreements().items():
        print(json.dumps({"step": "agreement", "file": name, **facts}))


if __name__ == "__main__":
    main()
