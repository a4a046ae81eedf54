"""Step 9c: a released artefact -> the same model whose n-grams have learnt the language anew (build/export/).

Labels of the language change more often than the rest, and its five columns of the n-grams are learnt in
minutes: graph, known n-grams and every other column stay the bits that they are. Needs the release's
weights in build/finetune (`training.restore --out build/finetune`) for the check against fp32; then `make export`,
this, and `make calibrate evaluate promote VERSION=...` as ever.
Run: `python -m training.language_part --of models/2026.11.8`
"""

import argparse
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from service.labels import COLUMNS, LANGUAGE_SLICE
from service.scoring.artefact import MANIFEST, MODEL, NGRAMS, TOKENIZER, read_json
from service.scoring.ngrams import ARRAYS, NgramModel, occurrences
from service.scoring.normalise import normalise

from .arguments import FACTS, release
from .batches import MAX_TOKENS
from .dataset import examples, unlearnt
from .examples import Example, rows_digest, targets_of
from .export import OUT
from .finetune import OUT as FINETUNED
from .ngrams import OTHER, learn, matrix, mistyped, other_offset, packed, shares
from .predict import MAX_CHARS, open_graph, predict
from .quantise import INT8

Arrays = dict[str, np.ndarray]


def relearnt(before: Arrays, rows: Sequence[Example]) -> Arrays:
    """The arrays of an n-gram part with the language's columns learnt from `rows`, at their full share."""
    known = [row for row in rows if row.language_known]
    found = [occurrences(normalise(row.text[:MAX_CHARS]).text).hashes for row in known]
    targets = targets_of(known)
    language = replace(
        targets,
        sigmoids=np.full_like(targets.sigmoids, np.nan),
        sentiment=np.full_like(targets.sentiment, -1),
    )
    x = matrix(found, before["hashes"], before["idf"])
    learnt = learn(x, language, np.array([row.weight * row.share for row in known]))
    columns = packed(
        *(part[..., LANGUAGE_SLICE] for part in learnt), np.ones(LANGUAGE_SLICE.stop - LANGUAGE_SLICE.start)
    )
    after = {name: values.copy() for name, values in before.items()}
    for name, values in zip(("weights", "scale", "bias"), columns, strict=True):
        after[name][..., LANGUAGE_SLICE] = values
    return after


def shared_out(arrays: Arrays, share: np.ndarray) -> Arrays:
    """The language's columns at their share beside the transformer; the others have theirs already."""
    factor = np.ones(len(COLUMNS), dtype=np.float32)
    factor[LANGUAGE_SLICE] = share[LANGUAGE_SLICE]
    return arrays | {name: arrays[name] * factor for name in ("scale", "bias")}


def _require_restored(artefact: Path) -> None:
    """The weights that stand for the release in the check against fp32 must be the release's."""
    if not (artefact / NGRAMS).is_file():
        raise SystemExit(f"language_part: {artefact.name} has no {NGRAMS}")
    facts = FINETUNED / FACTS
    told = read_json(facts) if facts.is_file() else {}
    again = told.get("language_part")
    if artefact.name not in (told.get("release"), again.get("release") if isinstance(again, dict) else None):
        raise SystemExit(
            f"language_part: {FINETUNED} does not hold {artefact.name}; "
            f"python -m training.restore --from {artefact} --out {FINETUNED}, then python -m training.export"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", dest="artefact", type=release, required=True, help="the folder of a release")
    artefact = parser.parse_args().artefact
    _require_restored(artefact)
    OUT.mkdir(parents=True, exist_ok=True)
    shutil.copy(artefact / MODEL, INT8)
    shutil.copy(artefact / TOKENIZER, OUT)
    with np.load(artefact / NGRAMS, allow_pickle=False) as file:
        before = {name: file[name] for name in ARRAYS}
    train = examples("train")
    dev = [row for row in unlearnt(examples("dev"), train) if row.language_known]
    after = relearnt(before, mistyped(train))
    model = NgramModel(*(after[name] for name in ARRAYS))
    found = np.stack([model.read(normalise(row.text[:MAX_CHARS]).text).logits for row in dev])
    deep = predict(open_graph(INT8, OUT / TOKENIZER, MAX_TOKENS), dev)
    share = shares(dev, deep, found)
    arrays = shared_out(after, share)
    arrays["bias"][LANGUAGE_SLICE.start + OTHER] += other_offset(dev, (deep + share * found)[:, LANGUAGE_SLICE])
    np.savez_compressed(OUT / NGRAMS, **arrays)
    facts = dict(read_json(artefact / MANIFEST)["finetuning"])  # type: ignore[call-overload]
    facts["language_part"] = {"release": artefact.name, "rows": len(train), "rows_digest": rows_digest(train)}
    (FINETUNED / FACTS).write_text(json.dumps(facts, indent=2) + "\n", encoding="utf-8")
    print(json.dumps({"step": "language_part", "share": round(float(share[LANGUAGE_SLICE.start]), 3)}))


if __name__ == "__main__":
    main()
