"""Laws of the board's pure modules: spans, stream parser, reducer, list window, words. No service runs here."""

import json

import pytest
from playwright.sync_api import Page


def test_every_language_of_the_board_has_every_word(modules: Page) -> None:
    catalogues = modules.evaluate("""async () => {
        const languages = ["en", "vi", "tl", "cs"];
        const modules = await Promise.all(languages.map((language) => import(`/assets/strings-${language}.js`)));
        return Object.fromEntries(modules.map(({ strings }, i) => [languages[i], strings]));
    }""")
    english = catalogues["en"]
    for language, strings in catalogues.items():
        assert strings.keys() == english.keys(), language
        for key, sentence in strings.items():
            assert _slots(sentence) == _slots(english[key]), f"{language}: {key}"


def _slots(sentence: str) -> set[str]:
    return {part.partition("}")[0] for part in sentence.split("{")[1:]}


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("abc", [], [["abc", []]]),
        ("", [], []),
        ("a😀b", [["x", 2, 3, 1]], [["a😀", []], ["b", ["x"]]]),
        ("👨‍👩‍👧 dở", [["x", 6, 8, 1]], [["👨‍👩‍👧 ", []], ["dở", ["x"]]]),
        ("abcd", [["x", 0, 3, 1], ["y", 1, 4, 2]], [["a", ["x"]], ["bc", ["y", "x"]], ["d", ["y"]]]),
        ("abc", [["x", 0, 3, -1]], [["abc", []]]),
        ("abc", [["x", 1, 99, 1], ["y", 50, 60, 1], ["z", 2, 2, 1]], [["a", []], ["bc", ["x"]]]),
    ],
)
def test_spans_count_code_points(modules: Page, text: str, spans: list[list[object]], expected: object) -> None:
    found = modules.evaluate(
        """async ([text, spans]) => {
            const { segments } = await import("/assets/spans.js");
            const named = spans.map(([signal, start, end, weight]) => ({ signal, start, end, weight }));
            return segments(text, named).map((part) => [part.text, part.marks.map((mark) => mark.signal)]);
        }""",
        [text, spans],
    )
    assert found == expected
    assert "".join(part for part, _ in found) == text


def test_the_stream_is_read_the_same_however_it_is_cut(modules: Page) -> None:
    stream = ': beat\n\nid: 7\nevent: turn.scored\ndata: {"a":\ndata: "č"}\n\r\nid: 8\r\ndata: x: y\r\n\r\ndata: cut'
    found = modules.evaluate(
        """async (stream) => {
            const { Parser } = await import("/assets/stream.js");
            return [1, 2, 3, 1000].map((size) => {
                const messages = [];
                const parser = new Parser((message) => messages.push(message));
                for (let at = 0; at < stream.length; at += size) parser.push(stream.slice(at, at + size));
                return messages;
            });
        }""",
        stream,
    )
    once = [
        {"id": "7", "type": "turn.scored", "data": '{"a":\n"č"}'},
        {"id": "8", "type": "message", "data": "x: y"},
    ]
    assert found == [once] * 4, json.dumps(found)


def test_messages_may_come_in_any_order_and_twice(modules: Page) -> None:
    """Answers and events commute: what knows more turns wins, and every message may be repeated."""
    results = modules.evaluate("""async () => {
        const { EMPTY, reduce } = await import("/assets/state.js");
        const risk = (level) => ({ level, band: level > 0.5 ? "high" : "calm", trend: "steady", stage: "venting" });
        const levels = [0.1, 0.2, 0.9];
        const at = (turns) => ({ conversation_id: "a", action: "none", status: "open", language: "en", queue: null,
            turn_count: turns, waiting_since: null, updated_at: turns, risk: risk(levels[turns - 1]),
            last_customer_text: "xyz"[turns - 1], risk_history: levels.slice(0, turns) });
        const event = (turns, level) => ({ type: "event", event: { type: "turn.scored", conversationId: "a", at: turns,
            data: { ...risk(level), action: "none", status: "open", language: "en", queue: null, turns, role: "customer", waiting_since: null } } });
        const answers = (turns) => ({ type: "answers", conversations: [at(turns)] });
        const messages = [answers(1), event(2, 0.2), event(3, 0.9), answers(3)];
        const orders = (items) => items.length < 2 ? [items]
            : items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
        return orders(messages).flatMap((order) => [order, [...order, ...order]])
            .map((order) => JSON.stringify([...reduce(EMPTY, order).rows.get("a").history, ...Object.entries(reduce(EMPTY, order).rows.get("a")).sort().flat()]));
    }""")
    assert len(results) == 48
    assert len(set(results)) == 1


def test_events_let_the_curve_grow_and_ask_for_the_words_of_the_customer_only(modules: Page) -> None:
    rows = modules.evaluate("""async () => {
        const { EMPTY, reduce } = await import("/assets/state.js");
        const risk = { level: 0.1, band: "calm", trend: "steady", stage: "venting" };
        const answer = { conversation_id: "a", turn_count: 2, risk, risk_history: [0.1, 0.2], last_customer_text: "x" };
        const event = (turns, role) => ({ type: "event", event: { type: "turn.scored", conversationId: "a", at: turns, data: { ...risk, turns, role } } });
        const pick = ({ history, text, turns, knownTurns }) => ({ history, text, isKnown: knownTurns === turns });
        const after = (...messages) => pick(reduce(EMPTY, [{ type: "answers", conversations: [answer] }, ...messages]).rows.get("a"));
        return [after(), after(event(3, "agent")), after(event(3, "customer")), after(event(3, "customer"), event(4, "agent"))];
    }""")
    read = {"history": [0.1, 0.2], "text": "x", "isKnown": True}
    grown = {"history": [0.1, 0.2, 0.1], "text": "x", "isKnown": False}
    assert rows == [read, read, grown, grown]


def test_only_what_stood_still_and_was_not_listed_is_gone(modules: Page) -> None:
    """A conversation that rises past the pages while they are read is on none of them, and stays."""
    left = modules.evaluate("""async () => {
        const { EMPTY, reduce } = await import("/assets/state.js");
        const risk = { level: 0.1, band: "calm", trend: "steady", stage: "venting" };
        const at = (id) => ({ conversation_id: id, turn_count: 1, risk, risk_history: [0.1], last_customer_text: "" });
        const page = (...ids) => ({ type: "answers", conversations: ids.map(at) });
        const before = reduce(EMPTY, [page("erased", "risen", "listed")]);
        const event = { type: "turn.scored", conversationId: "risen", at: 2, data: { ...risk, turns: 2, role: "customer" } };
        const known = new Map([...before.rows].map(([id, row]) => [id, row.turns]));
        const loaded = { type: "loaded", before: known, seen: new Set(["listed", "new"]) };
        return [...reduce(before, [page("listed"), { type: "event", event }, page("new"), loaded]).rows.keys()].sort();
    }""")
    assert left == ["listed", "new", "risen"]


def test_a_long_list_draws_only_what_is_in_sight(modules: Page) -> None:
    drawn = modules.evaluate("""async () => {
        const { ListView } = await import("/assets/list.js");
        const scroller = document.createElement("div");
        const list = document.createElement("ol");
        scroller.className = "scroller";
        list.className = "rows";
        scroller.style.height = "760px";
        scroller.append(list);
        document.body.replaceChildren(scroller);
        const rows = Array.from({ length: 5000 }, (_, i) => ({ id: `c${i}`, band: "calm", level: 0.1, trend: "steady", stage: "venting",
            action: "none", status: "open", language: "en", queue: null, turns: 1, knownTurns: 1, history: [0.1], text: "", waitingSince: null }));
        const view = new ListView(scroller, list, () => {});
        const look = () => [list.children.length, list.children[0].dataset.id, list.lastElementChild.dataset.id];
        view.show(rows);
        view.paint();
        const top = look();
        view.move(Infinity);
        view.paint();
        const bottom = look();
        const known = new Map([...list.children].map((element) => [element.dataset.id, element]));
        view.show([rows[4999], ...rows.slice(0, 4999)]);
        view.move(-Infinity);
        view.paint();
        return { top, bottom, kept: known.get("c4999") === list.children[0], first: list.children[0].dataset.id, count: list.children.length };
    }""")
    assert drawn["top"][0] < 40
    assert drawn["top"][1] == "c0"
    assert drawn["bottom"][0] < 40
    assert drawn["bottom"][2] == "c4999"
    assert (drawn["kept"], drawn["first"]) == (True, "c4999")  # the same element moved: nothing was rebuilt
    assert drawn["count"] < 40
