"""`Accept-Language` -> the page that asks for a one-time token, or for a click that uses one. Pure but for one file.

It is what anybody sees who is not signed in, so it says nothing of what is behind it.
"""

from collections.abc import Mapping
from html import escape
from importlib import resources
from string import Template
from typing import Final

from .languages import first_supported
from .wire import Language

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    "en": {
        "title": "Sign in",
        "how": "Open the link that you were sent, or that the service printed when it started; or paste it here. "
        "A link signs in once.",
        "use": "You were sent a link to the board. The button uses it, which works once, and signs this browser in.",
        "new": "To make a new one, whoever runs the service calls",
        "token": "Link or one-time token",
        "submit": "Sign in",
        "wrong": "This link was used already, is too old, or is not one of ours. Ask for a new one.",
    },
    "vi": {
        "title": "Đăng nhập",
        "how": "Hãy mở liên kết bạn nhận được, hoặc liên kết dịch vụ đã in ra khi khởi động; hoặc dán vào đây. "
        "Mỗi liên kết chỉ đăng nhập được một lần.",
        "use": "Bạn được gửi một liên kết vào bảng rủi ro. Nút bên dưới sẽ dùng liên kết đó (chỉ được một lần) "
        "để đăng nhập trên trình duyệt này.",
        "new": "Để tạo liên kết mới, người vận hành dịch vụ chạy lệnh",
        "token": "Liên kết hoặc mã dùng một lần",
        "submit": "Đăng nhập",
        "wrong": "Liên kết này đã được dùng, đã quá hạn, hoặc không phải của chúng tôi. Hãy xin một liên kết mới.",
    },
    "tl": {
        "title": "Mag-sign in",
        "how": "Buksan ang link na ipinadala sa iyo, o ang lumabas nang simulan ang serbisyo; o i-paste ito rito. "
        "Isang beses lang makakapag-sign in ang bawat link.",
        "use": "Pinadalhan ka ng link papunta sa board. Gagamitin ito ng button sa ibaba, isang beses lang, "
        "para i-sign in ang browser na ito.",
        "new": "Para gumawa ng bago, patatakbuhin ng nangangasiwa ng serbisyo ang",
        "token": "Link o one-time token",
        "submit": "Mag-sign in",
        "wrong": "Nagamit na ang link na ito, luma na, o hindi sa amin galing. Humingi ng bago.",
    },
    "cs": {
        "title": "Přihlášení",
        "how": "Otevřete odkaz, který jste dostali nebo který služba vypsala při startu, nebo ho sem vložte. "
        "Každý odkaz přihlásí jen jednou.",
        "use": "Dostali jste odkaz do přehledu. Tlačítko ho použije, což jde jen jednou, a přihlásí tento prohlížeč.",
        "new": "Nový vytvoří správce služby příkazem",
        "token": "Odkaz nebo jednorázový token",
        "submit": "Přihlásit se",
        "wrong": "Tento odkaz už byl použit, vypršel, nebo není náš. Požádejte o nový.",
    },
}


def signin_page(
    accept_language: str | None, nonce: str, *, token: str | None = None, refused: bool = False
) -> tuple[str, Language]:
    """Return the page and its language.

    With a `token` there is nothing to type, only a button that uses it; `refused` says that one was sent and is worth
    nothing. The form repeats `nonce` (`signin_form`).
    """
    language = first_supported(accept_language)
    words = {name: escape(word) for name, word in WORDS[language].items()}
    wrong = f'<p class="wrong" role="alert">{words["wrong"]}</p>' if refused else ""
    part = "paste" if token is None else "use"
    slots = {**words, "language": language, "wrong": wrong, "nonce": escape(nonce), "given": escape(token or "")}
    form = Template(_file(f"signin_{part}.html")).substitute(slots)
    return Template(_file("signin.html")).substitute({**slots, "form": form}), language


def _file(name: str) -> str:
    return resources.files("service").joinpath(f"api/pages/{name}").read_text(encoding="utf-8")
