"""Mappings in YAML: what is wrong is told with its line and key, and nothing in one runs or hangs."""

from typing import Final

import pytest

from service.integrations.desks import DESKS, OptionRefused, checked_options, checked_secrets
from service.integrations.mapping import MAX_MAPPING_BYTES, parse_mapping
from service.integrations.values import moment, text_of_html
from service.risk.loader import PolicyError

GOOD: Final = """conversation: ticket.id
message: id
text: body
role:
  from: author
  values: {client: customer}
"""


def test_the_smallest_mapping_is_read() -> None:
    mapping = parse_mapping(GOOD)
    assert mapping.conversation.find({"ticket": {"id": 7}}) == 7
    assert mapping.role.values == {"client": "customer"}
    assert mapping.role.otherwise is None
    assert mapping.messages is mapping.sent_at is None


# fmt: off
WRONG: Final = {
    # what                    change                                          line  field          expected
    "a key is missing":      (("message: id\n", ""),                          1,    "message",     "a value"),
    "an unknown key":        (("text: body", "txet: body"),                   3,    "txet",        "one of the keys"),
    "a key twice":           (("text: body", "text: body\ntext: again"),      4,    "text",        "each key once"),
    "no expression":         (("ticket.id", "'ticket..id'"),                  1,    "conversation", "JMESPath"),
    "an unknown function":   (("text: body", 'text: system(body)'),          3,    "text",        "functions that"),
    "a deep expression":     (("text: body", f"text: '{'[' * 299}'"),         3,    "text",        "JMESPath"),
    "too long":              (("text: body", f"text: {'a' * 301}"),           3,    "text",        "1 to 300"),
    "a number":              (("message: id", "message: 5"),                  2,    "message",     "a text"),
    "a role we have not":    (("customer}", "boss}"),                         6,    "role.values.client", "customer, agent, bot"),
    "no roles":              (("{client: customer}", "{}"),                   6,    "role.values", "1 to 50"),
    "roles as a text":       (("role:\n  from: author\n  values: {client: customer}", "role: author"), 4, "role", "a mapping"),
    "an alias":              (("text: body", "text: *x"),                     3,    "(file)",      "the value itself"),
    "an object":             (("text: body", "text: !!python/object:os.system {}"), 3, "text",     "a text"),
    "broken":                (("text: body", "text: [body"),                  None, "(file)",      ""),
}
# fmt: on


@pytest.mark.parametrize("what", list(WRONG))
def test_a_mistake_is_told_with_line_and_key(what: str) -> None:
    (old, new), line, field, expected = WRONG[what]
    assert old in GOOD
    with pytest.raises(PolicyError) as caught:
        parse_mapping(GOOD.replace(old, new))
    assert caught.value.field == field
    assert line is None or caught.value.line == line
    assert expected in caught.value.expected


def test_a_mapping_has_a_size() -> None:
    with pytest.raises(PolicyError, match="bytes"):
        parse_mapping(GOOD + "#" * MAX_MAPPING_BYTES)


def test_an_expression_that_does_not_fit_finds_nothing() -> None:
    mapping = parse_mapping(GOOD.replace("text: body", "text: join(',', lines)"))
    assert mapping.text.find({"lines": [1, {}]}) is None
    assert mapping.text.find({"lines": None}) is None
    assert mapping.text.find({"lines": ["a", "b"]}) == "a,b"


def test_a_connection_tells_the_line_of_its_mapping() -> None:
    with pytest.raises(OptionRefused) as caught:
        checked_options(DESKS["generic"], {"mapping": GOOD.replace("text: body", "text: 'a..b'")})
    assert caught.value.field == "options.mapping"
    assert caught.value.why.startswith("line 3, text: expected")


@pytest.mark.parametrize(
    ("kind", "options", "field"),
    [
        ("chatwoot", {"account_id": 3}, "options.base_url"),
        ("chatwoot", {"base_url": "https://desk.example"}, "options.account_id"),
        ("chatwoot", {"base_url": "https://desk.example", "account_id": "3"}, "options.account_id"),
        ("chatwoot", {"base_url": "https://desk.example", "account_id": 0}, "options.account_id"),
        ("chatwoot", {"base_url": "http://desk.example", "account_id": 3}, "options.base_url"),
        ("chatwoot", {"base_url": "https://u:p@desk.example", "account_id": 3}, "options.base_url"),
        ("chatwoot", {"base_url": "https://10.0.0.1", "account_id": 3}, "options.base_url"),
        ("chatwoot", {"base_url": "https://desk.example/?a=b", "account_id": 3}, "options.base_url"),
        ("chatwoot", {"base_url": 5, "account_id": 3}, "options.base_url"),
        (
            "chatwoot",
            {"base_url": "https://desk.example", "account_id": 3, "note_language": "de"},
            "options.note_language",
        ),
        ("chatwoot", {"base_url": "https://desk.example", "account_id": 3, "note_langauge": "cs"}, "options"),
        ("intercom", {"anything": "x"}, "options"),
        ("generic", {"mapping": 5}, "options.mapping"),
        ("rocketchat", {"bots": "x" * 301}, "options.bots"),
    ],
)
def test_wrong_options_are_refused_by_name(kind: str, options: dict[str, str | int | None], field: str) -> None:
    with pytest.raises(OptionRefused) as caught:
        checked_options(DESKS[kind], options)
    assert caught.value.field == field


def test_secrets_are_kept_replaced_made_and_taken_away() -> None:
    chatwoot, rocket = DESKS["chatwoot"], DESKS["rocketchat"]
    kept = checked_secrets(chatwoot, {"signing_secret": "12345678", "api_token": "abcdefgh"}, {})
    assert checked_secrets(chatwoot, {"api_token": None}, kept) == {"signing_secret": "12345678"}
    assert checked_secrets(chatwoot, {"signing_secret": "new-secret"}, kept) == kept | {"signing_secret": "new-secret"}
    assert len(checked_secrets(rocket, {}, {})["token"]) == 64
    for given in (
        {},
        {"signing_secret": "short"},
        {"signing_secret": "with a blank"},
        {"signing_secret": None},
        {"x": "12345678"},
    ):
        with pytest.raises(OptionRefused) as caught:
            checked_secrets(chatwoot, given, {})
        assert "short" not in str(caught.value)
        assert "blank" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        (1790000000, 1790000000.0),
        (1790000000123, 1790000000.123),
        ("1790000000", 1790000000.0),
        ("2026-09-21T14:13:20Z", 1790000000.0),
        ("2026-09-21 14:13:20 UTC", 1790000000.0),
        ("2026-09-21T16:13:20+02:00", 1790000000.0),
        (True, None),
        (0, None),
        (-5, None),
        ("soon", None),
        (None, None),
        (10**30, None),
        ("9" * 400, None),
        (1e308, None),
    ],
)
def test_times_are_read_however_a_desk_writes_them(written: object, seconds: float | None) -> None:
    assert moment(written) == seconds


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>Tôi chờ&nbsp;mãi</p><p>rồi!</p>", "Tôi chờ mãi\nrồi!"),
        ("plain", "plain"),
        ("a<br/>b", "a\nb"),
        ("<style>p{}</style><p>seen</p><script>x()</script>", "seen"),
        ("<p></p>", ""),
        ("<![foo[ x]>left", "left"),
        ("<![foo[ x", "<![foo[ x"),
        ("a <!-- b --> c", "a c"),
        ("<script>x<script>y</script>z", "z"),
        ("<p " * 50_000, " ".join(["<p"] * 50_000)),
        ("1 < 2 &amp; 3", "1 < 2 & 3"),
    ],
)
def test_a_text_is_what_a_reader_sees(html: str, text: str) -> None:
    assert text_of_html(html) == text
