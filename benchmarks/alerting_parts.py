"""results/early_warning.json -> its section of RESULTS.md; used by `results`."""

from typing import Any

from benchmarks.alerting import CALM_BUDGET, HARMLESS
from benchmarks.parts import section
from training.markdown import table

TEXT = (
    "Alerted: consult or hand-off. In time: at or before the customer turn at which the conversation escalates (the first threat, request for a "
    "person or cancellation, or the second insult; `training/escalation.py`); before: strictly before it; lead: customer turns between, of the alerts "
    "in time. Conversations that did not escalate are calm, displeased (frustration only) or heated (a threat, insult, request for a person or "
    "cancellation that was settled); false positives are all of them together. Passed on: handed over for their gravity, without frustration or any "
    "sign; they count on neither side. Precision: share of the alerted conversations that did escalate. Recovery: alerts withdrawn by the last turn, of "
    "conversations that went on and came round. Rules and thresholds were chosen on dev; the rivals' thresholds on the measured set itself, to "
    f"their advantage: at the policy's false-positive rate, and where at most {CALM_BUDGET:.0%} of the calm conversations are alerted."
)


def early_warning_part(entry: dict[str, object]) -> str:
    """The conversations, the ways to alert, and the forecast as a probability."""
    measured: Any = entry["measured"]
    sets: dict[str, Any] = measured["sets"]
    return section(
        "Early warning", "python -m benchmarks.early_warning", entry, TEXT, alert_table(sets), forecast_table(sets)
    )


def alert_table(sets: dict[str, Any]) -> str:
    """One line per set and way to alert."""
    rows = [[name, way, *_line(found)] for name, entry in sets.items() for way, found in entry["alerts"].items()]
    head = ["set", "alerts by", "in time", "before", "median lead", "calm", "displeased", "heated", "false positives"]
    return table([*head, "precision", "recovery"], rows)


def _line(found: dict[str, Any]) -> list[str]:
    lead = "–" if found["median_lead"] is None else f"{found['median_lead']:g}"
    kinds = [_share(found[f"alerted_{kind}"]) for kind in reversed(HARMLESS)]
    ends = [_share(found[name]) for name in ("false_positive_rate", "precision", "recovery")]
    return [_share(found["recall"]), _share(found["strictly_before"]), lead, *kinds, *ends]


def forecast_table(sets: dict[str, Any]) -> str:
    """AUC, Brier score and calibration error, now or later and strictly later; conversations and phrases beside them."""
    rows = [[name, *_counted(entry["conversations"]), *_forecast(entry["forecast"])] for name, entry in sets.items()]
    kinds = ["escalated", "passed on", "heated", "displeased", "calm", "phrases (Taglish, wrong language)"]
    return table(["set", *kinds, "AUC", "AUC strictly later", "Brier (base rate)", "calibration error"], rows)


def _counted(found: dict[str, int]) -> list[str]:
    kinds = [str(found[kind]) for kind in ("escalated", "passed_on", *HARMLESS)]
    return [*kinds, f"{found['phrases']} ({found['taglish_phrases']}, {found['wrong_language_phrases']})"]


def _forecast(found: dict[str, Any]) -> list[str]:
    now, later = found["now_or_later"], found["strictly_later"]
    return [
        _share(now["auc"]),
        _share(later["auc"]),
        f"{_share(now['brier'])}, {now['brier_of_base_rate']:.2f}",
        _share(now["calibration_error"]),
    ]


def _share(value: list[float] | None) -> str:
    return "–" if value is None else f"{value[0]:.2f} ({value[1]:.2f}–{value[2]:.2f})"
