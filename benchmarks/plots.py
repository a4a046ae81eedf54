"""Result files -> PNG plots for RESULTS.md and the model card."""

from pathlib import Path

import matplotlib as mpl
import numpy as np

mpl.use("Agg")
from matplotlib import pyplot as plt  # after the backend is chosen

COLOURS = {"ours": "#0b6e4f", "tfidf_lr": "#8a5a00", "minilm_lr": "#3a5a9b", "lexicon": "#9a9a9a"}


def plot_quality(entry: dict[str, object], path: Path) -> None:
    """AUC of every system with its interval, one line per set and signal."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    rows = [
        (f"{name} · {signal}", values)
        for name, signals in measured["sets"].items()
        for signal, values in signals.items()
    ]
    figure, axes = plt.subplots(figsize=(9, 0.34 * len(rows) + 1.2), layout="constrained")
    for shift, system in zip(np.linspace(-0.27, 0.27, len(measured["systems"])), measured["systems"], strict=True):
        points = np.array([values[system]["auc"] for _, values in rows])
        spread = np.abs(points[:, 1:].T - points[:, 0])
        axes.errorbar(
            points[:, 0],
            np.arange(len(rows)) + shift,
            xerr=spread,
            fmt="o",
            ms=4,
            lw=1,
            color=COLOURS[system],
            label=system,
        )
    axes.set_yticks(np.arange(len(rows)), [name for name, _ in rows], fontsize=8)
    axes.invert_yaxis()
    axes.set_xlabel("AUC, 95 % interval")
    axes.axvline(0.5, color="#cccccc", lw=1)
    axes.grid(axis="x", alpha=0.3)
    axes.legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=130)
    plt.close(figure)


def plot_reliability(entry: dict[str, object], path: Path) -> None:
    """Calibrated probability against the observed share: a panel per signal, a line per language."""
    measured = entry["measured"]
    assert isinstance(measured, dict)
    languages = {name: found for name, found in measured.items() if isinstance(found, dict)}
    signals = list(next(iter(languages.values())))
    figure, panels = plt.subplots(1, len(signals), figsize=(3.6 * len(signals), 3.7), layout="constrained")
    for axes, signal in zip(panels, signals, strict=True):
        axes.plot([0, 1], [0, 1], color="#bbbbbb", lw=1)
        for language, found in languages.items():
            xs, ys, _ = zip(*found[signal]["bins"], strict=True)
            axes.plot(xs, ys, "o-", ms=4, lw=1, label=language)
        axes.set(xlabel="calibrated probability", title=signal, xlim=(0, 1), ylim=(0, 1), aspect="equal")
    panels[0].set_ylabel("share labelled 1")
    panels[0].legend(fontsize=8)
    figure.savefig(path, dpi=130)
    plt.close(figure)
