"""The tags of the look: what they draw, and that what they are given is data."""

from types import SimpleNamespace

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from overture.prospects.models import Stage
from overture.templatetags.overture import bar, bare_svg, delivery, grouped, initials, mono, stack, stage


def draw(source: str, **context: object) -> str:
    return Template("{% load overture %}" + source).render(Context(context))


def test_icon_is_hidden_from_screen_readers_and_keeps_its_class() -> None:
    drawn = draw('{% icon "x" class="spin" %}')
    assert drawn.startswith('<svg class="icon spin" viewBox="0 0 24 24"')
    assert 'aria-hidden="true"' in drawn
    assert drawn.count("<svg") == drawn.count("</svg>") == 1


def test_every_stage_has_a_label_and_a_class() -> None:
    assert [stage(value) for value in Stage.values if value.startswith("rejected")] == [
        '<span class="stage rejected">Rejected by partner</span>',
        '<span class="stage rejected">Rejected by you</span>',
    ]
    assert stage("new") == '<span class="stage new">New</span>'


def test_delivery_says_the_state_in_words() -> None:
    assert delivery("failed").endswith("Failed</span>")
    assert delivery("failed").startswith('<span class="deliv bad">')


@pytest.mark.parametrize(
    ("name", "letters"),
    [("La Longue Veille", "LL"), ("@marlowmakes", "M"), ("Kettle & Loom", "KL"), ("", "?"), ("élan", "É")],
)
def test_initials_take_the_first_letters_of_two_words(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_monogram_of_a_name_is_always_the_same_and_escaped() -> None:
    assert mono("<b> x") == mono("<b> x")
    assert "<b>" not in mono("<b> <i>")


def test_stack_draws_each_state_once_and_says_it_in_words() -> None:
    drawn = stack({"sent": 2, "queued": 1, "failed": 0})
    assert 'aria-label="2 sent, 1 queued"' in drawn
    assert drawn.count("<rect") == 2


def test_stack_of_nothing_is_empty() -> None:
    assert "<rect" not in stack({})


def test_bar_never_grows_past_its_frame() -> None:
    assert 'width="1000"' in bar(50, 31)


def test_numbers_are_grouped_as_the_language_does() -> None:
    with translation.override("en"):
        assert grouped(3907) == "3,907"
    with translation.override("fr"):
        assert grouped(3907) == "3\xa0907"


def test_qr_code_keeps_only_its_path() -> None:
    document = '<svg viewBox="0 0 1 1"><script>x</script><path d="M0 0" fill="#000"/></svg>'
    assert bare_svg(document) == (
        '<svg viewBox="0 0 1 1" aria-hidden="true"><path d="M0 0" fill="currentColor"/></svg>'
    )


def test_nav_link_to_a_page_that_does_not_exist_is_no_link() -> None:
    request = RequestFactory().get("/")
    shown = draw(
        '{% nav_link "web:nowhere" "mail" "Mail" %}', request=request, workspace=SimpleNamespace(slug="a")
    )
    assert shown.strip() == ""


def test_nav_link_marks_the_page_it_leads_to() -> None:
    request = RequestFactory().get("/healthz")
    shown = draw('{% nav_link "web:healthz" "mail" "Health" 1200 %}', request=request)
    assert 'href="/healthz" aria-current="page"' in shown
    assert '<span class="n">1,200</span>' in shown
