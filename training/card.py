"""A report -> the model card (`models/<version>/README.md`): every number in it comes from report.json.

Run again for the served release: `python -m training.card` (make card).
"""

import json
from pathlib import Path
from string import Template

from service.labels import BINARY, LANGUAGES, SIGNALS

from .paths import MODELS

TEMPLATE = Path(__file__).with_name("card.md")
SIGNALS_SHOWN = (*BINARY, "sentiment")


def _number(entry: dict[str, object] | None, key: str) -> str:
    value = (entry or {}).get(key)
    return "–" if value is None else f"{float(str(value)):.3f}"


def own_table(sets: dict[str, dict[str, dict[str, dict[str, object]]]], split: str) -> str:
    """Held-back own turns: one row per language and signal."""
    head = "| language | signal | rows | positives | AUC | AUC before | AUC tf-idf | AUC fp32 | macro-F1 | macro-F1 tf-idf | precision | recall | calibration error |"
    lines = [head, "|" + "---|" * 13]
    for language in LANGUAGES:
        for signal, entry in sets.get(f"own_{split}.{language}", {}).items():
            ours, before, theirs, full = (entry.get(name) for name in ("ours", "released", "tfidf_lr", "fp32"))
            cells = [
                language, signal, str(ours["rows"]), str(ours.get("positives", "–")), _number(ours, "auc"), _number(before, "auc"), _number(theirs, "auc"),
                _number(full, "auc"), _number(ours, "macro_f1"), _number(theirs, "macro_f1"), _number(ours, "precision"),
                _number(ours, "recall"), _number(entry, "calibration_error"),
            ]  # fmt: skip
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def unseen_table(sets: dict[str, dict[str, dict[str, dict[str, object]]]]) -> str:
    """Evaluation-only sets: none of their rows was trained, calibrated or tuned on."""
    lines = ["| set | signal | rows | AUC | AUC tf-idf | macro-F1 | macro-F1 tf-idf | recall |", "|" + "---|" * 8]
    for name, signals in sets.items():
        if name.startswith("own_"):
            continue
        for signal, entry in signals.items():
            ours, theirs = entry["ours"], entry.get("tfidf_lr")
            cells = [
                name,
                signal,
                str(ours["rows"]),
                _number(ours, "auc"),
                _number(theirs, "auc"),
                _number(ours, "macro_f1"),
                _number(theirs, "macro_f1"),
                _number(ours, "recall"),
            ]
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def language_table(report: dict[str, dict[str, float]]) -> str:
    """Language identification on held-back turns."""
    lines = ["| language and length | rows | accuracy |", "|---|---|---|"]
    return "\n".join(
        lines + [f"| {name} | {entry['rows']} | {entry['accuracy']:.3f} |" for name, entry in report.items()]
    )


def subgroup_tables(report: dict[str, dict[str, dict[str, dict[str, object]]]]) -> str:
    """Ways of writing, rows that name a group of people, harmless sentences about oneself."""
    lines = ["| turns | rows | " + " | ".join(f"{s} AUC | {s} recall" for s in SIGNALS) + " |", "|" + "---|" * 8]
    for group, entry in report["writing"].items():
        cells = [_number(entry.get(signal), key) for signal in SIGNALS for key in ("auc", "recall")]
        lines.append(f"| {group} | {entry['rows']} | " + " | ".join(cells) + " |")
    lines += ["", "| public rows without abuse | naming a group | flagged | naming none | flagged |", "|" + "---|" * 5]
    for language, entry in report["mentions"].items():
        cells = [str(entry["rows_naming"]), _number(entry, "flagged_naming"), str(entry["rows_not_naming"])]
        lines.append(f"| {language} | " + " | ".join([*cells, _number(entry, "flagged_not_naming")]) + " |")
    lines += ["", "| harmless sentences | flagged frustration | abuse | threat | terms concerned |", "|" + "---|" * 5]
    for language, entry in report["sentences"].items():
        terms = ", ".join(map(str, entry["terms"])) or "none"  # type: ignore[call-overload]
        cells = [_number(entry, signal) for signal in SIGNALS]
        lines.append(f"| {language} ({entry['sentences']}) | " + " | ".join([*cells, terms]) + " |")
    return "\n".join(lines)


def write_card(folder: Path, manifest: dict[str, object], report: dict[str, object]) -> None:
    """Fill the template."""
    sets, exceptions = report["sets"], report.get("exceptions") or []
    assert isinstance(sets, dict)
    assert isinstance(exceptions, list)
    finetuning = dict(manifest["finetuning"])  # type: ignore[call-overload]
    pretraining, sources = finetuning.pop("pretraining", {}), finetuning.pop("sources")
    text = Template(TEMPLATE.read_text(encoding="utf-8")).substitute(
        version=manifest["version"],
        digest=manifest["digest"],
        max_tokens=manifest["max_tokens"],
        pretraining=json.dumps(pretraining, indent=2),
        finetuning=json.dumps(finetuning, indent=2),
        training_sets=", ".join(f"{name} ({rows:,})" for name, rows in sources.items()),
        test_table=own_table(sets, "test"),
        dev_table=own_table(sets, "dev"),
        unseen_table=unseen_table(sets),
        language_table=language_table(report["language"]),  # type: ignore[arg-type]
        subgroup_tables=subgroup_tables(report["subgroups"])  # type: ignore[arg-type]
        if "subgroups" in report
        else "Not measured for this release.",
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
