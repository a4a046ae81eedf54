"""Step 3: our own labels on rows of public sets (`data/annotations/*.tsv`) -> corrections of examples.

A file holds `id<TAB>flags`; the flags are those of data/ANNOTATION.md: F frustration, B abuse, T
threat followed by kinds (v s l r p k), H asks for a human, L leaves, - none, ? debatable (then the source's own labels stand).
"""

from dataclasses import dataclass, replace
from pathlib import Path

from .examples import Example
from .paths import ANNOTATIONS

KIND_OF = {"v": "violence", "s": "self_harm", "l": "legal", "r": "regulator", "p": "publicity", "k": "chargeback"}
SHARE = 3.0
"""A row that was read and labelled for our own meaning of the labels counts this often per epoch."""


class AnnotationError(ValueError):
    """A line of an annotation file that cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Annotation:
    """What our annotator says of one row: every label of the guide, so absent means 0."""

    binary: dict[str, int]
    threat_kinds: tuple[str, ...] | None

    def over(self, example: Example) -> Example:
        """The example with our labels in place of the source's; its sentiment stays."""
        return replace(example, binary=self.binary, threat_kinds=self.threat_kinds, weight=1.0, share=SHARE)


def parse_flags(flags: str) -> Annotation | None:
    """Read `FBTvlHL`-style flags; None for a debatable row."""
    if "?" in flags:
        return None
    unknown = set(flags) - set("FBTHL- ,") - set(KIND_OF)
    if unknown:
        raise AnnotationError(f"unknown flags {sorted(unknown)} in {flags!r}")
    binary = {"frustration": "F", "abuse": "B", "threat": "T", "asks_human": "H"}
    labels = {name: int(flag in flags) for name, flag in binary.items()}
    kinds = tuple(kind for flag, kind in KIND_OF.items() if flag in flags)
    return Annotation(labels, kinds if kinds or not labels["threat"] else None)


def read_annotations(folder: Path = ANNOTATIONS) -> dict[str, Annotation]:
    """All annotations by row id."""
    found: dict[str, Annotation] = {}
    for path in sorted(folder.glob("*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines()[1:], 2):
            identifier, _, flags = line.partition("\t")
            try:
                annotation = parse_flags(flags)
            except AnnotationError as error:
                raise AnnotationError(f"{path.name}:{number}: {error}") from None
            if annotation is not None:
                found[identifier] = annotation
    return found
