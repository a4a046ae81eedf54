"""The lint over phrases: the shipped catalogue passes, and each thing that should not be said is objected to."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import service.risk
from service.__main__ import main
from service.labels import LANGUAGES
from service.risk.decide import load_policy
from service.risk.loader import STAGES
from service.risk.phrases import TECHNIQUES, Catalogue, Wording
from service.risk.phrases_lint import FORBIDDEN, lint_phrases

CATALOGUE = load_policy().catalogue
SHIPPED = Path(service.risk.__file__).parent


def with_text(language: str, text: str, plain: str | None = None) -> Catalogue:
    """The shipped catalogue with one more wording."""
    extra = Wording(f"{language}-extra", language, "venting", "own", "any", text, plain)
    return Catalogue({**CATALOGUE.wordings, language: (*CATALOGUE.wordings[language], extra)})


def test_the_shipped_catalogue_has_nothing_that_should_not_be_said() -> None:
    assert lint_phrases(CATALOGUE) == ()


# fmt: off
SAID: Mapping[str, list[tuple[str, str]]] = {
    "vi": [
        ("Dạ anh/chị bình tĩnh giúp em ạ.", "calming down"), ("Dạ theo quy định thì em không làm được ạ.", "a rule to hide behind"),
        ("Dạ mong quý khách thông cảm giúp em ạ.", "a stock phrase"), ("Em cam kết xong trong hôm nay ạ.", "a promise"),
        ("Dạ bạn chờ em một chút nhé ạ.", "too familiar"), ("Em kiểm tra ngay cho anh/chị.", "'dạ' or 'ạ'"),
    ],
    "tl": [
        ("Kumalma po muna kayo.", "calming down"), ("Sabi po sa policy namin, hindi puwede.", "a rule to hide behind"),
        ("Sorry po sa anumang abala nito.", "a stock phrase"), ("Pangako po, maaayos ito.", "a promise"),
        ("Hintayin mo po muna ako rito.", "too familiar"), ("Aasikasuhin ko agad ito.", "'po' or 'opo'"),
    ],
    "cs": [
        ("Uklidněte se prosím.", "calming down"), ("Podle pravidel to udělat nemůžu.", "a rule to hide behind"),
        ("Omlouváme se za způsobené potíže.", "a stock phrase"), ("Slibuji, že to dnes vyřeším.", "a promise"),
        ("Pošli mi prosím, co máš k ruce.", "too familiar"), ("Ověřil jsem to u kolegů.", "gender"),
    ],
    "en": [
        ("Please calm down so I can help.", "calming down"), ("As I already said, it cannot be done.", "a rule to hide behind"),
        ("Rest assured that we are on it.", "a stock phrase"), ("I promise you a full refund.", "a promise"),
        ("Hang on a second, mate, I'm on it.", "too familiar"), ("I am on it right now!!!", "exclamation"),
    ],
}
# fmt: on


@pytest.mark.parametrize(("language", "text", "says"), [(n, *row) for n, rows in SAID.items() for row in rows])
def test_what_should_not_be_said_is_named(language: str, text: str, says: str) -> None:
    objections = lint_phrases(with_text(language, text))
    assert [objection.phrase for objection in objections] == [f"{language}-extra"] * len(objections)
    assert any(says in objection.says for objection in objections)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("On it.", "has 6 characters"),
        ("I am on it and " * 20 + "on it.", "characters, expected"),
        ("i'm working on it right now.", "a whole sentence"),
        ("I'm working on it right now", "a whole sentence"),
        ("I'm working  on it right now.", "single spaces"),
        ("LEAVE this with me; I'll take care of IT.", "says the same as en-connected-own-1"),
    ],
)
def test_form_and_repetition_are_looked_at(text: str, says: str) -> None:
    assert [o for o in lint_phrases(with_text("en", text)) if says in o.says]


def test_the_wording_without_slots_is_read_too() -> None:
    assert lint_phrases(with_text("en", "{name}, I'm working on it.", "Calm down, I'm working on it."))


def test_a_stage_without_a_technique_is_named() -> None:
    some = tuple(w for w in CATALOGUE.wordings["cs"] if (w.stage, w.technique) != ("receptive", "own"))
    (objection,) = lint_phrases(replace(CATALOGUE, wordings={**CATALOGUE.wordings, "cs": some}))
    assert str(objection) == "phrase cs-receptive: no phrase of the technique 'own' in this stage"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_has_words_for_every_technique(language: str) -> None:
    present = {(w.stage, w.technique) for w in CATALOGUE.wordings[language]}
    assert present == {(stage, technique) for stage in STAGES for technique in TECHNIQUES}


def test_every_kind_of_objection_knows_all_four_languages() -> None:
    assert all(set(patterns) == set(LANGUAGES) for patterns in FORBIDDEN.values())


def test_the_command_prints_the_objections_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "phrases").mkdir()
    for name in LANGUAGES:
        text = (SHIPPED / "phrases" / f"{name}.yaml").read_text(encoding="utf-8")
        changed = text.replace("I'm on the next step now", "Calm down, I'm on the next step now")
        (tmp_path / "phrases" / f"{name}.yaml").write_text(changed, encoding="utf-8")
    policy = tmp_path / "policy.yaml"
    policy.write_bytes((SHIPPED / "policy.yaml").read_bytes())
    assert main(["policy", "check", str(policy)]) == 1
    assert capsys.readouterr().out == "phrase en-receptive-own-2: 'Calm down' is calming down\n"
    assert main(["policy", "check", str(SHIPPED / "policy.yaml")]) == 0
