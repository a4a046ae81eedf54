"""What people write when they are passed around, want no other person any more, or dispute money or an error.

The word lists behind `text_facts`, one tuple per fact and language. They meet text in lower case and
without diacritics, since half of the customers type that way. Conservative: a missed fact costs a
reason, an invented one costs a wrong recommendation. Quantifiers are bounded, so time stays linear.
"""

from typing import Final

# --- "I am sent from one person to the next" ---------------------------------------------------
_VI_ORDINAL: Final = r"(?:[2-9]|1\d|hai|ba|tu|nam|sau|bay|tam|chin|muoi|may|bao nhieu)"
_VI_STAFF: Final = r"(?:nguoi|ban|em|anh|chi|nhan vien|nv|tong dai vien|bo phan|ben)"
_VI_PASSED: Final = (
    r"\b(?:doi|thay)\s+(?:nguoi|nhan vien|nv)\s+(?:khac\s+)?(?:lien tuc|hoai|mai|suot)\b",
    r"\b(?:het|tu)\s+(?:nguoi|ban|ben|bo phan|nhan vien)\s+(?:nay|no)\s+(?:toi|den|sang|qua|roi)\s+"
    r"(?:nguoi|ban|ben|bo phan|nhan vien)\s+(?:khac|kia|no)\b",
    r"\b(?:bi\s+)?da\s+(?:qua|di)\s+da\s+lai\b|\bdun day\b|\b(?:da bong|day)\s+(?:trach nhiem\s+)?cho nhau\b",
    r"(?<!tien )(?<!goi )\bchuyen\s+(?:may\s+|minh\s+|toi\s+|em\s+)?(?:qua|di)\s+(?:roi\s+)?chuyen\s+lai\b"
    r"(?!\s+(?:tien|giua|tai khoan|goi))",
    rf"\b(?:chuyen|noi)\s+may\s+(?:lien tuc|hoai|mai|{_VI_ORDINAL}\s+lan)\b",
    r"\bchuyen\s+(?:minh|toi|em|anh|chi)\s+(?:cho|sang|qua)\s+(?:nguoi|ban|bo phan|ben)\s+khac\s+(?:hoai|lien tuc|mai|nua)\b",
    rf"\b{_VI_STAFF}\s+thu\s+{_VI_ORDINAL}\b.{{0,25}}?\b(?:noi chuyen|chat|tra loi|hoi|ke lai|ho tro|tiep|gap|nhan tin)\b",
    rf"\b(?:noi chuyen|chat|gap|hoi|ke)\b.{{0,20}}?\b{_VI_STAFF}\s+thu\s+{_VI_ORDINAL}\b",
    r"\bmoi lan\s+(?:la\s+)?(?:mot|1)\s+(?:nguoi|ban|nhan vien|nv)\s+(?:khac|tra loi)\b",
    rf"\b(?:gap|qua|noi chuyen voi|chat voi)\s+{_VI_ORDINAL}\s+(?:nguoi|ban|nhan vien|nv)\s+(?:khac nhau\s+)?roi\b",
)
_TL_PASSED: Final = (
    r"\bpinag?(?:pa)?[- ]?pasa[- ]?pasa(?:han)?\b|\bpinag(?:pa)?pasahan\b|\bpinapa?sa[- ]?pasa\b|\bipinapasa[- ]pasa\b",
    r"\bpasa nang pasa\b|\b(?:na|nag)?papasa[- ]?pasa\b|\bpasa[- ]pasa\s+(?:na\s+lang\s+)?(?:kayo|ako|po)\b",
    r"\b(?:nilipat|nililipat|inilipat)[- ](?:lipat|nang nilipat)\b|\blipat nang lipat\b"
    r"|\bpalipat[- ]lipat\s+(?:\w+\s+){0,3}(?:agent|department|tao|kausap)\b",
    r"\b(?:pang|ika)[- ]?(?:[2-9]|1\d|alawa|atlo|tatlo|apat|lima|anim|pito)(?:ng)?\s+(?:(?:na|ko|po|nang)\s+){0,3}"
    r"(?:agent|csr|rep|tao|kausap|nakausap|department)\b",
    r"\b(?:ilan(?:g)?|[2-9]|dalawang?|tatlong?|apat(?: na)?|limang?)\s+(?:na\s+)?(?:po\s+)?(?:agent|csr|tao|department)\s+"
    r"(?:na\s+)?(?:po\s+)?(?:ang\s+|yung\s+)?(?:nakausap|kinausap|napasahan|pinagpasahan)\b",
    r"\bkung[- ]?(?:kani|saan)[- ]?(?:kanino|saan)\s+(?:nyo\s+|n'yo\s+)?(?:\w+\s+){0,4}?(?:pinapasa|ipinapasa|nililipat|tinuturo|pinapapunta)\b",
    r"\bib(?:a|ang)\s+(?:agent|tao|kausap)\s+na\s+naman\b|\bturuan nang turuan\b|\bnagtuturuan\s+(?:lang\s+)?kayo\b",
)
_CS_ORDINAL: Final = r"(?:druh|treti|ctvrt|pat|sest|sedm|osm)\w{0,3}"
_CS_STAFF: Final = (
    r"(?:operator\w{0,3}|clovek\w{0,2}|pracovni\w{0,3}|koleg\w{0,3}|oddeleni|osob\w{0,2}|asistent\w{0,3})"
)
_CS_PASSED: Final = (
    rf"\b(?:uz|jste|je to|jsi|mluvim s|pisu si s|resim to s)\s+(?:\w+\s+)?{_CS_ORDINAL}\s+{_CS_STAFF}(?!\s+na trhu)\b",
    r"\b(?:porad|furt|stale|neustale|jen|vsichni|zase)\s+(?:me\s+|mne\s+)?(?:jen\s+)?(?:prepojuj|prehazuj|presouv|posila)\w{0,4}\b"
    r"(?=.{0,25}\b(?:me|mne|jinam|dal|sem a tam|jinemu|nekam)\b)",
    r"\b(?:prepojuj|prehazuj|presouv|posila)\w{0,4}\s+(?:si\s+)?(?:me|mne)\s+(?:porad|furt|stale|neustale|jen|sem a tam|dokola|mezi|jeden)\b",
    r"\b(?:me|mne)\s+(?:si\s+)?(?:porad|furt|stale|neustale|jen)\s+(?:\w+\s+)?(?:prepojuj|prehazuj|presouv)\w{0,4}\b",
    r"\b(?:posil|prehaz|prepoj)\w{0,6}\b.{0,15}?\bod\s+(?:jednoho|certa|jedne)\s+k(?:e)?\s+(?:druhemu|dablu|druhe|dalsimu)\b",
    r"\bkazdy\s+me\s+(?:posila|prepoji|prepojuje|odkaze|odkazuje)\s+(?:zase\s+)?(?:jinam|na nekoho|za nekym|dal)\b",
    r"\bpokazde\s+(?:tu\s+|je tu\s+|je to\s+|pise\s+|odpovida\s+|mluvim s\s+)?(?:nekdo|nekym|jiny|jinym)\s+(?:jiny|jinym|clovek\w{0,2}|operator\w{0,2})\b",
)
_EN_ORDINAL: Final = r"(?:second|third|fourth|fifth|sixth|seventh|2nd|3rd|[4-9]th)"
_EN_STAFF: Final = r"(?:person|agent|rep|representative|department|colleague|advisor|adviser|operator)"
_EN_PASSED: Final = (
    rf"\b{_EN_ORDINAL}\s+{_EN_STAFF}\b.{{0,20}}?\b(?:i|i've|ive|im|i'm|we've)\b.{{0,15}}?\b(?:talk|spok|speak|chat|explain|deal|told|tell|been|ask)",
    rf"\b(?:you're|youre|you are|ur)\s+(?:now\s+)?(?:the|my)\s+{_EN_ORDINAL}\s+{_EN_STAFF}\b",
    r"\b(?:being|been|getting|get|am|was|keep getting|kept getting)\s+(?:just\s+)?(?:passed|bounced|shunted|shuffled|pushed|sent|transferred)\s+"
    r"(?:around|about|back and forth|between\b|from (?:one|person|agent|department|pillar))",
    r"\b(?:keep|kept)\s+(?:on\s+)?(?:transferring|passing|bouncing|sending)\s+(?:me|us)\b(?!\s+(?:the|an?|emails?|money)\b)",
    r"\b(?:transferred|passed on|passed along|bounced)\s+(?:me\s+again\b|us\s+again\b|(?:me\s+|us\s+)?(?:\w+\s+)?(?:[2-9]|two|three|four|five|six|several|many)\s+times)",
    rf"\b(?:a\s+)?(?:different|another|new)\s+{_EN_STAFF}\s+(?:every|each)\s+(?:single\s+)?time\b",
    r"\b(?:given|giving|getting|get|got)\s+(?:me\s+|us\s+)?the\s+run\s?-?around\b",
)
PASSED_AROUND: Final = (*_VI_PASSED, *_TL_PASSED, *_CS_PASSED, *_EN_PASSED)

# --- "no need for a manager any more" ----------------------------------------------------------
_VI_HUMAN: Final = r"(?:quan ly|sep|truong phong|cap tren|giam doc|nhan vien|nguoi that|nguoi phu trach|tong dai vien|nguoi|ai|ban nao|anh nao|chi nao)"
_VI_NOT: Final = r"(?:khong|ko|k|kg|khg|hong|hok|hem|chang|dau)"
_VI_WITHDRAWN: Final = (
    rf"\b(?:{_VI_NOT}\s+(?:can|phai|muon|doi)|khoi(?:\s+can)?|dung|thoi khoi)\s+(?:phai\s+)?"
    rf"(?:gap|noi chuyen voi|noi chuyen|chuyen(?:\s+may)?(?:\s+(?:cho|qua|sang|len))?|goi|moi|noi may(?:\s+(?:cho|voi))?|lien he)\s+"
    rf"(?:cho\s+|voi\s+|toi\s+|minh\s+|em\s+|anh\s+|chi\s+)?{_VI_HUMAN}\b(?!\s+khac\s+nua\s+a)",
    rf"\b{_VI_NOT}\s+can\s+(?:quan ly|sep|nhan vien|cap tren|giam doc)(?:\s+(?:nua|dau|vao))",
)
_TL_HUMAN: Final = r"(?:manager|supervisor|supervisors|tao|agent|human|csr|boss|representative|ibang tao|kahit sino)"
_TL_NOT: Final = r"(?:hindi|di|hnd|hndi|'?di)"
_TL_WITHDRAWN: Final = (
    rf"\b{_TL_NOT}\s*(?:ko\s+)?(?:na\s+|ko\s+|po\s+|naman\s+|muna\s+){{0,4}}kailangan(?:g)?\s+(?:ko\s+|na\s+|po\s+|pa\s+|pang\s+){{0,3}}"
    rf"(?:ng\s+|nang\s+|ang\s+|yung\s+|si\s+|maka(?:usap|pag-?usap)\s+|kausapin\s+|makausap\s+)*(?:ang\s+|yung\s+|ng\s+|sa\s+|po\s+|inyong\s+)*{_TL_HUMAN}\b",
    rf"\b(?:wag|huwag)\s+na\s+(?:po\s+|lang\s+|muna\s+){{0,2}}(?:kayong\s+|kayo\s+)?(?:tumawag ng\s+|ipasa sa\s+|ikonekta sa\s+|i-?transfer sa\s+|tawagin\s+)?"
    rf"(?:ang\s+|yung\s+|sa\s+|ng\s+)?{_TL_HUMAN}\b",
    rf"\bno need\s+(?:na\s+|po\s+|na po\s+)?(?:for\s+|ng\s+|ang\s+|to talk to\s+|na kausapin\s+)?(?:a\s+|the\s+|ang\s+|yung\s+)?{_TL_HUMAN}\b",
)
_CS_HUMAN: Final = r"(?:vedouci\w{0,3}|nadrizen\w{0,3}|sef\w{0,2}|manazer\w{0,2}|supervizor\w{0,2}|operator\w{0,3}|clovek\w{0,2}|cloveka|nikoho(?! posilat)|nikym)"
_CS_WITHDRAWN: Final = (
    rf"\b{_CS_HUMAN}\s+(?:uz\s+|tedy\s+|teda\s+|nakonec\s+|dalsiho\s+|jineho\s+){{0,2}}(?:ne(?:ni\s+)?(?:potreb|treba|chci|muse|nutn)\w{{0,6}})\b",
    rf"\b(?:uz|tak|nakonec|tedy|teda|zatim)?\s*(?:ne(?:potrebuj|chc|mus|ni potreba|ni treba|ni nutne|treba)\w{{0,4}})\s+"
    rf"(?:(?:uz|mi|me|se|s|na|za|k|zadneho|zadnym|dalsiho|vaseho|vasim|volat|zvat|mluvit|spojovat|prepojovat|prepojit|resit to)\s+){{0,4}}{_CS_HUMAN}\b(?!\s+jin)",
    rf"\b{_CS_HUMAN}\s+(?:uz\s+)?(?:mluvit|volat|zvat|spojovat)\s+(?:uz\s+)?ne(?:musi|potrebuj|chc|ni|treba)\w{{0,4}}\b",
    r"\b(?:uz\s+)?(?:nemusite\s+me\s+(?:nikam\s+)?(?:prepojovat|spojovat|prepinat)|neprepojujte\s+me|me\s+(?:uz\s+)?neprepojujte)\b",
)
_EN_HUMAN: Final = r"(?:manager|supervisor|boss|human(?: being)?|real person|person|agent|representative|rep|team lead|senior|somebody|someone|anyone|anybody|colleague)"
_EN_WITHDRAWN: Final = (
    rf"\b(?:no (?:more |longer any )?need (?:for|to (?:\w+ ){{1,3}}(?:to|with)|to (?:call|get|involve|bring in))|"
    rf"(?:do not|don'?t|dont|no longer|won'?t|wont) (?:really |actually )?(?:need|want|have)(?: to)?(?: (?:speak|talk|chat|call|get|involve|bring in|be transferred|be connected|be put through))?"
    rf"(?: (?:to|with|in))?) (?:a |an |the |your |any |another )?(?:other |more )?{_EN_HUMAN}\b(?! (?:else to tell|to get|fired|hurt|punished|in trouble))",
    rf"\b(?:never mind|nevermind|nvm|forget(?: about)?|cancel|scrap) (?:about )?(?:the |a |your |my request for (?:a |the )?)(?:call (?:from|with) (?:a |the |your )?)?{_EN_HUMAN}\b",
    r"\b(?:please )?(?:do not|don'?t|dont|no need to) (?:(?:transfer|escalate) (?:me|this|it)\b|put me through\b)",
)
WITHDRAWN: Final = (*_VI_WITHDRAWN, *_TL_WITHDRAWN, *_CS_WITHDRAWN, *_EN_WITHDRAWN)

STILL_ASKED: Final = (
    r"\b(?:cho|muon|can|doi|keu|kiu|goi|yeu cau|chuyen)\b.{0,25}?\b(?:quan ly|sep|truong phong|cap tren|giam doc|nguoi that|nguoi phu trach)\b",
    r"\b(?:gusto|kailangan|pa-?connect|pakausap|ilipat|ikonekta|makausap|kausapin)\b.{0,25}?\b(?:supervisor|manager|tao|human|agent|boss)\b",
    r"\b(?:supervisor|manager|tao|human)\s+(?:po\s+|na\s+)?(?:ang|yung)\s+(?:gusto|kailangan)\b",
    r"\b(?:chci|potrebuju|potrebuji|dejte|spojte|prepojte|zadam|volejte|zavolejte)\b.{0,25}?\b(?:vedouci|nadrizen|sef|manazer|clovek|ziv)",
    r"\b(?:want|need|get|give|let|put|connect|transfer|call|speak|talk)\b.{0,25}?\b(?:manager|supervisor|boss|human|person|someone|somebody)\b",
)
"""Anywhere else in the same text: "no bot and no agent, I want your manager" withdraws nothing."""

# --- money, errors -----------------------------------------------------------------------------
MONEY_AMOUNT: Final = (
    r"(?:(?<![\d.,])\d[\d.,]{0,15}\s?(?:k|tr\d{0,3}|trieu|nghin|ngan|ngh|d|dong|vnd|cu|lit|php|pesos?|piso|p|kc|czk|korun\w{0,2}|,-|eur|euro|usd|dollars?|bucks|quid|gbp|pounds?|[$€£₱])(?!\w)"
    r"|(?:[$€£₱]|\bphp\s?|\busd\s?|\beur\s?)\d|\b(?:isang|dalawang|tatlong|limang|sampung)\s+libo)"
)
MONEY_WORD: Final = (
    r"(?:\b(?:hoan|tra)\s+(?:lai\s+)?(?:tien|lai|phi)|\b(?:tru|thu|tinh|mat)\s+(?:tien|phi|sai|du|thua|them|nham|oan|mat|2 lan|hai lan)|\bbi\s+tru\b"
    r"|refund|\bna-?charge|\bcharged?\b|\bover-?charged?\b|\bkaltas|\bkinaltas|\bnakaltas|\bbawas|\bbinawas|\bnabawas|\bsiningil|\bsinisingil|\bna-?debit|\bibalik"
    r"|\bvrat(?:it|te|ka|ku|ky|ili|i)\b|\bvraceni\b|\bvracen|\bstrhl|\bstrzen|\bnauctova|\buctova|\bpreplat|\bdvakrat zapla"
    r"|\bdebited\b|\bdeducted\b|\bmoney back\b|\breimburse|\bbilled\b|\btook\b.{0,12}\bout of my (?:account|card))"
)
TECHNICAL: Final = (
    r"\b(?<!tra )(?:ma\s+)?loi\s+(?:so\s+|ma\s+|code\s+)?[:#-]?\s?(?:0x[0-9a-f]+|[a-z]{0,4}[-_ ]?\d{2,5})\b(?!\s?(?:(?:trieu|nghin|ngan|dong|tr|k|phan tram|lan|nguoi|cu|cau)\b|[%/]))",
    r"\b(?:error|err)\s?(?:code|kod|msg|message|no\.?|number)?\s?[:#-]?\s?(?:0x[0-9a-f]+|[a-z]{0,4}[-_]?\d{2,5})\b(?!\s?(?:times|%))",
    r"\b(?:chyba|chybu|chyby|chybou|chybovy kod|kod chyby|chybova hlaska)\s?(?:c\.|cislo|kod)?\s?[:#-]?\s?(?:0x[0-9a-f]+|[a-z]{0,4}[-_]?\d{2,5})\b",
    r"\berr_[a-z_]{3,40}|\bhttp\s?[45]\d\d\b|\b0x[0-9a-f]{4,8}\b",
)
