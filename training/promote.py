"""Step 12: a calibrated build -> a released artefact `models/<version>/` that `models/CURRENT` names.

Packs graph, tokenizer, calibration, golden vectors and model card with a manifest of hashes, opens
the result the way the service does, and refuses when int8 costs too much or when the build is worse
than the release it would replace. Run: `python -m training.promote --version 2026.11.1` (make promote)
"""

import argparse
import json
import shutil
from pathlib import Path

import numpy as np

from service.labels import COLUMNS, LANGUAGES, SIGNALS
from service.scoring.artefact import (
    FORMAT,
    GOLDEN,
    LOADED_FILES,
    MANIFEST,
    MODEL,
    NGRAMS,
    TOKENIZER,
    digest_of,
    hash_file,
)
from service.scoring.onnx import load_scorer

from .batches import MAX_TOKENS
from .card import write_card
from .dataset import OWN, examples
from .evaluate import REPORT, hashes_of
from .export import OUT
from .finetune import OUT as FINETUNED
from .paths import BUILD, MODELS
from .predict import open_graph

GOLDEN_TOLERANCE = 0.1
"""Logit units. Where float rounding differs between CPUs, an int8 activation may round the other way;
that moves a logit by a few hundredths, while saturation or a wrong kernel moves it by whole units."""
GOLDEN_PER_LANGUAGE = 6
INT8_BUDGET = 0.005
"""Largest loss of macro-F1 or AUC against fp32 per language and signal, on dev and test together."""
INT8_GATE_POSITIVES = 60
"""Macro-F1 is gated for signals with at least this many positives in a language (AUC from 25 on)."""


def golden_rows() -> list[dict[str, object]]:
    """Texts of the own test turns with the logits that this machine computes for them."""
    graph = open_graph(OUT / MODEL, OUT / TOKENIZER, MAX_TOKENS, ngrams=OUT / NGRAMS)
    rows = []
    for language in LANGUAGES:
        turns = [e for e in examples("test") if e.source == OWN and e.language == language]
        for example in turns[:: max(1, len(turns) // GOLDEN_PER_LANGUAGE)][:GOLDEN_PER_LANGUAGE]:
            logits = np.round(graph.logits(example.text).astype(float), 5)
            rows.append({"text": example.text, "logits": logits.tolist()})
    return rows


def int8_losses(report: dict[str, dict[str, dict[str, dict[str, float]]]]) -> list[str]:
    """The sets and signals where int8 costs more than the budget."""
    found = []
    for name, signals in report.items():
        for signal, entry in signals.items():
            if not name.startswith("own_both.") or "fp32" not in entry:
                continue
            support = entry["ours"].get("positives", entry["ours"]["rows"])
            # Below that, one row moves macro-F1 by more than the budget; AUC is steadier.
            metrics = ("auc", "macro_f1") if support >= INT8_GATE_POSITIVES else ("auc",) if support >= 25 else ()
            for metric in metrics:
                loss = entry["fp32"][metric] - entry["ours"][metric]
                if loss > INT8_BUDGET:
                    found.append(f"{name} {signal}: {metric} {loss:.4f} lower than fp32")
    return found


def mean_auc(report: dict[str, dict[str, dict[str, dict[str, float]]]], of: str = "ours") -> float | None:
    """Mean AUC over the own test sets, the number that a new release must not lower; None where `of` was not measured."""
    entries = [r[s] for n, r in report.items() if n.startswith("own_test.") for s in SIGNALS if s in r]
    values = [entry[of]["auc"] for entry in entries if of in entry]
    return float(np.mean(values)) if values else None


def check(report: dict[str, dict[str, dict[str, dict[str, float]]]], released: str | None) -> list[str]:
    """Reasons not to release; empty when there is none. `released` was measured on the same rows; None before the first."""
    reasons = int8_losses(report)
    ours, before = mean_auc(report), mean_auc(report, "released")
    if ours is None or (released is not None and before is None):
        reasons.append("own test turns were not measured, so nothing is known of it")
    elif before is not None and ours < before:
        reasons.append(f"mean test AUC {ours:.4f} is below {before:.4f} of {released}")
    return reasons


def pack(version: str, report: dict[str, object]) -> Path:
    """Write `models/<version>/` and return it."""
    folder = MODELS / version
    folder.mkdir(parents=True, exist_ok=True)
    golden = {"tolerance": GOLDEN_TOLERANCE, "rows": golden_rows()}
    (OUT / GOLDEN).write_text(json.dumps(golden, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    names = (*LOADED_FILES, NGRAMS)
    for name in names:
        shutil.copy(OUT / name, folder / name)
    (folder / "report.json").write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    files = {name: hash_file(folder / name) for name in names}
    finetuning = json.loads((FINETUNED / "finetuning.json").read_text(encoding="utf-8"))
    manifest = {
        "format": FORMAT,
        "version": version,
        "precision": "int8",
        "max_tokens": MAX_TOKENS,
        "columns": list(COLUMNS),
        "digest": digest_of(files),
        "files": files,
        "finetuning": finetuning,
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    write_card(folder, manifest, report)
    return folder


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--version", required=True)
    parser.add_argument(
        "--despite", action="store_true", help="release although a check speaks against it; the card says so"
    )
    args = parser.parse_args()
    report = json.loads(REPORT.read_text(encoding="utf-8"))
    if report["files"] != hashes_of(OUT):
        raise SystemExit("promote: the report is of another build; run make evaluate")
    if (MODELS / args.version).exists():
        raise SystemExit(f"promote: {args.version} exists already; choose another version")
    pointer = MODELS / "CURRENT"
    current = pointer.read_text(encoding="utf-8").strip() if pointer.exists() else None
    if report["released"] != current:
        raise SystemExit("promote: the report compares with another release; run make evaluate")
    reasons = check(report["sets"], current)
    if reasons and not args.despite:
        raise SystemExit("promote: refused\n  " + "\n  ".join(reasons))
    folder = pack(args.version, {**report, "exceptions": reasons})
    golden = load_scorer(folder).verify()
    if not golden.ok:
        raise SystemExit(f"promote: golden vectors differ by {golden.worst:.4f}")
    pointer.write_text(args.version + "\n", encoding="utf-8")
    size = round(sum((folder / name).stat().st_size for name in (MODEL, NGRAMS)) / 1e6, 1)
    print(
        json.dumps(
            {"step": "promote", "version": args.version, "megabytes": size, "exceptions": reasons, "build": BUILD.name}
        )
    )


if __name__ == "__main__":
    main()
