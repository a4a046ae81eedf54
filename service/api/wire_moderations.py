"""OpenAI's moderation bodies: texts, or parts of one message, and categories with their scores."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Discriminator, Field, Tag

from ..flow import Status
from ..integrations.moderations import image_refusal
from .wire import ModelOut, Request


class TextPartIn(Request):
    """A text."""

    type: Annotated[Literal["text"], Field(description="That it is a text.")]
    text: Annotated[str, Field(description="The text.")]


class ImageAddressIn(Request):
    """Where a picture is."""

    url: Annotated[str, Field(description="Its address, or its data.")]


class ImagePartIn(Request):
    """A picture, which is refused: the model reads text."""

    type: Annotated[Literal["image_url"], Field(description="That it is a picture.")]
    image_url: Annotated[ImageAddressIn, Field(description="The picture.")]


PartIn = Annotated[TextPartIn | ImagePartIn, Field(discriminator="type")]


def _kind(value: Any) -> str:
    """Tell the three ways to send texts apart, so that a mistake is named once and not three times."""
    if not isinstance(value, list):
        return "text"
    return "texts" if value and isinstance(value[0], str) else "parts"


class ModerationRequest(Request):
    """Texts to judge, each alone; parts of one message are judged together."""

    input: Annotated[
        Annotated[str, Tag("text")]
        | Annotated[list[str], Tag("texts"), Field(min_length=1)]
        | Annotated[list[PartIn], Tag("parts"), Field(min_length=1)],
        Discriminator(_kind),
        Field(description="A text, several texts, or the parts of one message."),
    ]
    model: Annotated[str | None, Field(max_length=128, description="Accepted, not used: there is one model.")] = None

    def texts(self) -> list[str]:
        """Return the texts to score, one for each result; raise `Refusal` for a picture."""
        if isinstance(self.input, str):
            return [self.input]
        parts: list[str] = []
        for place, part in enumerate(self.input):
            if isinstance(part, str):
                parts.append(part)
            elif isinstance(part, TextPartIn):
                parts.append(part.text)
            else:
                raise image_refusal(place)
        return parts if isinstance(self.input[0], str) else ["\n".join(parts)]


class JudgedOut(BaseModel):
    """Whether a text could be judged."""

    status: Annotated[Status, Field(description="An abstained text is never flagged.")]
    abstain_reason: Annotated[str | None, Field(description="Why it could not be judged.")]
    language: Annotated[str, Field(description="The language in which it was read.")]


class ModerationOut(BaseModel):
    """What is said of one text; categories that are not scored are false, 0.0 and without an input type."""

    flagged: Annotated[bool, Field(description="Whether any category is.")]
    categories: Annotated[dict[str, bool], Field(description="By category: the score reached its threshold.")]
    category_scores: Annotated[dict[str, float], Field(description="By category: a probability.")]
    category_applied_input_types: Annotated[
        dict[str, list[str]], Field(description="By category: `text`, or nothing where it is not scored.")
    ]
    evenkeel: Annotated[JudgedOut, Field(description="Ours, beside OpenAI's fields.")]


class AnsweredOut(BaseModel):
    """What OpenAI has no place for."""

    model: Annotated[ModelOut, Field(description="The model that answered.")]


class ModerationsOut(BaseModel):
    """Results in the order of the texts."""

    id: Annotated[str, Field(description="Of this answer; nothing is stored under it.")]
    model: Annotated[str, Field(description="`evenkeel-` and the version of the model.")]
    results: Annotated[list[ModerationOut], Field(description="One for each text.")]
    evenkeel: Annotated[AnsweredOut, Field(description="Ours, beside OpenAI's fields.")]


class OpenAIErrorBody(BaseModel):
    """An error, as OpenAI's clients read it."""

    message: Annotated[str, Field(description="What is wrong, without anything that was sent.")]
    type: Annotated[str, Field(description="`invalid_request_error` or `server_error`.")]
    param: Annotated[str | None, Field(description="The part of the body that was refused.")]
    code: Annotated[str | None, Field(description="A word for the mistake, such as `invalid_api_key`.")]


class OpenAIErrorOut(BaseModel):
    """Errors of the moderation route."""

    error: Annotated[OpenAIErrorBody, Field(description="What went wrong.")]
