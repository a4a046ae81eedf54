"""URL in -> refused or not, before anything is looked up; address in -> whether it may ever be called."""

from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.outgoing import Target, read_target
from service.outgoing.addresses import Reach, reach_of

# fmt: off
ADDRESSES: list[tuple[str, Reach]] = [
    ("93.184.216.34", "public"), ("1.1.1.1", "public"), ("2606:2800:220:1:248:1893:25c8:1946", "public"),
    ("127.0.0.1", "private"), ("127.255.255.254", "private"), ("::1", "private"),
    ("10.0.0.1", "private"), ("172.16.0.1", "private"), ("172.31.255.255", "private"), ("192.168.1.1", "private"),
    ("100.64.0.1", "private"), ("100.127.255.255", "private"), ("fd12:3456::1", "private"), ("198.18.0.1", "private"),
    ("0.0.0.0", "never"), ("0.1.2.3", "never"), ("::", "never"),
    ("169.254.0.1", "never"), ("169.254.169.254", "never"), ("169.254.170.2", "never"), ("fe80::1", "never"),
    ("168.63.129.16", "never"), ("100.100.100.200", "never"), ("192.0.0.192", "never"),
    ("fd00:ec2::254", "never"), ("fd20:ce::254", "never"), ("fec0::1", "never"),
    ("224.0.0.1", "never"), ("239.255.255.250", "never"), ("ff02::1", "never"), ("ff0e::1", "never"),
    ("240.0.0.1", "never"), ("255.255.255.255", "never"), ("192.88.99.1", "never"),
    ("::ffff:127.0.0.1", "private"), ("::ffff:10.0.0.1", "private"), ("::ffff:169.254.169.254", "never"),
    ("::ffff:93.184.216.34", "public"), ("::127.0.0.1", "never"), ("::a00:1", "never"),
    ("2002:7f00:1::", "private"), ("2002:a9fe:a9fe::1", "never"), ("2002:5db8:d822::1", "public"),
    ("64:ff9b::7f00:1", "private"), ("64:ff9b::a9fe:a9fe", "never"), ("64:ff9b::5db8:d822", "public"),
    ("2001:0:5ef5:79fb:0:0:5601:5601", "never"),
]

URLS = [
    # what is wrong          url                                        refused as
    ("not a URL",            "shop.example/hook",                       "url"),
    ("nothing",              "",                                        "url"),
    ("no host",              "https:///hook",                           "url"),
    ("another scheme",       "ftp://shop.example/",                     "url"),
    ("a file",               "file:///etc/passwd",                      "url"),
    ("gopher",               "gopher://127.0.0.1:6379/_INFO",           "url"),
    ("a blank",              "https://shop.example/a b",                "url"),
    ("a line break",         "https://shop.example/\r\nHost: x",        "url"),
    ("a NUL",                "https://shop.example/\0",                 "url"),
    ("a backslash",          "https://shop.example\\@10.0.0.1/",        "url"),
    ("a fragment",           "https://shop.example/#part",              "url"),
    ("port 0",               "https://shop.example:0/",                 "url"),
    ("a port too high",      "https://shop.example:65536/",             "url"),
    ("too long",             "https://shop.example/" + "a" * 2048,      "url"),
    ("plain http",           "http://shop.example/",                    "scheme"),
    ("a password",           "https://user:secret@shop.example/",       "credentials"),
    ("a user",               "https://user@shop.example/",              "credentials"),
    ("decimal IPv4",         "https://2130706433/",                     "host"),
    ("hexadecimal IPv4",     "https://0x7f000001/",                     "host"),
    ("hexadecimal parts",    "https://0x7f.0.0.1/",                     "host"),
    ("octal IPv4",           "https://0177.0.0.1/",                     "url"),
    ("octal IPv4, whole",    "https://017700000001/",                   "host"),
    ("short IPv4",           "https://127.1/",                          "host"),
    ("IPv4 with a dot",      "https://127.0.0.1./",                     "host"),
    ("wide digits",          "https://１２７.0.0.1/",                     "url"),
    ("loopback",             "https://127.0.0.1/",                      "address"),
    ("loopback, IPv6",       "https://[::1]/",                          "address"),
    ("mapped",               "https://[::ffff:127.0.0.1]/",             "address"),
    ("mapped, hexadecimal",  "https://[::ffff:7f00:1]/",                "address"),
    ("private",              "https://10.1.2.3:8443/hook",              "address"),
    ("metadata",             "https://169.254.169.254/latest/",         "address"),
    ("metadata, IPv6",       "https://[fd00:ec2::254]/latest/",         "address"),
    ("unspecified",          "https://0.0.0.0/",                        "address"),
]
# fmt: on


@pytest.mark.parametrize(("address", "reach"), ADDRESSES)
def test_addresses_are_judged_by_where_they_lead(address: str, reach: Reach) -> None:
    assert reach_of(ip_address(address)) == reach


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_wrapping_an_ipv4_address_never_makes_it_more_reachable(address: IPv4Address) -> None:
    mapped = IPv6Address(f"::ffff:{address}")
    sixtofour = IPv6Address((0x2002 << 112) | (int(address) << 80))
    assert reach_of(mapped) == reach_of(sixtofour) == reach_of(address)


@given(st.integers(0, 2**32 - 1).map(IPv4Address))
def test_what_python_does_not_call_global_is_never_public(address: IPv4Address) -> None:
    assert address.is_global or reach_of(address) != "public"


@pytest.mark.parametrize(("url", "why"), [case[1:] for case in URLS], ids=[case[0] for case in URLS])
def test_a_harmful_url_is_refused(url: str, why: str) -> None:
    assert read_target(url, allow_private=False) == why


# fmt: off
HARMLESS = [
    ("https://shop.example/hook?a=1",       "shop.example",                  443),
    ("https://SHOP.example:8443",           "shop.example",                  8443),
    ("https://žluťák.example/",             "xn--luk-fla37dte.example",      443),
    ("https://93.184.216.34/",              "93.184.216.34",                 443),
    ("https://[2606:2800:220:1::1]:444/x",  "2606:2800:220:1::1",            444),
    ("https://hooks_1.shop.example/",       "hooks_1.shop.example",          443),
]
# fmt: on


@pytest.mark.parametrize(("url", "host", "port"), HARMLESS)
def test_a_harmless_url_is_read(url: str, host: str, port: int) -> None:
    target = read_target(url, allow_private=False)
    assert isinstance(target, Target)
    assert (target.host, target.port) == (host, port)


def test_where_private_addresses_are_allowed_metadata_still_is_not() -> None:
    assert isinstance(read_target("http://127.0.0.1:9000/", allow_private=True), Target)
    assert isinstance(read_target("http://desk.internal/", allow_private=True), Target)
    assert read_target("http://169.254.169.254/", allow_private=True) == "address"
    assert read_target("https://[fe80::1]/", allow_private=True) == "address"


@given(st.text(max_size=60))
def test_reading_never_raises(text: str) -> None:
    for url in (text, f"https://{text}", f"https://shop.example/{text}", f"https://[{text}]/"):
        read_target(url, allow_private=False)
