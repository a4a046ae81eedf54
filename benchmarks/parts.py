"""Result files -> the sections of RESULTS.md: one function per benchmark, Markdown out; used by `results`."""

from typing import Any

from training.markdown import table

NAMES = {
    "ours": "ours (int8)",
    "tfidf_lr": "TF-IDF + LR, same rows",
    "minilm_lr": "MiniLM + LR",
    "lexicon": "lexicon",
}


def about(entry: dict[str, object]) -> str:
    """Where and when it was measured."""
    machine = entry["machine"]
    assert isinstance(machine, dict)
    return f"{entry['date']}, commit {entry['commit']}, {machine['cpu']}, {machine['cores']} cores, Python {machine['python']}"


def section(title: str, command: str, entry: dict[str, object], *blocks: str) -> str:
    """Heading, the command with where and when it ran, then paragraphs and tables."""
    measured = entry["measured"]
    model = f", model {measured['model']}" if isinstance(measured, dict) and "model" in measured else ""
    return "\n\n".join([f"## {title}", f"`{command}` · {about(entry)}{model}", *blocks]) + "\n"


def footprint_part(entry: dict[str, object]) -> str:
    """Install size, start and memory against their limits."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    goals = measured["goals"]
    rows = [
        [label, f"{measured[key]} {unit}", f"under {goals[key]} {unit}"]
        for label, key, unit in (
            ("runtime install", "install_mb", "MB"),
            ("start to first answer", "first_answer_s", "s"),
            ("idle memory", "idle_memory_mb", "MB"),
        )
    ]
    return section("Footprint", "make footprint", entry, table(["", "measured", "limit"], rows))


def latency_part(entry: dict[str, object]) -> str:
    """Milliseconds by length."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    head = [
        "one turn, one thread",
        "score p50 ms",
        "score p95 ms",
        "model alone p50 ms",
        "XLM-R-base fp32 p50 ms",
        "times faster",
    ]
    rows = [_latency_row(name, value) for name, value in measured.items() if isinstance(value, dict)]
    return section("Latency", "make benchmark", entry, table(head, rows))


def _latency_row(name: str, value: dict[str, dict[str, float]]) -> list[object]:
    ours = [value["score"]["p50_ms"], value["score"]["p95_ms"], value["model_alone"]["p50_ms"]]
    theirs = value.get("xlmr_base_fp32")
    return [name.replace("_", " "), *ours, *((theirs["p50_ms"], value["times_faster"]) if theirs else ("–", "–"))]


def evidence_part(entry: dict[str, object]) -> str:
    """Character F1 of the marked words and what it costs."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    rows = [
        [name, values["rows"], method.replace("_", " "), _interval(values[method]["f1"]), values[method]["ms_per_row"]]
        for name, values in measured.items()
        if isinstance(values, dict)
        for method in ("ours", "occlusion", "every_word", "half_of_the_words")
    ]
    text = "Words marked for abuse against the characters that people marked (dev rows). Ours comes with the score, at no cost of its own."
    marked = table(["set", "rows", "marked by", "character F1", "ms a row"], rows)
    return section("Evidence", "python -m benchmarks.evidence", entry, text, marked)


def robustness_part(entry: dict[str, object]) -> str:
    """What each way of typing costs."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    signals = ("frustration", "abuse", "threat")
    rows = [
        [language, kind.replace("_", " "), *(_cost(found[signal]) for signal in signals)]
        for language, kinds in measured.items()
        if isinstance(kinds, dict)
        for kind, found in kinds.items()
        if isinstance(found, dict)
    ]
    head = ["language", "typed", *(f"{signal}: AUC (change), flags flipped" for signal in signals)]
    return section("Robustness", "python -m benchmarks.robustness", entry, table(head, rows))


def _cost(found: dict[str, float]) -> str:
    if "change" not in found:
        return f"{found['auc']:.3f}"
    return f"{found['auc']:.3f} ({found['change']:+.3f}), {found['flipped'] * 100:.1f} %"


def language_part(entry: dict[str, object]) -> str:
    """Accuracy of language identification beside py3langid."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    rows = [
        [name, found["rows"], f"{found['ours']:.3f}", f"{found['py3langid']:.3f}"]
        for name, found in measured.items()
        if isinstance(found, dict)
    ]
    head = ["turns", "rows", "ours", "py3langid, same four languages"]
    return section("Language", "python -m benchmarks.language", entry, table(head, rows))


def quality_part(entry: dict[str, object]) -> str:
    """AUC with intervals and recall at the stated precision, per set and signal."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    systems = measured["systems"]
    rows = []
    for name, signals in measured["sets"].items():
        for signal, values in signals.items():
            aucs = [_interval(values[s]["auc"], best=_best(values, systems) == s) for s in systems]
            recalls = [_interval(values.get(s, {}).get("recall")) for s in ("ours", "tfidf_lr")]
            rows.append([name, signal, values["rows"], *aucs, *recalls])
    head = ["set", "signal", "rows", *(f"AUC {NAMES[s]}" for s in systems), "recall ours", "recall TF-IDF + LR"]
    text = (
        "AUC with 95 % bootstrap intervals (sentiment: positive against negative); the best of a row in bold. "
        f"Recall at the threshold that keeps a precision of {', '.join(f'{v:.2f} ({k})' for k, v in measured['precision_goal'].items())} "
        "on our own dev turns. `own_test`: our own conversations held back; the others are sources nothing was trained or tuned on."
    )
    plot = "![AUC by set and system](results/quality.png)"
    return section("Quality", "make quality", entry, text, plot, table(head, rows))


def _best(values: dict[str, dict[str, list[float]]], systems: list[str]) -> str:
    return max(systems, key=lambda s: values[s]["auc"][0])


def _interval(value: list[float] | None, *, best: bool = False) -> str:
    if value is None:
        return "–"
    mark = "**" if best else ""
    return f"{mark}{value[0]:.3f}{mark} ({value[1]:.2f}–{value[2]:.2f})"


def reliability_part(entry: dict[str, object]) -> str:
    """Expected calibration error per language and signal, and the plot."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    languages = {name: found for name, found in measured.items() if isinstance(found, dict)}
    signals = list(next(iter(languages.values())))
    rows = [
        [language, *(f"{found[s]['error_dev']:.3f} / {found[s]['error_test']:.3f}" for s in signals)]
        for language, found in languages.items()
    ]
    head = ["language", *(f"{signal}: dev / test" for signal in signals)]
    text = (
        "Expected calibration error over ten bins of equal size, own held-back turns; calibration was fitted on dev, not on test. "
        "With a few hundred turns a language, chance alone makes some hundredths. The plot takes both splits together."
    )
    plot = "![Calibrated probability against observed share](results/reliability.png)"
    return section("Reliability", "python -m benchmarks.reliability", entry, text, plot, table(head, rows))


def quantisation_part(entry: dict[str, object]) -> str:
    """Ways to make the graph smaller, side by side."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    rows = [
        [name, found["megabytes"], found["tokens"], found["p50_ms"], f"{found['auc']:.4f}", _change(found)]
        for name, found in measured.items()
        if isinstance(found, dict)
    ]
    head = ["graph", "MB", "tokens", "p50 ms", "mean AUC", "worst change of an AUC"]
    text = "Own test turns, every language and signal; one thread."
    return section("Quantisation", "python -m benchmarks.quantisation", entry, text, table(head, rows))


def _change(found: dict[str, float]) -> str:
    return f"{found['worst_change']:+.4f}" if "worst_change" in found else "–"


def draft_check_part(entry: dict[str, object]) -> str:
    """Precision and recall of the draft check per kind and language, and its false alarms."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    text = (
        "Precision / recall (found, labelled) against the `quality` of held-back agents' turns; a finding on a turn that has "
        "another fault counts as wrong. The patterns were written from train turns, and the model is fitted to them. There are few labelled turns of a kind: "
        "only the last line says much. What has no label (address, repetition, missing apology, unanswered question) is "
        "measured by its false alarms alone."
    )
    return section("Draft check", "python -m benchmarks.draft_check", entry, text, draft_table(measured))


def draft_table(measured: dict[str, dict[str, Any]]) -> str:
    """One line per language and split, the sum last."""
    kinds = [kind for kind, found in measured["all dev and test"]["kinds"].items() if "precision" in found]
    rows = [
        [
            name, *(_precision_recall(found["kinds"][kind]) for kind in kinds),
            *(f"{found[f'alarms_{sound}'] * 100:.1f} % of {found[sound]}" for sound in ("good", "neutral")),
        ]
        for name, found in measured.items()
    ]  # fmt: skip
    return table(["turns", *(kind.replace("_", " ") for kind in kinds), "alarms on good turns", "on neutral"], rows)


def _precision_recall(found: dict[str, Any]) -> str:
    shares = " / ".join("–" if found[key] is None else f"{found[key]:.2f}" for key in ("precision", "recall"))
    return f"{shares} ({found['found']}, {found['labelled']})"
