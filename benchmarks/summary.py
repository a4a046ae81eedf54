"""Result files and the served model's report -> the short block of measurements in README.md (`make docs`)."""

import json

from benchmarks.results import read
from service.labels import BINARY, LANGUAGES
from training.markdown import table
from training.paths import MODELS

COLUMNS = (*BINARY, "sentiment")
LATER_ROWS = "the rows of the language part, more than the transformer has learnt from"


def readme_block() -> str:
    """Footprint and latency in a sentence, AUC per language and signal in a table."""
    return f"{_machine_sentence()}\n{_quality_table()}"


def _machine_sentence() -> str:
    footprint, latency = read("footprint"), read("latency")
    parts = []
    if footprint is not None:
        measured = footprint["measured"]
        assert isinstance(measured, dict)
        parts.append(
            f"the runtime takes {measured['install_mb']} MB on disk, answers {measured['first_answer_s']} s after its start "
            f"and rests at {measured['idle_memory_mb']} MB of memory"
        )
    if latency is not None:
        measured = latency["measured"]
        assert isinstance(measured, dict)
        turns = [(k.split("_")[0], v["score"]["p50_ms"]) for k, v in measured.items() if isinstance(v, dict)]
        parts.append(
            "one thread scores " + ", ".join(f"{tokens} tokens in {ms} ms" for tokens, ms in turns) + " (median)"
        )
    return (
        f"On the machine named in [benchmarks/RESULTS.md](benchmarks/RESULTS.md), {'; '.join(parts)}.\n"
        if parts
        else ""
    )


def _quality_table() -> str:
    """Held-back own turns, dev and test together (thresholds were fitted on dev, the ranking was not)."""
    version = (MODELS / "CURRENT").read_text(encoding="utf-8").strip()
    report, manifest = (
        json.loads((MODELS / version / f"{name}.json").read_text(encoding="utf-8")) for name in ("report", "manifest")
    )
    sets = report["sets"]
    rows = [[name, *(_cell(sets[f"own_both.{name}"].get(column)) for column in COLUMNS)] for name in LANGUAGES]
    return (
        f"Model {version}, AUC on held-back own turns (dev and test), in brackets TF-IDF + logistic regression on "
        f"{LATER_ROWS if 'language_part' in manifest['finetuning'] else 'the same rows'}:\n\n{table(['', *COLUMNS], rows)}\n"
    )


def _cell(entry: dict[str, dict[str, float]] | None) -> str:
    if entry is None:
        return "–"
    beside = f" ({entry['tfidf_lr']['auc']:.3f})" if "tfidf_lr" in entry else ""
    return f"{entry['ours']['auc']:.3f}{beside}"
