"""A report -> the model card (`models/<version>/README.md`): every number in it comes from report.json.

Run again for the served release: `python -m training.card` (make card).
"""

import json
from pathlib import Path
from string import Template

from service.labels import BINARY, LANGUAGES, SIGNALS
from service.scoring.artefact import NGRAMS

from .markdown import table
from .paths import MODELS

TEMPLATE = Path(__file__).with_name("card.md")
NGRAMS_SAID = (
    "Beside it (`ngrams.npz`): TF-IDF of characters and words with one logistic regression per output, learnt from the same rows, its logits "
    "added with a share fitted on dev, as is (from 2026.11.6 on) the offset of `other`. The yardstick below is much the same regression alone: being ahead of it says what the transformer adds."
)
PRETRAINED_SAID = "Encoder: pretrained from nothing (masked language modelling; token embeddings started from factorised co-occurrence counts):"
CHECKPOINTS = {"all-MiniLM-L6-v2": ("sentence-transformers/all-MiniLM-L6-v2", "Apache-2.0")}
"""Name on the hub and licence of what an encoder may have begun with; of others the card says neither."""
TRANSFERRED_SAID = Template(
    "Encoder: layers of $checkpoint as named below (`models/NOTICE.md`), changed by all that follows. Its embeddings under our vocabulary were worked "
    "out from translation pairs and shared spelling (`training.transfer`), then it was taught that checkpoint's sentence vectors, for English text "
    "and its translations, and the token states of our release before, which had been pretrained from nothing (`training.teach`). `pairs`: translations "
    "read, by language; `minutes`, `steps`, `read` (tokens): of teaching:"
)
LANGUAGE_PART_SAID = (
    " The language output's n-grams were learnt later than the rest, from the rows named in `language_part` above; so were the numbers of "
    "`tf-idf`, which has learnt from more rows than the transformer here."
)
SIGNALS_SHOWN = (*BINARY, "sentiment")


def _number(entry: dict[str, object] | None, key: str) -> str:
    value = (entry or {}).get(key)
    return "–" if value is None else f"{float(str(value)):.3f}"


def own_table(sets: dict[str, dict[str, dict[str, dict[str, object]]]], split: str) -> str:
    """Held-back own turns: one row per language and signal."""
    head = [
        "language", "signal", "rows", "positives", "AUC", "AUC before", "AUC tf-idf", "AUC fp32", "macro-F1", "macro-F1 tf-idf",
        "precision", "recall", "calibration error",
    ]  # fmt: skip
    rows = []
    for language in LANGUAGES:
        for signal, entry in sets.get(f"own_{split}.{language}", {}).items():
            ours, before, theirs, full = (entry.get(name) for name in ("ours", "released", "tfidf_lr", "fp32"))
            assert ours is not None
            rows.append([
                language, signal, ours["rows"], ours.get("positives", "–"), *(_number(e, "auc") for e in (ours, before, theirs, full)),
                *(_number(e, "macro_f1") for e in (ours, theirs)), _number(ours, "precision"), _number(ours, "recall"),
                _number(entry, "calibration_error"),
            ])  # fmt: skip
    return table(head, rows)


def unseen_table(sets: dict[str, dict[str, dict[str, dict[str, object]]]]) -> str:
    """Evaluation-only sets: none of their rows was trained, calibrated or tuned on."""
    head = ["set", "signal", "rows", "AUC", "AUC tf-idf", "macro-F1", "macro-F1 tf-idf", "recall"]
    rows = []
    for name, signals in sets.items():
        if name.startswith("own_"):
            continue
        for signal, entry in signals.items():
            both = (entry["ours"], entry.get("tfidf_lr"))
            numbers = [_number(side, key) for key in ("auc", "macro_f1") for side in both]
            rows.append([name, signal, entry["ours"]["rows"], *numbers, _number(entry["ours"], "recall")])
    return table(head, rows)


def language_table(report: dict[str, dict[str, float]]) -> str:
    """Language identification on held-back turns."""
    rows = [[name, entry["rows"], f"{entry['accuracy']:.3f}"] for name, entry in report.items()]
    return table(["language and length", "rows", "accuracy"], rows)


def subgroup_tables(report: dict[str, dict[str, dict[str, dict[str, object]]]]) -> str:
    """Ways of writing, rows that name a group of people, harmless sentences about oneself."""
    writing = table(
        ["turns", "rows", *(f"{signal} {metric}" for signal in SIGNALS for metric in ("AUC", "recall"))],
        (
            [group, entry["rows"], *(_number(entry.get(s), key) for s in SIGNALS for key in ("auc", "recall"))]
            for group, entry in report["writing"].items()
        ),
    )
    mentions = table(
        ["public rows without abuse", "naming a group", "flagged", "naming none", "flagged"],
        (
            [
                language, entry["rows_naming"], _number(entry, "flagged_naming"),
                entry["rows_not_naming"], _number(entry, "flagged_not_naming"),
            ]
            for language, entry in report["mentions"].items()
        ),
    )  # fmt: skip
    sentences = table(
        ["harmless sentences", "flagged frustration", "abuse", "threat", "terms concerned"],
        (
            [
                f"{language} ({entry['sentences']})", *(_number(entry, signal) for signal in SIGNALS),
                ", ".join(map(str, entry["terms"])) or "none",  # type: ignore[call-overload]
            ]
            for language, entry in report["sentences"].items()
        ),
    )  # fmt: skip
    return "\n\n".join([writing, mentions, sentences])


def origin_of(pretraining: dict[str, object]) -> str | None:
    """The checkpoint whose layers the encoder began with; None where it began with nothing."""
    found = pretraining.get("transferred_from")
    before = pretraining.get("before")
    return str(found) if found else origin_of(before) if isinstance(before, dict) else None


def write_card(folder: Path, manifest: dict[str, object], report: dict[str, object]) -> None:
    """Fill the template."""
    sets, exceptions = report["sets"], report.get("exceptions") or []
    assert isinstance(sets, dict)
    assert isinstance(exceptions, list)
    finetuning = dict(manifest["finetuning"])  # type: ignore[call-overload]
    pretraining, sources = finetuning.pop("pretraining", {}), finetuning.pop("sources")
    origin = origin_of(pretraining)
    hub, licence = CHECKPOINTS.get(origin or "", ("", ""))
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        version=manifest["version"],
        digest=manifest["digest"],
        max_tokens=manifest["max_tokens"],
        ngrams=NGRAMS_SAID if NGRAMS in manifest["files"] else "",  # type: ignore[operator]
        base_model=f"base_model: {hub}\n" if hub else "",
        encoder=TRANSFERRED_SAID.substitute(checkpoint=f"{origin} ({licence})" if licence else origin)
        if origin
        else PRETRAINED_SAID,
        pretraining=json.dumps(pretraining, indent=2),
        finetuning=json.dumps(finetuning, indent=2),
        training_sets=", ".join(f"{name} ({rows:,})" for name, rows in sources.items()),
        test_table=own_table(sets, "test"),
        chats_table=own_table(sets, "test_chats"),
        dev_table=own_table(sets, "dev"),
        unseen_table=unseen_table(sets),
        language_table=language_table(report["language"]),  # type: ignore[arg-type]
        subgroup_tables=subgroup_tables(report["subgroups"]),  # type: ignore[arg-type]
        language_part=LANGUAGE_PART_SAID if "language_part" in finetuning else "",
        exceptions="\n".join(f"- {reason}" for reason in exceptions) or "None.",
    )
    (folder / "README.md").write_text(text, encoding="utf-8")


def main() -> None:
    folder = MODELS / (MODELS / "CURRENT").read_text(encoding="utf-8").strip()
    read = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("manifest", "report")}
    write_card(folder, read["manifest"], read["report"])
    print(json.dumps({"step": "card", "version": read["manifest"]["version"]}))


if __name__ == "__main__":
    main()
