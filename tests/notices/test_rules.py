"""The pure rules: where a webhook may go, how it is signed, how long to wait, and that every kind has its words."""

import ipaddress
from datetime import UTC, datetime, timedelta

import pytest

from notices import addresses, rules, sentences, signing
from notices.kinds import EventKind, Way
from tests.harness.receiver import Received

_AT = datetime(2026, 11, 25, 8, tzinfo=UTC)
# Standard Webhooks' own example.
_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
_EXAMPLE = ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
_PARAMS = {
    "recipient": "甲",
    "until": "2027-01-01",
    "offer": "乙",
    "store": "丙",
    "recipients": "丁",
    "applicant": "戊",
    "number": "YY1",
    "desk": "自助终端1号",
    "due": "2027-01-02",
    "since": "2026-12-01",
    "what": "己",
    "advice": "庚",
    "reason": "辛",
    "words": "壬",
    "finding": "癸",
}


def test_the_standards_own_example_is_signed_as_the_standard_says() -> None:
    event, seconds, body = _EXAMPLE
    made = signing.headers(event, body, [_SECRET], at=datetime.fromtimestamp(seconds, UTC))
    assert made["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_two_secrets_are_two_signatures_and_each_is_enough() -> None:
    old, new, other = signing.new_secret(), signing.new_secret(), signing.new_secret()
    sent = Received("/", signing.headers("evt_1", b"{}", [new, old], at=_AT), b"{}")
    assert [sent.verified_by(secret) for secret in (old, new, other)] == [True, True, False]
    assert not Received("/", sent.headers, b"{ }").verified_by(new)


_OPEN = [
    "https://bank.example/hook",
    "https://bank.example:8443/h?x=1",
    "https://93.184.216.34/",
    "https://[2606:4700::1]/",
]
_LOCAL = ["http://127.0.0.1:8080/", "http://localhost/", "https://[::1]/"]


@pytest.mark.parametrize("url", _OPEN)
def test_good_urls(url: str) -> None:
    assert addresses.url_fault(url, demonstration=False) is None
    assert addresses.url_fault(url, demonstration=True) is None


@pytest.mark.parametrize("url", _LOCAL)
def test_this_machine_is_for_demonstrations_only(url: str) -> None:
    assert addresses.url_fault(url, demonstration=True) is None
    assert addresses.url_fault(url, demonstration=False) is not None


@pytest.mark.parametrize("demonstration", [True, False])
@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("", "URL_FORMAT"),
        ("bank.example", "URL_FORMAT"),
        ("https://", "URL_FORMAT"),
        ("https://a:b@bank.example/", "URL_FORMAT"),
        ("https://bank.example/#x", "URL_FORMAT"),
        ("https://bank.example/a b", "URL_FORMAT"),
        ("https://bank.example\\@127.0.0.1/", "URL_FORMAT"),
        ("https://bank.example/\r\nX: y", "URL_FORMAT"),
        ("https://银行.example/", "URL_FORMAT"),
        ("https://bank.example:99999/", "URL_FORMAT"),
        ("https://bank.example:0/", "URL_FORMAT"),
        ("https://[::1/", "URL_FORMAT"),
        ("https://bank.example/" + "x" * 500, "URL_FORMAT"),
        ("http://bank.example/", "URL_SCHEME"),
        ("ftp://bank.example/", "URL_SCHEME"),
        ("file://localhost/etc/passwd", "URL_SCHEME"),
        ("https://10.0.0.1/", "URL_ADDRESS"),
        ("https://169.254.169.254/latest", "URL_ADDRESS"),
        ("https://[::ffff:10.0.0.1]/", "URL_ADDRESS"),
    ],
)
def test_bad_urls(url: str, code: str, demonstration: bool) -> None:
    fault = addresses.url_fault(url, demonstration=demonstration)
    assert fault is not None
    assert fault.code == code


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "240.0.0.1",
        "255.255.255.255", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:192.168.0.1",
        "64:ff9b::10.0.0.1", "64:ff9b::127.0.0.1", "2002:7f00:1::", "2002:a00:1::",
    ],
)  # fmt: skip
def test_no_private_address_however_wrapped_up(address: str) -> None:
    for demonstration in (True, False):
        assert not addresses.allowed(ipaddress.ip_address(address), demonstration=demonstration)


def test_waits_grow_are_jittered_upwards_and_end() -> None:
    waits = [rules.wait_after(n, 0.0) for n in range(1, rules.MOST_ATTEMPTS + 1)]
    assert waits[-1] is None
    assert waits[:-1] == sorted(wait for wait in waits if wait is not None)
    first = rules.wait_after(1, 0.999)
    assert first is not None
    assert timedelta(seconds=5) < first < timedelta(seconds=7.5)


def test_every_kind_has_its_sentence_and_every_text_message_its_words() -> None:
    for kind in EventKind:
        chinese, english = (sentences.notice(kind, _PARAMS, language) for language in ("zh", "en"))
        assert chinese != english
        assert "{" not in chinese + english
        for way in rules.WAYS[kind]:
            assert way is not Way.WEBHOOK
            if way is Way.SMS:
                assert not any(name in sentences.text_message(kind) for name in _PARAMS.values())
