"""The service's answers as types. Written from the OpenAPI document by `make docs`; do not edit."""

from typing import Literal, TypedDict

# fmt: off


class Model(TypedDict):
    """The model that answered."""

    version: str
    """Its version."""
    digest: str
    """The hash of the model's files."""
    precision: str
    """How its numbers are kept, such as int8."""


class Policy(TypedDict):
    """The policy that decided."""

    version: str
    """Its version."""


class Evidence(TypedDict):
    """A word and how much it moved a signal; positions count characters of the text as sent."""

    signal: str
    """What it raised."""
    start: int
    """The position of the first character."""
    end: int
    """The position after the last character."""
    weight: float
    """How much it moved the score, in units of the model's logit."""


class Score(TypedDict):
    """What the model says of one turn, calibrated."""

    status: Literal["scored", "abstained"]
    """Whether it could be judged; an abstained turn never raises an alert."""
    abstain_reason: str | None
    """Why nothing could be judged (other_language, too_short, no_words, too_long); null when scored."""
    language: str
    """The language."""
    language_probability: float
    """How sure the language is, 0 to 1."""
    scores: dict[str, float]
    """The probability of each signal."""
    flags: dict[str, bool]
    """Per signal and for `asks_human`."""
    asks_human: float
    """The probability that a person is asked for."""
    threat_kind: str | None
    """What is threatened; null without a threat."""
    sentiment: dict[str, float]
    """The probability of each."""
    evidence: list[Evidence]
    """The words that moved it."""


class Scores(TypedDict):
    """Scores in the order of the turns; null where an agent or a bot wrote."""

    model: Model
    """The model that answered."""
    policy: Policy
    """The policy that decided."""
    results: list[Score | None]
    """One for each turn; null where an agent or a bot wrote."""


class Forecast(TypedDict):
    """The probability that the conversation escalates now or within the next customer turns."""

    probability: float
    """From 0 to 1."""
    within_turns: int
    """How many customer turns it looks ahead."""
    because: list[Literal["frustration", "abuse", "threat", "asks_human", "mood", "repeat_contact", "shouting", "answers"]]
    """What raises it above a usual conversation's, the strongest first; may be empty."""


class Risk(TypedDict):
    """Where the conversation stands."""

    level: float
    """How high the risk is, 0 to 1."""
    band: Literal["calm", "watch", "high", "critical"]
    """How high the risk is."""
    trend: Literal["rising", "steady", "falling"]
    """Where the risk is going."""
    stage: Literal["venting", "receptive", "connected"]
    """Where the customer stands; venting, receptive or connected."""
    forecast: Forecast | None
    """Null before the first scored customer turn."""


class Phrase(TypedDict):
    """A sentence for the agent."""

    id: str
    """Its id."""
    language: str
    """The language."""
    technique: str
    """The technique of de-escalation."""
    stage: Literal["venting", "receptive", "connected"]
    """Where the customer stands; venting, receptive or connected."""
    text: str
    """The sentence."""


class Reason(TypedDict):
    """Why a rule fired."""

    rule: str
    """The rule's id."""
    because: str
    """The sentence that says why the rule fires."""
    evidence: list[Evidence]
    """The words that moved it."""
    collect: list[str]
    """Facts that whoever takes this over will need."""


class Recommendation(TypedDict):
    """What to do now."""

    action: Literal["none", "phrase", "consult", "handoff"]
    """Nothing, a phrase, ask a colleague (consult), or hand over."""
    queue: str | None
    """Whom it is addressed to; null when nobody is asked."""
    respond_within_s: int | None
    """How many seconds there are to answer; null without a limit."""
    phrases: list[Phrase]
    """Sentences for the agent, in the customer's language."""
    reasons: list[Reason]
    """Why, the gravest first."""


class Assessment(TypedDict):
    """The answer to one turn."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    score: Score | None
    """What the model says; null where an agent or a bot wrote."""
    risk: Risk
    """Where the conversation stands."""
    recommendation: Recommendation
    """What to do now."""
    bot_muted: bool
    """A person has taken over: a chat bot stays silent until this is false again."""
    model: Model
    """The model that answered."""
    policy: Policy
    """The policy that decided."""


class Finding(TypedDict):
    """One thing to reconsider; positions count characters of the draft as sent, null where something is missing."""

    kind: Literal["calm_down", "blame", "dismissal", "negative_wording", "jargon", "address", "canned", "repetition", "missing_apology", "unanswered_question"]
    """What kind it is."""
    start: int | None
    """The position of the first character."""
    end: int | None
    """The position after the last character."""
    why: str
    """For the agent, in the language of the draft."""
    offer: str
    """A better wording, in the language of the draft."""


class Draft(TypedDict):
    """What to reconsider, in the order of the draft; missing things come last. Empty: nothing was found."""

    language: Literal["vi", "tl", "cs", "en"]
    """The language in which the draft was read."""
    findings: list[Finding]
    """What may make things worse; empty when there is nothing."""


class AlertMark(TypedDict):
    """A conversation's live alert in a row of the board; `GET /v1/alerts` tells more."""

    alert_id: str
    """The alert's id."""
    status: Literal["held", "raised", "acknowledged", "snoozed", "withdrawn", "closed"]
    """How it stands."""
    action: Literal["none", "phrase", "consult", "handoff"]
    """What is done or to be done."""
    queue: Literal["agent", "senior", "technical", "finance", "supervisor", "safety"]
    """Whom it is addressed to now."""
    due_at: float | None
    """When it climbs unless somebody accepts it; null while held."""


class Labels(TypedDict):
    """What one person says of a turn."""

    by: str
    """Who did it."""
    at: float
    """When, in seconds since the epoch."""
    frustration: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    abuse: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    threat: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    asks_human: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    threat_kind: Literal["violence", "self_harm", "legal", "regulator", "publicity", "chargeback"] | None
    """What is threatened; null without a threat."""
    sentiment: Literal["negative", "neutral", "positive"] | None
    """Negative, neutral or positive."""
    model_version: str
    """The model whose answer was corrected or confirmed."""


class Turn(TypedDict):
    """A stored turn and what was answered to it; every span counts characters of this text."""

    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    role: Literal["customer", "agent", "bot"]
    """Who wrote it."""
    text: str | None
    """The text as it is kept, redacted; null where texts are not kept."""
    sent_at: float
    """When it was sent, in seconds since the epoch."""
    received_at: float
    """When the service got it, in seconds since the epoch."""
    score: Score | None
    """What the model says; null where an agent or a bot wrote."""
    risk: Risk
    """Where the conversation stands."""
    recommendation: Recommendation
    """What to do now."""
    bot_muted: bool
    """A person has taken over, and a chat bot stays silent."""
    model: Model
    """The model that answered."""
    policy: Policy
    """The policy that decided."""
    labels: list[Labels]
    """What people say of it; the score stays as it was."""


class ConversationDetail(TypedDict):
    """A conversation with every turn, oldest first."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    contact_id: str | None
    """The customer, by the caller's own id."""
    queue: str | None
    """The queue."""
    channel: str | None
    """Where the chat takes place, such as web."""
    language: str | None
    """The language."""
    status: Literal["open", "claimed", "accepted", "joined", "returned", "resolved"]
    """How it stands."""
    owner: str | None
    """Who claimed it, accepted it or is in it."""
    deadline: float | None
    """When it is open again unless its owner goes on."""
    risk: Risk
    """Where the conversation stands."""
    action: Literal["none", "phrase", "consult", "handoff"]
    """What is done or to be done."""
    turn_count: int
    """How many turns it has."""
    created_at: float
    """When it began or was made, in seconds since the epoch."""
    updated_at: float
    """When it last changed, in seconds since the epoch."""
    last_turn_at: float
    """When the last turn was sent, in seconds since the epoch."""
    waiting_since: float | None
    """Since when the customer waits, in seconds since the epoch; null when we wait for the customer."""
    last_customer_text: str | None
    """Redacted, and cut to 120 characters."""
    risk_history: list[float]
    """After each of the last 20 customer turns."""
    alert: AlertMark | None
    """The conversation's live alert; null without one."""
    event_id: int
    """The latest event of this conversation that is in this row."""
    turns: list[Turn]
    """The turns."""


class Conversation(TypedDict):
    """A row of the board. Times are seconds since the epoch."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    contact_id: str | None
    """The customer, by the caller's own id."""
    queue: str | None
    """The queue."""
    channel: str | None
    """Where the chat takes place, such as web."""
    language: str | None
    """The language."""
    status: Literal["open", "claimed", "accepted", "joined", "returned", "resolved"]
    """How it stands."""
    owner: str | None
    """Who claimed it, accepted it or is in it."""
    deadline: float | None
    """When it is open again unless its owner goes on."""
    risk: Risk
    """Where the conversation stands."""
    action: Literal["none", "phrase", "consult", "handoff"]
    """What is done or to be done."""
    turn_count: int
    """How many turns it has."""
    created_at: float
    """When it began or was made, in seconds since the epoch."""
    updated_at: float
    """When it last changed, in seconds since the epoch."""
    last_turn_at: float
    """When the last turn was sent, in seconds since the epoch."""
    waiting_since: float | None
    """Since when the customer waits, in seconds since the epoch; null when we wait for the customer."""
    last_customer_text: str | None
    """Redacted, and cut to 120 characters."""
    risk_history: list[float]
    """After each of the last 20 customer turns."""
    alert: AlertMark | None
    """The conversation's live alert; null without one."""
    event_id: int
    """The latest event of this conversation that is in this row."""


class Conversations(TypedDict):
    """A page of the board, riskiest first; `next_cursor` asks for the next one."""

    conversations: list[Conversation]
    """The conversations."""
    next_cursor: str | None
    """Asks for the next page; null on the last one."""


class Handoff(TypedDict):
    """Who has the conversation. Times are seconds since the epoch."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    status: Literal["open", "claimed", "accepted", "joined", "returned", "resolved"]
    """How it stands."""
    owner: str | None
    """Who claimed it, accepted it or is in it."""
    by: str | None
    """Who brought it into this status; null when time or the customer did."""
    at: float | None
    """When, in seconds since the epoch."""
    deadline: float | None
    """When it is open again unless its owner goes on."""
    bot_muted: bool
    """A chat bot stays silent while somebody has accepted or joined."""


class HandoffStep(TypedDict):
    """An action that was taken."""

    action: Literal["claim", "accept", "join", "return", "resolve"]
    """What is done or to be done."""
    by: str
    """Who did it."""
    at: float
    """When, in seconds since the epoch."""
    deadline: float | None
    """When the conversation is open again unless its owner goes on, in seconds since the epoch."""
    after_seq: int
    """The conversation had so many turns."""
    note: str | None
    """What the person wrote; redacted."""
    outcome: Literal["solved", "unsolved", "false_alarm"] | None
    """How it ended, as somebody stated it; null when nobody did."""


class Quote(TypedDict):
    """A passage in its original language: characters `start` to `end` of the stored turn."""

    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    role: Literal["customer", "agent", "bot"]
    """Who wrote it."""
    at: float
    """When, in seconds since the epoch."""
    text: str
    """The text as it is kept, redacted; null where texts are not kept."""
    start: int
    """The position of the first character."""
    end: int
    """The position after the last character."""
    signals: list[str]
    """What it is about."""
    evidence: list[Evidence]
    """Positions count characters of this quote."""


class Threat(TypedDict):
    """A kind of threat, where it was made, and what to find out about it."""

    kind: str
    """What kind it is."""
    name: str
    """What it is called in the packet's language."""
    turn_ids: list[str]
    """The turns in which it was made."""
    quotes: list[Quote]
    """Passages in the original."""
    facts: list[str]
    """What to find out about it."""


class Point(TypedDict):
    """The risk after a customer's turn."""

    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    at: float
    """When, in seconds since the epoch."""
    level: float
    """How high the risk is, 0 to 1."""
    band: Literal["calm", "watch", "high", "critical"]
    """How high the risk is."""


class RiskCurve(TypedDict):
    """The risk now and how it came there."""

    level: float
    """How high the risk is, 0 to 1."""
    band: Literal["calm", "watch", "high", "critical"]
    """How high the risk is."""
    trend: Literal["rising", "steady", "falling"]
    """Where the risk is going."""
    stage: Literal["venting", "receptive", "connected"]
    """Where the customer stands; venting, receptive or connected."""
    curve: list[Point]
    """The risk after each customer turn."""


class Fired(TypedDict):
    """A rule that fired, those of the latest turn first."""

    rule: str
    """The rule's id."""
    because: str
    """The sentence that says why the rule fires."""
    times: int
    """How often."""
    last_turn_id: str
    """The turn in which it last fired."""


class Mood(TypedDict):
    """The sentiment of a turn."""

    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    sentiment: str
    """Negative, neutral or positive."""
    word: str
    """What it is called in the packet's language."""


class Packet(TypedDict):
    """For the person who takes over: words in `language`, quotes in the original."""

    language: Literal["vi", "tl", "cs", "en"]
    """The language."""
    conversation_language: str | None
    """The customer's language."""
    titles: dict[str, str]
    """A heading for each part."""
    summary: list[str]
    """The conversation in a few sentences."""
    issue: list[Quote]
    """What the customer came with."""
    tried: list[Quote]
    """What was tried."""
    promised: list[Quote]
    """What the agent promised."""
    threats: list[Threat]
    """What the customer threatened."""
    risk: RiskCurve | None
    """Where the conversation stands."""
    quotes: list[Quote]
    """Passages in the original."""
    reasons: list[Fired]
    """Why, the gravest first."""
    waiting_since: float | None
    """Since when the customer waits, in seconds since the epoch; null when we wait for the customer."""
    waiting_s: float
    """For how many seconds the customer has waited."""
    sentiment_at_start: Mood | None
    """Of the customer's first turn."""
    sentiment_now: Mood | None
    """Of the customer's last turn."""


class HandoffDetail(TypedDict):
    """Who has the conversation, how it came to that, and what to know before the first word."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    status: Literal["open", "claimed", "accepted", "joined", "returned", "resolved"]
    """How it stands."""
    owner: str | None
    """Who claimed it, accepted it or is in it."""
    by: str | None
    """Who brought it into this status; null when time or the customer did."""
    at: float | None
    """When, in seconds since the epoch."""
    deadline: float | None
    """When it is open again unless its owner goes on."""
    bot_muted: bool
    """A chat bot stays silent while somebody has accepted or joined."""
    log: list[HandoffStep]
    """What was done with it, oldest first."""
    packet: Packet
    """What to know before the first word."""


class AlertReason(TypedDict):
    """A rule that asked for somebody, and its sentence in the reader's language."""

    rule: str
    """The rule's id."""
    because: str | None
    """Null for a rule that is not in the policy any more."""


class Alert(TypedDict):
    """An alert. Times are seconds since the epoch."""

    alert_id: str
    """The alert's id."""
    conversation_id: str
    """The conversation, by the caller's own id."""
    turn_id: str
    """The turn that opened it, or the latest that brought another reason."""
    queue: Literal["agent", "senior", "technical", "finance", "supervisor", "safety"]
    """Whom it is addressed to now."""
    action: Literal["none", "phrase", "consult", "handoff"]
    """What is done or to be done."""
    rules: list[str]
    """The rules' ids."""
    reasons: list[AlertReason]
    """The same rules with their sentences, the gravest first."""
    level: float
    """The risk at its height."""
    band: Literal["calm", "watch", "high", "critical"]
    """The band of that height."""
    status: Literal["held", "raised", "acknowledged", "snoozed", "withdrawn", "closed"]
    """How it stands."""
    respond_within_s: int
    """How many seconds there are to answer; null without a limit."""
    opened_at: float
    """When it was opened, in seconds since the epoch."""
    updated_at: float
    """When it last changed, in seconds since the epoch."""
    raised_at: float | None
    """Since when it asks for somebody; null while held."""
    due_at: float | None
    """When it climbs unless somebody accepts it; null while held."""
    climbs: int
    """How often nobody acknowledged it in time."""
    climbs_to: Literal["agent", "senior", "technical", "finance", "supervisor", "safety"] | None
    """Who is told at `due_at`, the same queue again where it is the last; null is nobody."""
    merged: int
    """How often another reason joined it."""
    acknowledged_at: float | None
    """When somebody acknowledged it, in seconds since the epoch; null when nobody did."""
    acknowledged_by: str | None
    """Who acknowledged it."""
    acknowledged_in_time: bool | None
    """Whether that was before it was due; null when nobody did."""
    snoozed_until: float | None
    """Until when it sleeps, in seconds since the epoch; null when it does not."""
    ended_at: float | None
    """When it ended, in seconds since the epoch; null while it is live."""
    justified: bool | None
    """The outcome; null until somebody has judged."""


class Alerts(TypedDict):
    """A page of alerts, the most urgent first; `next_cursor` asks for the next one."""

    alerts: list[Alert]
    """The alerts."""
    next_cursor: str | None
    """Asks for the next page; null on the last one."""


class History(TypedDict):
    """One entry of the history; all labels are null where they were taken back."""

    by: str
    """Who did it."""
    at: float
    """When, in seconds since the epoch."""
    frustration: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    abuse: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    threat: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    asks_human: Literal[0, 1] | None
    """Null where nothing was said, which is not 0."""
    threat_kind: Literal["violence", "self_harm", "legal", "regulator", "publicity", "chargeback"] | None
    """What is threatened; null without a threat."""
    sentiment: Literal["negative", "neutral", "positive"] | None
    """Negative, neutral or positive."""
    model_version: str
    """The model whose answer was corrected or confirmed."""
    withdrawn: bool
    """Whether they were taken back."""


class TurnLabels(TypedDict):
    """What people say of a turn. Times are seconds since the epoch."""

    conversation_id: str
    """The conversation, by the caller's own id."""
    turn_id: str
    """The turn, by the caller's own id; the same one again counts once."""
    labels: list[Labels]
    """The latest of each person, oldest first."""
    history: list[History]
    """Everything that was ever said, oldest first."""


class Erased(TypedDict):
    """What was erased, and which models had scored it."""

    conversations: int
    """How many conversations were erased."""
    turns: int
    """How many turns were erased."""
    model_versions: list[str]
    """The models that had scored what was erased."""


class Ready(TypedDict):
    """Everything that is needed to answer works."""

    status: Literal["ready"]
    """Always ready; otherwise the answer is an error."""
    version: str
    """Its version."""
    model: Model
    """The model that answered."""
    policy: Policy
    """The policy that decided."""
