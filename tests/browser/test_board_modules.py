"""Laws of the board's pure modules: spans, stream parser, reducer, list window, words. No service runs here."""

import json

import pytest
from playwright.sync_api import Page


def test_every_language_of_the_board_has_every_word(modules: Page) -> None:
    catalogues = modules.evaluate("""async () => {
        const languages = ["en", "vi", "tl", "cs"];
        const modules = await Promise.all(languages.map((language) => import(`/assets/words/${language}.js`)));
        return Object.fromEntries(modules.map(({ strings }, i) => [languages[i], strings]));
    }""")
    english = catalogues["en"]
    for language, strings in catalogues.items():
        assert {_stem(key) for key in strings} == {_stem(key) for key in english}, language
        for key, sentence in strings.items():
            assert _slots(sentence) == _slots(english[_other(key)]), f"{language}: {key}"


PLURAL_FORMS = {"en": {"one", "other"}, "vi": {"other"}, "tl": {"one", "other"}, "cs": {"one", "few", "many", "other"}}
"""The cardinal forms of each language in CLDR."""


def test_numbers_have_the_forms_of_their_language(modules: Page) -> None:
    forms = modules.evaluate("""async () => {
        const words = async (language) => Object.keys((await import(`/assets/words/${language}.js`)).strings);
        const found = {};
        for (const language of ["en", "vi", "tl", "cs"]) found[language] = await words(language);
        return found;
    }""")
    for language, keys in forms.items():
        counted: dict[str, set[str]] = {}
        for key in keys:
            stem, _, form = key.rpartition(".")
            if _stem(key) != key:
                counted.setdefault(stem, set()).add(form)
        allowed = PLURAL_FORMS[language]
        wrong = {stem: found for stem, found in counted.items() if not {"other"} <= found <= allowed}
        assert wrong == {}, language


def test_a_number_of_things_is_said_in_its_form(modules: Page) -> None:
    said = modules.evaluate("""async () => {
        const { chooseLanguage, keepLanguage, plural } = await import("/assets/strings.js");
        const { strings } = await import("/assets/words/cs.js");
        Object.assign(strings, { "x.one": "{n} chat", "x.few": "{n} chaty", "x.many": "{n} chatu", "x.other": "{n} chatů" });
        keepLanguage("cs");
        await chooseLanguage();
        return [1, 3, 1.5, 1200].map((n) => plural("x", n));
    }""")
    assert said == ["1 chat", "3 chaty", "1,5 chatu", "1\u00a0200 chatů"]


def _stem(key: str) -> str:
    """Return a key without the ending that says for which numbers it is."""
    stem, _, form = key.rpartition(".")
    return stem if form in {"one", "few", "many", "other"} and not key.startswith(("kind.", "language.")) else key


def _other(key: str) -> str:
    return key if _stem(key) == key else f"{_stem(key)}.other"


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
    """Answers and events commute: each part of a row keeps what knows most, and every message may be repeated."""
    results = modules.evaluate("""async () => {
        const { EMPTY, reduce } = await import("/assets/state.js");
        const risk = (level) => ({ level, band: level > 0.5 ? "high" : "calm", trend: "steady", stage: "venting" });
        const levels = [0.1, 0.9];
        const nobody = { status: "open", owner: null, deadline: null };
        const jana = { status: "joined", owner: "jana", deadline: null };
        const alert = { status: "raised", action: "handoff", queue: "supervisor", due_at: 9 };
        const at = (turns, event_id, hands, alert) => ({ conversation_id: "a", action: "none", ...hands, language: "en", queue: null,
            turn_count: turns, waiting_since: null, updated_at: turns, risk: risk(levels[turns - 1]), event_id, alert,
            last_customer_text: "xy"[turns - 1], risk_history: levels.slice(0, turns) });
        const event = (id, type, data) => ({ type: "event", event: { id: String(id), type, conversationId: "a", at: 2, data } });
        const answers = (...parts) => ({ type: "answers", conversations: [at(...parts)] });
        const messages = [
            answers(1, 1, nobody, null),
            event(2, "turn.scored", { ...risk(0.9), ...nobody, action: "none", language: "en", queue: null, turns: 2, role: "customer", waiting_since: null }),
            event(3, "alert.raised", alert),
            event(4, "handoff.changed", jana),
            event(5, "alert.changed", { ...alert, status: "acknowledged" }),
            answers(2, 4, jana, alert),
        ];
        const orders = (items) => items.length < 2 ? [items]
            : items.flatMap((item, i) => orders(items.filter((_, j) => j !== i)).map((rest) => [item, ...rest]));
        return orders(messages).flatMap((order) => [order, [...order, ...order]])
            .map((order) => JSON.stringify(Object.entries(reduce(EMPTY, order).rows.get("a")).sort()));
    }""")
    assert len(results) == 1440
    assert len(set(results)) == 1
    row = dict(json.loads(results[0]))
    assert (row["turns"], row["text"], row["history"]) == (2, "y", [0.1, 0.9])
    assert (row["status"], row["owner"], row["alert"]["status"]) == ("joined", "jana", "acknowledged")


def test_a_hand_off_whose_time_is_up_is_open_whatever_is_told_again(modules: Page) -> None:
    rows = modules.evaluate("""async () => {
        const { EMPTY, hasLapsed, reduce } = await import("/assets/state.js");
        const event = { type: "event", event: { id: "7", type: "handoff.changed", conversationId: "a", at: 1, data: { status: "claimed", owner: "jana", deadline: 100 } } };
        const claimed = reduce(EMPTY, [event]);
        const lapsed = reduce(claimed, [{ type: "clock", now: 100 }, event]);
        const pick = ({ rows }) => [rows.get("a").status, rows.get("a").owner];
        return [pick(claimed), claimed.strangers, hasLapsed(claimed, 99), hasLapsed(claimed, 100), pick(lapsed), hasLapsed(lapsed, 200)];
    }""")
    assert rows == [["claimed", "jana"], ["a"], False, True, ["open", None], False]


def test_the_list_is_narrowed_and_ordered(modules: Page) -> None:
    found = modules.evaluate("""async () => {
        const { DEFAULTS, inView, matching, overview } = await import("/assets/shown.js");
        const now = 1e6;
        const row = (id, more) => [id, { id, turns: 1, band: "calm", level: 0.1, language: "en", queue: "shop", updatedAt: now - 60, waitingSince: null,
            text: "", status: "open", owner: null, alert: null, ...more }];
        const raised = { status: "raised" };
        const rows = new Map([
            row("a", { level: 0.9, band: "critical", waitingSince: 50, alert: raised, text: "Nic nefunguje" }),
            row("b", { level: 0.5, band: "watch", waitingSince: 10, status: "claimed", owner: "jana", alert: raised }),
            row("c", { level: 0.5, band: "watch", updatedAt: now - 30, status: "joined", owner: "petr", queue: null }),
            row("done-1", { status: "resolved", level: 0.7, band: "high" }),
            row("old-1", { updatedAt: now - 2 * 86400, level: 0.6, band: "high", language: "vi" }),
            row("heard-of", { turns: 0 }),
        ]);
        const ids = (filter) => matching(inView(rows, { ...DEFAULTS, ...filter }, now), { ...DEFAULTS, ...filter }, "jana").map(({ id }) => id).join(" ");
        const told = overview(inView(rows, DEFAULTS, now), "jana");
        return [[{}, { sort: "waiting" }, { sort: "latest" }, { status: "open" }, { status: "owned" }, { status: "resolved" }, { status: "all", days: 7 },
            { mine: true }, { needs: true }, { bands: new Set(["watch"]) }, { queue: "" }, { queue: "shop", language: "en" }, { text: "NEFUNG" },
            { text: "done" }, { text: "-1" }].map(ids), told];
    }""")
    # fmt: off
    assert found[0] == [
        "a c b", "b a c", "c a b", "a", "c b", "done-1", "a done-1 old-1 c b",
        "b", "a", "c b", "c", "a b", "a",
        "done-1", "done-1 old-1",
    ]
    # fmt: on
    counted = {"critical": 1, "high": 0, "watch": 2, "calm": 0}
    assert found[1] == {"bands": counted, "mine": 1, "needs": 1, "languages": ["en"], "queues": ["", "shop"]}


def test_a_filter_is_the_same_after_it_was_an_address(modules: Page) -> None:
    found = modules.evaluate("""async () => {
        const { DEFAULTS, fromQuery, toQuery } = await import("/assets/shown.js");
        const filters = [DEFAULTS, { ...DEFAULTS, bands: new Set(["watch", "critical"]), language: "vi", queue: "", text: "a & b = č?#/", mine: true, needs: true, status: "all", days: 30, sort: "waiting" }];
        const plain = (filter) => JSON.stringify({ ...filter, bands: [...filter.bands].sort() });
        return [filters.map(toQuery), filters.map((filter) => plain(fromQuery(toQuery(filter))) === plain(filter)),
            plain(fromQuery("bands=odd-high&status=nonsense&days=999&sort=%00&mine=yes&x=y")) === plain({ ...DEFAULTS, bands: new Set(["high"]) })];
    }""")
    assert found[0][0] == ""
    assert found[1:] == [[True, True], True]


def test_silence_is_noticed_also_when_the_machine_slept(modules: Page) -> None:
    """Some machines stop the monotonic clock while they sleep; then the clock on the wall tells."""
    told = modules.evaluate("""async () => {
        const { Stream } = await import("/assets/stream.js");
        const states = [];
        const stream = new Stream({ onOpen() {}, onEvent() {}, onState: (state) => states.push(state) });
        stream.running = true;
        stream.tell("live");
        const cut = (stream.abort = new AbortController());
        stream.check();
        const before = [...states];
        stream.heardAt.onTheWall -= 3_600_000;
        stream.hurry();
        return [before, states, cut.signal.aborted];
    }""")
    assert told == [["live"], ["live", "stale"], True]


def test_events_let_the_curve_grow_and_ask_for_the_words_of_the_customer_only(modules: Page) -> None:
    rows = modules.evaluate("""async () => {
        const { EMPTY, reduce } = await import("/assets/state.js");
        const risk = { level: 0.1, band: "calm", trend: "steady", stage: "venting" };
        const answer = { conversation_id: "a", turn_count: 2, risk, risk_history: [0.1, 0.2], last_customer_text: "x" };
        const event = (turns, role) => ({ type: "event", event: { id: String(turns), type: "turn.scored", conversationId: "a", at: turns, data: { ...risk, turns, role } } });
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
        const loaded = { type: "loaded", before: before.rows, seen: new Set(["listed", "new"]) };
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
