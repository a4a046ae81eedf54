"""Laws of people: names, roles, one-time links, sessions, and that somebody who may administer is always left."""

from dataclasses import dataclass, field
from typing import Final

import pytest

from service.store import (
    RETENTION_DAYS,
    AuditFilter,
    Change,
    People,
    PersonRefused,
    Scope,
    Sessions,
    Store,
    budget_name,
)
from service.store.database import Database
from service.store.sessions import (
    IDLE_LIFETIME_S,
    LINK_LIFETIME_S,
    MAX_SESSIONS,
    PANEL_LIFETIME_S,
    PANEL_LINK_LIFETIME_S,
    SEEN_EVERY_S,
    SESSION_LIFETIME_S,
)
from tests.unit.store.examples import Stepper, a_turn
from tests.unit.store.laws_turns import at_once

DAY_S: Final = 24 * 3600.0


@dataclass
class Desk:
    """People and sessions of one database, by a clock that the test moves."""

    database: Database
    now: float = 1_000_000.0
    people: People = field(init=False)
    sessions: Sessions = field(init=False)

    def __post_init__(self) -> None:
        self.people = People(self.database, clock=lambda: self.now)
        self.sessions = Sessions(self.database, clock=lambda: self.now)

    def token(self, name: str | None = None) -> str:
        link = self.sessions.mint(name)
        assert link is not None
        return link.token_once

    def cookie(self, name: str | None = None, instead_of: str = "") -> str:
        begun = self.sessions.begin(self.token(name), instead_of=instead_of)
        assert begun is not None
        return begun.cookie_once

    def who(self, cookie: str) -> str | None:
        found = self.sessions.find(cookie)
        return None if found is None else found.name


class PeopleLaws:
    """Laws of who works at the board."""

    @pytest.fixture
    def desk(self, store: Store) -> Desk:
        return Desk(store.people.database)

    def test_the_first_link_makes_the_first_administrator_and_later_ones_find_them(self, desk: Desk) -> None:
        assert desk.people.list() == ()
        first = desk.cookie()
        (admin,) = desk.people.list()
        assert (admin.name, admin.role, desk.who(first)) == ("admin", "admin", "admin")
        renamed = desk.people.change("admin", Change(name="jana", display_name="Jana Nováková"))
        assert renamed is not None
        assert (renamed.id, renamed.name) == (admin.id, "jana")
        assert (desk.who(first), desk.who(desk.cookie())) == ("jana", "jana")
        assert len(desk.people.list()) == 1

    def test_many_first_links_at_once_make_one_administrator(self, desk: Desk) -> None:
        tokens = [desk.token() for _ in range(4)]
        begun = at_once([lambda token=token: desk.sessions.begin(token) for token in tokens])
        assert {session and session.person.name for session in begun} == {"admin"}
        assert len(desk.people.list()) == 1

    def test_who_is_no_administrator_does_not_become_one_by_a_name(self, desk: Desk) -> None:
        desk.people.add("admin", "agent")
        assert desk.who(desk.cookie()) == "admin-2"

    @pytest.mark.parametrize("same", ["jana", "JANA", " Jana ", "Jan\u0061"])
    def test_a_name_belongs_to_one_person(self, desk: Desk, same: str) -> None:
        desk.people.add("Jana", "agent")
        desk.people.add("petr", "agent")
        with pytest.raises(PersonRefused) as caught:
            desk.people.add(same, "agent")
        assert caught.value.field == "name"
        with pytest.raises(PersonRefused):
            desk.people.change("petr", Change(name=same))
        found = desk.people.find(same)
        assert found is not None
        assert found.name == "Jana"

    def test_a_name_is_given_once_however_many_ask_at_the_same_moment(self, desk: Desk) -> None:
        def add() -> bool:
            try:
                return bool(desk.people.add("jana", "agent"))
            except PersonRefused:
                return False

        assert sorted(at_once([add] * 4)) == [False, False, False, True]

    def test_a_link_signs_its_person_in_once(self, desk: Desk) -> None:
        desk.people.add("jana", "supervisor")
        token = desk.token("jana")
        begun = at_once([lambda: desk.sessions.begin(token) for _ in range(4)])
        assert [session.person.name for session in begun if session is not None] == ["jana"]
        assert desk.sessions.begin(token) is None
        for wrong in ("", "x", "é", "\ud800", "x" * 5000):
            assert desk.sessions.begin(wrong) is None
            assert desk.sessions.find(wrong) is None

    def test_a_panels_link_opens_a_panel_only_and_both_are_short(self, desk: Desk) -> None:
        desk.people.add("jana", "supervisor")

        def token() -> str:
            link = desk.sessions.mint("jana", scope="panel")
            assert link is not None
            return link.token_once

        panel = token()
        assert not desk.sessions.is_good(panel)
        assert desk.sessions.begin(panel) is None, "it opens no board, and is not used up by the attempt"
        begun = desk.sessions.begin(panel, scope="panel")
        assert begun is not None
        assert desk.sessions.find(begun.cookie_once) is None
        assert desk.sessions.find(begun.cookie_once, "panel") == begun.person
        assert desk.sessions.begin(desk.token("jana"), scope="panel") is None
        late = token()
        desk.now += PANEL_LINK_LIFETIME_S
        assert desk.sessions.begin(late, scope="panel") is None
        while desk.now < 1_000_000.0 + PANEL_LIFETIME_S - 1.0:  # it is in use, and ends all the same
            assert desk.sessions.find(begun.cookie_once, "panel") is not None
            desk.now += IDLE_LIFETIME_S / 4
        assert desk.sessions.find(begun.cookie_once, "panel") is None

    @pytest.mark.parametrize(("scope", "other"), [("board", "panel"), ("panel", "board")])
    def test_looking_at_a_link_spends_nothing_and_it_opens_its_own_scope_only(
        self, desk: Desk, store: Store, scope: Scope, other: Scope
    ) -> None:
        desk.people.add("jana", "supervisor")
        link = desk.sessions.mint("jana", scope=scope)
        assert link is not None
        for _ in range(3):
            assert desk.sessions.is_good(link.token_once, scope=scope)
            assert not desk.sessions.is_good(link.token_once, scope=other)
        assert desk.sessions.begin(link.token_once, scope=other) is None
        assert desk.sessions.begin(link.token_once, scope=scope) is not None
        assert not desk.sessions.is_good(link.token_once, scope=scope)
        latest = store.audit_trail()[0]
        assert (latest.action, latest.detail) == ("session.began", {"for": scope})

    def test_a_link_for_nobody_is_not_made(self, desk: Desk) -> None:
        assert desk.sessions.mint("nobody") is None
        desk.cookie()
        desk.people.add("petr", "agent")
        desk.people.change("petr", Change(deactivated=True))
        with pytest.raises(PersonRefused):
            desk.sessions.mint("petr")

    def test_an_old_link_is_worth_nothing(self, desk: Desk) -> None:
        late, in_time = desk.token(), desk.token()
        desk.now += LINK_LIFETIME_S - 1
        assert desk.sessions.begin(in_time) is not None
        desk.now += 1
        assert desk.sessions.begin(late) is None

    def test_a_session_ends_when_nobody_uses_it(self, desk: Desk) -> None:
        used, idle = desk.cookie(), desk.cookie()
        desk.now += IDLE_LIFETIME_S - 1
        assert desk.who(used) == "admin"
        desk.now += 1
        assert (desk.who(used), desk.who(idle)) == ("admin", None)

    def test_a_session_ends_however_it_is_used(self, desk: Desk) -> None:
        cookie, began = desk.cookie(), desk.now
        while desk.now + IDLE_LIFETIME_S / 2 < began + SESSION_LIFETIME_S:
            desk.now += IDLE_LIFETIME_S / 2
            assert desk.who(cookie) == "admin"
        desk.now = began + SESSION_LIFETIME_S
        assert desk.who(cookie) is None

    def test_the_last_use_is_kept_to_the_minute(self, desk: Desk) -> None:
        cookie = desk.cookie()
        desk.now += SEEN_EVERY_S - 1
        assert desk.who(cookie) == "admin"
        desk.now += IDLE_LIFETIME_S - SEEN_EVERY_S + 1
        assert desk.who(cookie) is None, "a use within the same minute was not written down"

    def test_signing_in_again_ends_the_browsers_earlier_session(self, desk: Desk) -> None:
        first = desk.cookie()
        second = desk.cookie(instead_of=first)
        assert (desk.who(first), desk.who(second)) == (None, "admin")
        assert desk.sessions.end(second)
        assert not desk.sessions.end(second)
        assert desk.who(second) is None

    def test_the_number_of_a_persons_browsers_is_bounded(self, desk: Desk) -> None:
        cookies = []
        for _ in range(MAX_SESSIONS + 1):
            cookies.append(desk.cookie())
            desk.now += 1
        assert [desk.who(cookies[0]), desk.who(cookies[1]), desk.who(cookies[-1])] == [None, "admin", "admin"]

    def test_every_process_knows_every_session_also_after_a_restart(self, desk: Desk, database_url: str) -> None:
        cookie = desk.cookie()
        other = Store.open(database_url)
        found = Sessions(other.sessions.database, clock=lambda: desk.now).find(cookie)
        assert found is not None
        assert found.name == "admin"
        other.close()

    def test_who_is_deactivated_is_signed_out_and_their_links_are_void(self, desk: Desk) -> None:
        desk.cookie()
        desk.people.add("petr", "supervisor")
        cookie, token = desk.cookie("petr"), desk.token("petr")
        assert desk.people.change("petr", Change(deactivated=True)) is not None
        assert desk.who(cookie) is None
        assert desk.sessions.begin(token) is None
        desk.people.change("petr", Change(deactivated=False))
        assert desk.who(cookie) is None, "what ended stays ended"
        assert desk.sessions.begin(token) is None
        assert desk.who(desk.cookie("petr")) == "petr"

    def test_what_somebody_had_is_returned_when_they_are_deactivated(self, desk: Desk, store: Store) -> None:
        desk.cookie()
        desk.people.add("petr", "supervisor")
        for name in ("c1", "c2"):
            store.record_turn(a_turn(), name, 101.0, Stepper(a_turn()))
        store.hand_over("c1", "join", "petr", now=desk.now)
        store.hand_over("c2", "join", "somebody else", now=desk.now)
        desk.people.change("petr", Change(deactivated=True))
        found = {item.conversation_id: (item.status, item.owner) for item in store.list_conversations().items}
        assert found == {"c1": ("returned", None), "c2": ("joined", "somebody else")}

    def test_nobody_is_renamed_while_they_have_a_conversation(self, desk: Desk, store: Store) -> None:
        desk.people.add("petr", "supervisor")
        store.record_turn(a_turn(), "c1", 101.0, Stepper(a_turn()))
        store.hand_over("c1", "join", "petr", now=desk.now)
        with pytest.raises(PersonRefused, match="return them first"):
            desk.people.change("petr", Change(name="pavel"))
        store.hand_over("c1", "return", "petr", now=desk.now)
        changed = desk.people.change("petr", Change(name="pavel"))
        assert changed is not None
        assert changed.name == "pavel"

    @pytest.mark.parametrize("change", [Change(deactivated=True), Change(role="supervisor"), Change(role="agent")])
    def test_somebody_who_may_administer_is_always_left(self, desk: Desk, change: Change) -> None:
        desk.cookie()
        desk.people.add("eva", "admin")
        outcomes = at_once([lambda name=name: _try(desk, name, change) for name in ("admin", "eva")])
        assert sorted(outcomes) == [False, True]
        active = [person for person in desk.people.list() if person.role == "admin" and person.deactivated_at is None]
        assert len(active) == 1

    def test_every_change_is_in_the_audit_trail_once(self, desk: Desk, store: Store) -> None:
        desk.cookie()
        desk.people.add("petr", "agent", "Petr", actor="admin", via="session")
        change = Change(name="pavel", display_name="Pavel", role="supervisor", deactivated=True)
        desk.people.change("petr", change, actor="admin", via="session")
        desk.people.change("pavel", change, actor="admin", via="session")
        assert desk.people.change("nobody", change) is None
        entries = [(entry.actor, entry.action, entry.subject) for entry in reversed(store.audit_trail())]
        assert entries == [
            ("cli", "link.made", ""),
            ("admin", "person.added", "admin"),
            ("admin", "session.began", "admin"),
            ("admin", "person.added", "petr"),
            ("admin", "person.renamed", "pavel"),
            ("admin", "person.changed", "pavel"),
            ("admin", "person.role_changed", "pavel"),
            ("admin", "person.deactivated", "pavel"),
        ]

    def test_neither_token_nor_cookie_is_kept_or_shown(self, desk: Desk, store: Store) -> None:
        link = desk.sessions.mint()
        assert link is not None
        begun = desk.sessions.begin(link.token_once)
        assert begun is not None
        for secret in (link.token_once, begun.cookie_once):
            assert secret not in repr((link, begun, desk.people.list(), store.audit_trail()))

    def test_a_changed_setting_counts_for_every_process_until_it_is_taken_back(
        self, store: Store, database_url: str
    ) -> None:
        other = Store.open(database_url, alert_budget=12)
        name = budget_name("senior")
        at_once([lambda: store.settings.change({name: 3}, actor="eva", via="session") for _ in range(4)])
        assert other.settings.value(name, 12) == 3
        assert {kept: setting.changed_by for kept, setting in other.settings.all().items()} == {name: "eva"}
        assert other.alert_report(7).budgets["senior"] == 3
        store.settings.change({name: None, RETENTION_DAYS: 0}, actor="eva", via="session")
        assert other.settings.value(name, 12) == 12
        assert other.settings.value(RETENTION_DAYS, 90) == 0
        changes = [entry.detail for entry in store.audit_trail() if entry.subject == name]
        assert {"from": 3, "to": None, "via": "session"} in changes
        other.close()

    def test_the_audit_trail_comes_in_pages_newest_first(self, store: Store) -> None:
        for number in range(5):
            store.create_key("secret", f"k{number}", actor="eva" if number % 2 else "jana")
        first = store.audit_page(limit=3)
        rest = store.audit_page(limit=3, cursor=first.next_cursor)
        assert [entry.detail["name"] for entry in (*first.items, *rest.items)] == ["k4", "k3", "k2", "k1", "k0"]
        assert rest.next_cursor is None
        found = store.audit_page(AuditFilter(action="key.created", actor="eva")).items
        assert [entry.detail["name"] for entry in found] == ["k3", "k1"]
        assert store.audit_page(AuditFilter(action="key.revoked")).items == ()


def _try(desk: Desk, name: str, change: Change) -> bool:
    try:
        return desk.people.change(name, change) is not None
    except PersonRefused:
        return False
