"""Perspective's bodies: `comments:analyze` and its answer, as its public reference describes them.

Google's clients may write a field as `requestedAttributes` or as `requested_attributes`, and null for what they
leave out; both are read.
"""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from ..flow import Status
from ..integrations.perspective import PROBABILITY, Comment, read_comment, refusal
from .wire import ModelOut, no_nul

_PLAIN = ("PLAIN_TEXT", "TEXT_TYPE_UNSPECIFIED", None)
_PROBABILITIES = (PROBABILITY, "SCORE_TYPE_UNSPECIFIED", None)


class GoogleRequest(BaseModel):
    """Base of Perspective's messages."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, hide_input_in_errors=True, alias_generator=to_camel, populate_by_name=True
    )


class TextEntryIn(GoogleRequest):
    """A text, and what it is written in."""

    text: Annotated[str | None, AfterValidator(lambda text: text and no_nul(text)), Field(description="The text.")] = (
        None
    )
    type: Annotated[
        Literal["PLAIN_TEXT", "HTML", "TEXT_TYPE_UNSPECIFIED"] | None, Field(description="Only plain text is scored.")
    ] = None


class ParentsIn(GoogleRequest):
    """What a comment answers."""

    article: Annotated[TextEntryIn | None, Field(description="Accepted, not used.")] = None
    parent_comment: Annotated[TextEntryIn | None, Field(description="Accepted, not used.")] = None


class ContextIn(GoogleRequest):
    """What a comment refers to: one of the two, neither of which moves a score."""

    entries: Annotated[list[TextEntryIn] | None, Field(description="Accepted, not used.")] = None
    article_and_parent_comment: Annotated[ParentsIn | None, Field(description="Accepted, not used.")] = None


class AttributeIn(GoogleRequest):
    """How one attribute is asked for."""

    score_type: Annotated[
        Literal["PROBABILITY", "SCORE_TYPE_UNSPECIFIED", "STD_DEV_SCORE", "PERCENTILE", "RAW"] | None,
        Field(description="Only probabilities are answered."),
    ] = None
    score_threshold: Annotated[
        float | None, Field(allow_inf_nan=False, description="An attribute whose score is lower is left out.")
    ] = None


LanguageTag = Annotated[str, Field(max_length=16, pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$")]


class AnalyzeCommentRequest(GoogleRequest):
    """One comment, and what is asked of it."""

    comment: Annotated[TextEntryIn | None, Field(description="The comment to score.")] = None
    context: Annotated[ContextIn | None, Field(description="Accepted, not used.")] = None
    requested_attributes: Annotated[
        dict[str, AttributeIn | None] | None,
        Field(max_length=64, description="By attribute: TOXICITY, INSULT, THREAT, and EVENKEEL_ ones of ours."),
    ] = None
    languages: Annotated[
        list[LanguageTag] | None,
        Field(max_length=16, description="Of the comment: vi, tl or fil, cs, en; detected when left out."),
    ] = None
    span_annotations: Annotated[bool | None, Field(description="Also return the words that raised each score.")] = None
    do_not_store: Annotated[bool | None, Field(description="Accepted; nothing is ever stored by this call.")] = None
    drop_unsupported_attributes: Annotated[
        bool | None, Field(description="Leave out what is not scored here, or not in this language, without an error.")
    ] = None
    client_token: Annotated[str | None, Field(max_length=1024, description="Comes back in the answer.")] = None
    session_id: Annotated[str | None, Field(max_length=1024, description="Accepted, not used.")] = None
    community_id: Annotated[str | None, Field(max_length=1024, description="Accepted, not used.")] = None

    def read(self, *, max_chars: int) -> Comment:
        """Return what is asked, checked; raise `Refusal`."""
        comment, asked = self.comment or TextEntryIn(), self.requested_attributes or {}
        checked = read_comment(
            comment.text,
            {name: given.score_threshold if given else None for name, given in asked.items()},
            tuple(self.languages or ()),
            spans=bool(self.span_annotations),
            drop_unsupported=bool(self.drop_unsupported_attributes),
            max_chars=max_chars,
        )
        if comment.type not in _PLAIN:
            raise refusal("Currently, only 'PLAIN_TEXT' comments are supported", "comment.type")
        if any(given and given.score_type not in _PROBABILITIES for given in asked.values()):
            raise refusal("Only the score type PROBABILITY is supported.", "requestedAttributes")
        if self.context and self.context.entries is not None and self.context.article_and_parent_comment is not None:
            raise refusal("Context can have either entries or articleAndParentComment, not both.", "context")
        return checked


class ProbabilityOut(BaseModel):
    """A score."""

    value: Annotated[float, Field(description="From 0 to 1; calibrated, and not comparable with Perspective's own.")]
    type: Annotated[Literal["PROBABILITY"], Field(description="Always a probability.")]


class SpanScoreOut(BaseModel):
    """Some words of the comment, or all of it."""

    begin: Annotated[int, Field(description="In UTF-16 code units.")]
    end: Annotated[int, Field(description="In UTF-16 code units; not included.")]
    score: Annotated[ProbabilityOut, Field(description="The attribute's summary score, which these words raised.")]


class AttributeScoresOut(BaseModel):
    """What is said of one attribute."""

    spanScores: Annotated[
        list[SpanScoreOut], Field(description="The words that raised the score, if asked for; else the whole comment.")
    ]
    summaryScore: Annotated[ProbabilityOut, Field(description="The score of the comment.")]


class EvenkeelOut(BaseModel):
    """What Perspective has no place for."""

    status: Annotated[
        Status, Field(description="Whether the comment could be judged; if not, scores are a best guess.")
    ]
    abstain_reason: Annotated[str | None, Field(description="Why it could not.")]
    model: Annotated[ModelOut, Field(description="The model that answered; it never changes without a new version.")]


class AnalyzeCommentOut(BaseModel):
    """Scores by attribute."""

    attributeScores: Annotated[dict[str, AttributeScoresOut], Field(description="By attribute, as asked for.")]
    languages: Annotated[list[str], Field(description="As they were named, or as detected; `und` is none of ours.")]
    detectedLanguages: Annotated[
        list[str] | None, Field(description="Left out where one language was named: then none is detected.")
    ] = None
    clientToken: Annotated[str | None, Field(description="As it was sent.")] = None
    evenkeel: Annotated[EvenkeelOut, Field(description="Ours, beside Perspective's fields.")]


class GoogleErrorBody(BaseModel):
    """A google.rpc.Status."""

    code: Annotated[int, Field(description="The HTTP status.")]
    message: Annotated[str, Field(description="What is wrong, without anything that was sent.")]
    status: Annotated[str, Field(description="Google's name of the code, such as INVALID_ARGUMENT.")]
    details: Annotated[
        list[dict[str, Any]] | None,
        Field(description="With `errorType`: COMMENT_EMPTY, LANGUAGE_NOT_SUPPORTED_BY_ATTRIBUTE, and so on."),
    ] = None


class GoogleErrorOut(BaseModel):
    """Errors of the Perspective routes, as Google's clients read them."""

    error: Annotated[GoogleErrorBody, Field(description="What went wrong.")]
