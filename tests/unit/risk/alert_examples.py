"""Assessments made by hand, for the tests of alerts: only what an alert looks at is chosen."""

from service.flow import Action, Assessment, Band, ModelInfo, Reason, Recommendation, Risk
from service.risk.alerts import Alert, alert_after
from service.risk.level import band_after
from tests.support import make_score

MODEL = ModelInfo("fixed", "sha256:0", "exact")


def an_assessment(
    level: float,
    action: Action = "none",
    queue: str | None = "senior",
    *,
    rules: tuple[str, ...] = ("rule-1",),
    within: int | None = 300,
    turn_id: str = "t1",
    band: Band | None = None,
    threat: float = 0.0,
    abstained: bool = False,
    agent: bool = False,
) -> Assessment:
    """The band follows from the level as after a calm beginning, unless it is given."""
    alerting = action in ("consult", "handoff")
    return Assessment(
        conversation_id="c1",
        turn_id=turn_id,
        score=None if agent else make_score(threat=threat, abstain_reason="too_short" if abstained else None),
        risk=Risk(level, band or band_after("calm", level), "steady", "venting"),
        recommendation=Recommendation(
            action,
            queue if alerting else None,
            within if alerting else None,
            (),
            tuple(Reason(rule, "because") for rule in rules),
        ),
        model=MODEL,
        policy_version="p1",
    )


def an_alert(level: float = 0.65, action: Action = "consult", queue: str = "senior", now: float = 0.0) -> Alert:
    """An alert that this turn opened."""
    opened = alert_after(None, an_assessment(level, action, queue), now)
    assert opened is not None
    return opened
