"""The check of translations: what is missing, doubtful, or lost a placeholder is named."""

import io

import pytest
from babel.messages.pofile import read_po

from overture.management.translations import faults_in

HEAD = """\
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n > 1);\\n"

"""


def told(entry: str) -> list[str]:
    source = f"{HEAD}#: web/home.py\n{entry}"
    return list(faults_in(read_po(io.BytesIO(source.encode())), "fr"))


@pytest.mark.parametrize(
    ("entry", "faults"),
    [
        ('msgid "Send"\nmsgstr "Envoyer"\n', []),
        ('msgid "Send"\nmsgstr ""\n', ["fr: not translated: 'Send' (web/home.py)"]),
        ('#, fuzzy\nmsgid "Send"\nmsgstr "Envoyez"\n', ["fr: marked as doubtful: 'Send' (web/home.py)"]),
        ('msgid "%(n)s chosen"\nmsgstr "%(n)s choisis"\n', []),
        (
            'msgid "%(n)s chosen"\nmsgstr "choisis"\n',
            ["fr: other placeholders: '%(n)s chosen' (web/home.py)"],
        ),
        ('msgid "one"\nmsgid_plural "%(n)s"\nmsgstr[0] "un"\nmsgstr[1] "%(n)s"\n', []),
        (
            'msgid "one"\nmsgid_plural "%(n)s"\nmsgstr[0] "un"\nmsgstr[1] ""\n',
            ["fr: not translated: 'one' (web/home.py)"],
        ),
        (
            'msgid "one"\nmsgid_plural "%(n)s"\nmsgstr[0] "%(m)s"\nmsgstr[1] "%(n)s"\n',
            ["fr: other placeholders: 'one' (web/home.py)"],
        ),
    ],
)
def test_a_translation_with_a_fault_is_named(entry: str, faults: list[str]) -> None:
    assert told(entry) == faults
