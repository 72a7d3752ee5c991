"""Sentences for what is refused of an ad, by the code of the refusal."""

from django.utils.translation import gettext_lazy as _

WORDS = {
    "required": _("This is needed."),
    "too_long": _("This is too long."),
    "bad_kind": _("Choose a text link or a banner."),
    "bad_text": _("Control characters cannot stand here."),
    "bad_url": _("Enter a whole address, such as https://brand.example/winter."),
    "not_https": _("Mail programs show pictures from https addresses only."),
    "bad_size": _("Enter a number of pixels from 1 to 4,000."),
    "ends_before_start": _("The end must come after the start."),
}
