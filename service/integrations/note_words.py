"""The words of a private note, in four languages. The reasons in it come from the policy, the phrases from its catalogue."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from ..flow import Action
from ..risk.policy import Queue


@dataclass(frozen=True, slots=True)
class NoteWords:
    """What a note says in one language."""

    titles: Mapping[Action, str]
    risk: str
    queue: str
    queues: Mapping[Queue, str]
    within: str
    """With `{minutes}`; a form that is right for every number."""
    phrase: str


NOTE_WORDS: Final[Mapping[str, NoteWords]] = {
    "en": NoteWords(
        titles={"consult": "Ask a colleague for help with this chat", "handoff": "Hand this chat over"},
        risk="Risk",
        queue="For",
        queues={
            "agent": "the agent",
            "senior": "a senior colleague",
            "technical": "technical support",
            "finance": "finance",
            "supervisor": "a supervisor",
            "safety": "the safety team",
        },
        within="Respond within {minutes} min.",
        phrase="You could say",
    ),
    "cs": NoteWords(
        titles={"consult": "Přizvěte k tomuto chatu kolegu", "handoff": "Předejte tento chat"},
        risk="Riziko",
        queue="Pro",
        queues={
            "agent": "operátora",
            "senior": "zkušenějšího kolegu",
            "technical": "technickou podporu",
            "finance": "finanční oddělení",
            "supervisor": "vedoucího",
            "safety": "bezpečnostní tým",
        },
        within="Reagujte do {minutes} min.",
        phrase="Můžete napsat",
    ),
    "vi": NoteWords(
        titles={
            "consult": "Hãy nhờ đồng nghiệp hỗ trợ cuộc trò chuyện này",
            "handoff": "Hãy bàn giao cuộc trò chuyện này",
        },
        risk="Rủi ro",
        queue="Dành cho",
        queues={
            "agent": "nhân viên phụ trách",
            "senior": "đồng nghiệp nhiều kinh nghiệm",
            "technical": "bộ phận kỹ thuật",
            "finance": "bộ phận tài chính",
            "supervisor": "quản lý",
            "safety": "bộ phận an toàn",
        },
        within="Cần phản hồi trong {minutes} phút.",
        phrase="Bạn có thể viết",
    ),
    "tl": NoteWords(
        titles={"consult": "Magpatulong sa kasamahan para sa chat na ito", "handoff": "Ipasa ang chat na ito"},
        risk="Panganib",
        queue="Para sa",
        queues={
            "agent": "ahente",
            "senior": "mas bihasang kasamahan",
            "technical": "technical support",
            "finance": "finance",
            "supervisor": "supervisor",
            "safety": "safety team",
        },
        within="Tumugon sa loob ng {minutes} minuto.",
        phrase="Maaari mong sabihin",
    ),
}
