"""How many finished messages one core makes a second, beside the standard library's EmailMessage."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from time import perf_counter

from overture.compose import AdCode, Envelope, Known, Letter, Recipient, Sender, Values, compile

NOW = datetime(2038, 1, 19, 3, 14, 8, tzinfo=UTC)
SIZES = (1_000, 10_000, 100_000)
BASELINE = 500  # EmailMessage is a thousand times slower: a sample of it is enough

KNOWN = Known(
    language="en",
    tracking_base="https://outreach.example",
    ads={1122330: AdCode("text", "7", text="Winter linen")},
    postal_address="Halden & Rowe, 1 Mill Lane, Leeds",
    why="You are written to because your address stands in our partner directory.",
)
SUBJECT = "A winter feature for {mpname}?"
SIMPLE = "<p>Hello {firstName|there},</p>" + "<p>We weave linen for beds and tables.</p>" * 12
RICH = SIMPLE + (
    '<p>Reading {mpname} on {currentDay}: <a href="https://halden.example/p/{mpid}?n={lastName|}">see</a></p>'
    "<p>{adcode_1122330}</p>"
)


def run() -> Iterator[dict[str, object]]:
    baseline = _email_message_rate(compile(SUBJECT, SIMPLE, KNOWN))
    for name, subject, content in (
        ("compose-rich", SUBJECT, RICH),
        ("compose", SUBJECT, SIMPLE),
    ):
        envelope = _envelope(subject, content)
        for size in SIZES:
            yield _measure(name, envelope, size, baseline)


def _envelope(subject: str, content: str) -> Envelope:
    sender = Sender("nora@halden.example", "Nora Lind", "nora@halden.example")
    return compile(subject, content, KNOWN).envelope(sender)


def _measure(name: str, envelope: Envelope, size: int, baseline: float) -> dict[str, object]:
    recipients = [(_values(number), _recipient(number)) for number in range(size)]
    start = perf_counter()
    for values, recipient in recipients:
        envelope.message(values, recipient)
    seconds = perf_counter() - start
    rate = size / seconds
    return {
        "bench": name,
        "n": size,
        "per_s": round(rate),
        "ratio": round(rate / baseline, 1),
        "seconds": round(seconds, 3),
    }


def _email_message_rate(letter: Letter) -> float:
    start = perf_counter()
    for number in range(BASELINE):
        recipient = _recipient(number)
        subject, html, text = letter.render(_values(number))
        message = EmailMessage(policy=SMTP)
        message["From"] = "Nora Lind <nora@halden.example>"
        message["To"] = f"{recipient.name} <{recipient.address}>"
        message["Subject"] = subject
        message["Message-ID"] = recipient.message_id
        message.set_content(text)
        message.add_alternative(html, subtype="html")
        message.as_bytes()
    return BASELINE / (perf_counter() - start)


def _values(number: int) -> Values:
    link = f"https://outreach.example/o/{number:016x}"
    return Values(10_000 + number, f"Partner {number}", f"Jo{number}", "Doe", link, NOW)


def _recipient(number: int) -> Recipient:
    return Recipient(
        f"jo{number}@p{number % 999}.example", f"Jo{number} Doe", f"<{number}@halden.example>", NOW
    )
