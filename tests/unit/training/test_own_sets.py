"""The report tells turns of conversations from single messages."""

import pytest

from service.labels import LANGUAGES
from training.evaluate import own_sets
from training.transcripts import read_transcripts


def test_turns_of_conversations_are_a_part_of_test_without_single_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.dataset.public_rows", tuple)  # they are no part of it, and take a while to read
    sets = own_sets()
    single = {c.id for c in read_transcripts() if c.single}
    for language in LANGUAGES:
        whole = {row.id for row in sets[f"own_test.{language}"]}
        chats = {row.id for row in sets[f"own_test_chats.{language}"]}
        rest = whole - chats
        assert chats, language
        assert chats < whole
        assert not {name.partition("#")[0] for name in chats} & single
        assert {name.partition("#")[0] for name in rest} <= single
