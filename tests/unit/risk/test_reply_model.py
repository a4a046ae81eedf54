"""The fitted part of the draft check: what it adds to the patterns, what it lets pass, and laws for any text."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.labels import LANGUAGES
from service.risk.draft_rules import LEARNT, load_draft_rules
from service.risk.lint import check_draft
from service.risk.lint_text import Finding
from service.risk.reply_model import JUDGED, ReplyModel, load_reply_model
from service.scoring.artefact import ArtefactError

RULES, MODEL = load_draft_rules(), load_reply_model()


def check(language: str, draft: str) -> tuple[Finding, ...]:
    return check_draft(draft, (), RULES[language], MODEL)


# fmt: off
CANNED = [  # language, draft, the sentence that is marked
    ("en", "Hello. Please be advised that your case is being processed.", "Please be advised that your case is being processed."),
    ("cs", "Vážený zákazníku, Váš požadavek byl zaevidován a bude vyřízen v nejkratším možném termínu.", None),
    ("vi", "Cảm ơn quý khách đã liên hệ. Yêu cầu của quý khách đã được ghi nhận và chuyển bộ phận liên quan xử lý.", None),
    ("tl", "Thank you for reaching out. Your concern has been forwarded to the concerned department. Kindly wait for updates.", None),
]
SOUND = [
    ("en", "Oh no, the cake arrived squashed? I am sending the bakery a photo now and will write to you by five."),
    ("en", "I checked the parcel: it is in Leeds and comes tomorrow before noon."),
    ("cs", "To mě mrzí, dort přijel rozmačkaný? Hned volám do pekárny a do pěti vám napíšu."),
    ("vi", "Dạ bánh bị bẹp ạ? Em gọi tiệm ngay và trước 5 giờ em nhắn lại chị nhé."),
    ("tl", "Hala, napisa po ang cake? Tatawagan ko na ang bakery at babalikan ko kayo bago mag-5pm."),
]
# fmt: on


@pytest.mark.parametrize(("language", "draft", "sentence"), CANNED)
def test_a_template_is_told_once_and_by_the_model_alone(language: str, draft: str, sentence: str | None) -> None:
    (finding,) = check(language, draft)
    assert finding.kind == "canned"
    assert (finding.why, finding.offer) == (
        RULES[language].learnt["canned"].why,
        RULES[language].learnt["canned"].offer,
    )
    assert sentence is None or draft[finding.start : finding.end] == sentence
    assert check_draft(draft, (), RULES[language]) == ()


@pytest.mark.parametrize(("language", "draft"), SOUND)
def test_a_reply_that_takes_up_what_was_written_passes(language: str, draft: str) -> None:
    assert check(language, draft) == ()


@given(st.sampled_from(LANGUAGES), st.text(max_size=300) | st.sampled_from([draft for _, draft, _ in CANNED]))
def test_it_adds_to_the_patterns_and_takes_nothing_away(language: str, draft: str) -> None:
    alone, both = check_draft(draft, (), RULES[language]), check(language, draft)
    assert set(alone) <= set(both)
    for finding in set(both) - set(alone):
        assert finding.kind in LEARNT
        assert finding.start is not None
        assert finding.end is not None
        assert draft[finding.start : finding.end].strip() == draft[finding.start : finding.end] != ""
    assert len({finding.kind for finding in both}) == 1 or "canned" not in {f.kind for f in set(both) - set(alone)}


# fmt: off
PRECISE = [  # drafts in which the lists, or what counts abbreviations, find the very words
    ("en", "Provisioning of the SIP trunk failed on the SBC because of a codec mismatch in the SDP payload.", {"jargon"}),
    ("en", "Please be advised that your case is being processed by the RMA DSLAM team.", {"jargon"}),
    ("cs", "Vážený zákazníku, Váš požadavek byl předán na NOC a bude vyřízen dle SLA v nejkratším možném termínu.", {"jargon"}),
]
# fmt: on


@pytest.mark.parametrize(("language", "draft", "kinds"), PRECISE)
def test_what_the_lists_find_is_told_in_their_words(language: str, draft: str, kinds: set[str]) -> None:
    both = check(language, draft)
    assert {finding.kind for finding in both} == kinds
    assert set(check_draft(draft, (), RULES[language])) <= set(both)


@pytest.mark.parametrize("text", ["", "  ", "\u200b", "👍", "!!!", "你好"])
def test_a_reply_that_says_nothing_is_not_judged(text: str) -> None:
    assert MODEL.judge(text) is None


def test_a_brush_off_is_judged_worse_than_help() -> None:
    rude, kind = (
        MODEL.judge(text)
        for text in (
            "That is not our department.",
            "I am so sorry, I will call the courier now and write to you by five.",
        )
    )
    assert rude is not None
    assert kind is not None
    assert kind.good > rude.good
    assert kind.faulty < rude.faulty


def test_what_was_quoted_is_not_the_agents_own() -> None:
    assert check("en", 'The letter says "Please be advised that your case is being processed."') == ()


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "replies.npz"
    with pytest.raises(ArtefactError, match="cannot be read"):
        ReplyModel.load(path)
    one, many = np.zeros(1, np.float32), np.zeros(len(LEARNT) + len(JUDGED), np.float32)
    arrays = {"hashes": one.astype(np.uint32), "idf": one, "weights": np.zeros((1, len(many)), np.int8)}
    np.savez(path, **arrays, scale=many, bias=many, thresholds=many, kinds=np.array(LEARNT[::-1]))
    with pytest.raises(ValueError, match="make replies"):
        ReplyModel.load(path)
