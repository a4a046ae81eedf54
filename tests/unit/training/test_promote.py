"""Laws of the release check: int8 must not cost more than its budget, and a worse build is refused."""

import pytest

from training.promote import check, int8_losses, mean_auc


def report(
    *, auc: float = 0.9, macro_f1: float = 0.8, positives: int = 80, name: str = "own_both.vi"
) -> dict[str, object]:
    """A report of one set and signal, fp32 at AUC 0.9 and macro-F1 0.8."""
    ours = {"auc": auc, "macro_f1": macro_f1, "positives": positives, "rows": 500}
    return {name: {"threat": {"ours": ours, "fp32": {"auc": 0.9, "macro_f1": 0.8}}}}


@pytest.mark.parametrize(
    ("measured", "refused"),
    [
        (report(), False),
        (report(auc=0.896), False),
        (report(auc=0.89), True),
        (report(macro_f1=0.79), True),
        (report(macro_f1=0.79, positives=40), False),  # one row is more than the budget
        (report(auc=0.89, positives=40), True),
        (report(auc=0.5, positives=10), False),
        (report(auc=0.5, name="airline_tweets"), False),  # the gate never looks at evaluation sets
    ],
)
def test_int8_gate(measured: dict[str, dict[str, dict[str, dict[str, float]]]], refused: bool) -> None:
    assert bool(int8_losses(measured)) is refused


@pytest.mark.parametrize(("before", "refused"), [(0.95, True), (0.93, False), (None, False)])
def test_a_build_below_the_present_release_on_the_same_rows_is_refused(before: float | None, refused: bool) -> None:
    entry = {"ours": {"auc": 0.94, "positives": 10, "rows": 50}}
    if before is not None:
        entry["released"] = {"auc": before}
    report = {"own_test.vi": {"abuse": entry}}
    assert mean_auc(report) == 0.94
    assert any("below" in reason for reason in check(report, "one" if before else None)) is refused


def test_a_build_that_was_not_measured_is_refused() -> None:
    entry = {"ours": {"auc": 0.94, "positives": 10, "rows": 50}}
    assert check({}, None)
    assert check({"own_test.vi": {"abuse": entry}}, "one"), "the release before was not measured on these rows"
