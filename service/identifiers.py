"""What personal numbers look like: e-mail addresses, cards, bank accounts, phones, identity numbers.

The tables behind `finders.py`. Where a checksum exists it is checked, so that an order number
or a price passes untouched. Every quantifier is bounded, and a candidate has at most `MAX_DIGITS`.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

MAX_DIGITS: Final = 19
"""The longest payment card."""

EMAIL: Final = re.compile(r"[\w.+%'-]{1,64}@[^\W_](?:[\w-]{0,62})(?:\.[\w-]{1,63}){1,5}")


@dataclass(frozen=True, slots=True)
class NumberRule:
    """`pattern` must match a whole candidate, and `check` its digits."""

    mark: str
    """What takes its place."""
    pattern: re.Pattern[str]
    check: Callable[[str], bool] | None = None
    maybe_money: bool = False
    """Whether a price looks the same, so that a currency behind it decides."""

    def matches(self, written: str, digits: str) -> bool:
        """Whether the candidate, as `pattern` wants to see it, is one of ours."""
        return self.pattern.fullmatch(written) is not None and (self.check is None or self.check(digits))


def luhn(digits: str) -> bool:
    """Check the last digit of a payment card."""
    doubled = (int(digit) * (1 + position % 2) for position, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0


def iban(compact: str) -> bool:
    """Check length and both check digits of an IBAN without spaces, in capitals."""
    if len(compact) != IBAN_LENGTHS.get(compact[:2]):
        return False
    return int("".join(str(int(character, 36)) for character in compact[4:] + compact[:4])) % 97 == 1


def rodne_cislo(digits: str) -> bool:
    """Check a Czech birth number: a date (women: month + 50), and divisible by 11 since 1954."""
    month, day = int(digits[2:4]), int(digits[4:6])
    # +20 and +70 serve days on which the ordinary numbers ran out.
    if month % 50 > 32 or not 1 <= month % 50 % 20 <= 12 or not 1 <= day <= 31:
        return False
    if len(digits) == 9:
        # No check digit before 1954.
        return int(digits[:2]) < 54 and digits[6:] != "000"
    rest = int(digits[:9]) % 11
    # Until 1985 a remainder of 10 was written as 0.
    return rest % 10 == int(digits[9])


def _not_round(digits: str) -> bool:
    return not digits.endswith("000")


def _rule(mark: str, pattern: str, check: Callable[[str], bool] | None = None, money: bool = False) -> NumberRule:
    return NumberRule(mark, re.compile(pattern, re.ASCII), check, money)


CARD: Final = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|3[47]\d{13}|3[0689]\d{12,17}|35\d{14,17}|2[2-7]\d{14}|5\d{15}|(?:5[0678]|6\d)\d{11,17}"
    r"|9704\d{12,15}",
    re.ASCII,
)
"""Digits of a payment card that `luhn` must confirm; 9704 are Vietnam's domestic cards."""

# fmt: off
FORMATS: Final = (
    # Recognised by how they are written. Philippines: TIN, SSS, UMID, PhilHealth, PhilSys (card and number).
    _rule("<id>", r"\d{3}-\d{3}-\d{3}(?:-\d{3,5})?"),
    _rule("<id>", r"\d{2}-\d{7}-\d"),
    _rule("<id>", r"\d{4}-\d{7}-\d"),
    _rule("<id>", r"\d{2}-\d{9}-\d"),
    _rule("<id>", r"\d{4}([- ])\d{4}\1\d{4}\1\d{4}|\d{4}-\d{4}-\d{4}"),
    _rule("<id>", r"\d{6} ?/ ?\d{3,4}", rodne_cislo),
    _rule("<id>", r"(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}"),  # United States: social security
    _rule("<phone>", r"[2-5]\d{2} \d{3} \d{3}", _not_round, money=True),  # Czech landline
    _rule("<phone>", r"\(0\d{1,2}\) ?\d{3,4}[- ]?\d{4}"),  # Philippine landline
    _rule("<phone>", r"(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}"),  # United States
)
FORMAT_GROUPS: Final = 4
"""No format has more groups of digits."""

SEQUENCES: Final = (
    # Recognised by their digits alone, however they are grouped; "+" leads where it was written.
    _rule("<phone>", r"(?:\+|00)840?(?:[35789]\d{8}|2\d{8,9})|84[35789]\d{8}"),  # Vietnam
    _rule("<phone>", r"(?:\+|00)630?(?:9\d{9}|[2-8]\d{7,9})|639\d{9}"),  # Philippines
    _rule("<phone>", r"(?:\+|00)42[01]\d{9}|420[67]\d{8}"),  # Czechia, Slovakia
    _rule("<phone>", r"\+1\d{10}|(?:\+|00)440?\d{9,10}"),  # United States, United Kingdom
    _rule("<phone>", r"\+(?!84|63|42[01]|1|44)[1-9]\d{7,13}"),  # the rest of the world
    _rule("<phone>", r"0(?:3[2-9]|5[25689]|7[06-9]|[89]\d)\d{7}|02\d{9}"),  # inside Vietnam
    _rule("<phone>", r"09\d{9}|028\d{7}|0[127]\d{9}"),  # inside the Philippines, the United Kingdom
    _rule("<phone>", r"(?:60[1-8]|70[2-5]|7[2379]\d)\d{6}", _not_round, money=True),  # Czech mobile
    # Vietnam, CCCD: province 001-096, sex and century 0-3, year, six digits.
    _rule("<id>", r"0(?:[0-8]\d|9[0-6])[0-3]\d{8}"),
    _rule("<id>", r"\d{10}", rodne_cislo),
)

NAMED: Final = re.compile(
    r"(?:cmnd|cmtnd|cmt|cccd|chứng minh|chung minh|căn cước|can cuoc|giấy tờ|giay to|"
    r"(?<![^\W\d_])(?:tin|sss|crn)|umid|philsys|philhealth|pag-?ibig|rodné|rodne|r\.\s?č\.?)[^\d<>]{0,20}$", re.IGNORECASE,
)
"""Words right before a number that make it a personal one, whatever its form (CMND: nine digits)."""
# fmt: on

NAMED_DIGITS: Final = range(9, 17)
NUMBER_DIGITS: Final = range(8, 17)

DATE: Final = re.compile(
    r"(?:\d{1,2}[ ./-]{1,2}\d{1,2}[ ./-]{1,2}(?:19|20)\d{2}|(?:19|20)\d{2}[./-]\d{1,2}[./-]\d{1,2})(?!\d)", re.ASCII
)
"""Three groups of digits that are a day; what follows may be an hour, or a phone."""

CURRENCY: Final = re.compile(
    r"\s{0,2}(?:kč|czk|vnd|vnđ|đ\b|₫|d\b|k\b|đồng|dong|php|₱|pesos?|piso|usd|eur|€|£|\$|,-)", re.IGNORECASE
)

# fmt: off
IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BR": 29,
    "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
    "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
    "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
    "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MR": 27,
    "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24,
    "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VA": 22,
    "VG": 24, "XK": 20,
}
# fmt: on
