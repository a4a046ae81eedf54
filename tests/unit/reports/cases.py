"""Made conversations for tests of reports: one by hand, and a strategy for many."""

from hypothesis import strategies as st

from service.reports.figures import Case

DAY_S = 86400.0
NOW = 100 * DAY_S

times = st.floats(0.0, 99 * DAY_S)
later = st.none() | st.floats(0.0, 10 * DAY_S)


def a_case(began_at: float = 0.0, **fields: object) -> Case:
    """A conversation in which nothing happened but the customer's question."""
    nothing = Case(began_at, None, True, began_at, None, False, None, False, None, "", 0, 0, 0)
    return nothing._replace(**fields)  # type: ignore[arg-type]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    began_at, reply, end = draw(times), draw(later), draw(later)
    return a_case(
        began_at,
        group=draw(st.sampled_from(["vi", "cs", None])),
        has_contact=draw(st.booleans()),
        first_customer_at=draw(st.sampled_from([None, began_at])),
        first_reply_at=None if reply is None else began_at + reply,
        escalated=draw(st.booleans()),
        resolved_at=None if end is None else began_at + end,
        came_back=draw(st.booleans()),
        outcome=draw(st.sampled_from([None, "solved", "unsolved", "false_alarm"])),
        deciding_rules=draw(st.sampled_from(["", " a ", " b a ", " c "])),
        alerts_right=draw(st.integers(0, 2)),
        alerts_wrong=draw(st.integers(0, 2)),
        alerts_unjudged=draw(st.integers(0, 2)),
    )
