"""The form of a partner of the directory: its fields say what an upsert takes, and that checks them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from overture.directory.details import OF_CONTACT, Details, check
from overture.directory.models import Contact, Partner, PartnerKind
from overture.directory.reading import DetailsError
from overture.directory.vocabulary import BusinessModel, Category, Method
from overture.directory.wording import sentence

_NONE = ("", "–")


def _line(label: Any, longest: int, hint: Any = "", **attributes: str) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", **attributes})
    return forms.CharField(label=label, max_length=longest, required=False, help_text=hint, widget=widget)


def _lines(label: Any, longest: int, rows: int, hint: Any = "") -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=longest, required=False, help_text=hint, widget=widget)


class PartnerForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=200)
    kind = forms.ChoiceField(label=_("Kind"), choices=PartnerKind.choices)
    website = _line(_("Website"), 300, inputmode="url")
    country = _line(_("Country"), 80, _("Name or two-letter code."))
    category = forms.ChoiceField(label=_("Category"), choices=[_NONE, *Category.choices], required=False)
    business_model = forms.ChoiceField(
        label=_("Business model"), choices=[_NONE, *BusinessModel.choices], required=False
    )
    about = _lines(_("About"), 5000, 5)
    topics = _line(_("Topics"), 2000, _("With commas between them."))
    languages = _line(_("Languages"), 500, _("The main one first, with commas between them."))
    methods = forms.MultipleChoiceField(
        label=_("Promotional methods"),
        choices=Method.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    audience = _line(_("Audience"), 30, _("How many people, such as 24,000 or 1.2 M."))
    audience_countries = _line(_("Audience by country"), 1000, _("In percent: FR 62, BE 20"))
    audience_ages = _line(_("Audience by age"), 300, _("In percent: 18-24 30, 25-34 45, 65+ 5"))
    channels = _lines(_("Channels"), 5000, 4, _("One a line: YouTube 120k https://video.example/lin"))
    active_on = forms.CharField(
        label=_("Last active"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    has_messaging = forms.BooleanField(label=_("Takes messages"), required=False)
    first_name = _line(_("First name"), 100)
    last_name = _line(_("Last name"), 100)
    title = _line(_("Job title"), 100)
    address = _line(_("Email"), 320, inputmode="email", spellcheck="false")

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            self.details, errors = check(self.cleaned_data)
            for error in errors:
                self.refuse(error)
        return self.cleaned_data

    details: Details

    def refuse(self, error: DetailsError) -> None:
        """Beside its field; what is wrong with the whole, above."""
        field = error.field if error.field in self.fields else None
        self.add_error(field, sentence(error.code, {"value": error.value, **error.params}))

    def group(self, *names: str) -> list[forms.BoundField]:
        return [self[name] for name in names]

    @property
    def main(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in OF_CONTACT]

    @property
    def contact(self) -> list[forms.BoundField]:
        return self.group(*OF_CONTACT)


def initial_of(partner: Partner, contact: Contact | None) -> dict[str, Any]:
    """The partner as the form writes it."""
    same = {name: getattr(partner, name) for name in PartnerForm.base_fields if hasattr(partner, name)}
    said = {
        "topics": ", ".join(partner.topics),
        "languages": ", ".join(partner.languages),
        "audience": "" if partner.audience is None else str(partner.audience),
        "audience_countries": _shares(partner.audience_countries),
        "audience_ages": _shares(partner.audience_ages),
        "channels": "\n".join(_channel(each) for each in partner.channels),
        "active_on": partner.active_on.isoformat() if partner.active_on else "",
    }
    person = {name: getattr(contact, name) for name in OF_CONTACT} if contact else {}
    return same | said | person


def _shares(shares: dict[str, int]) -> str:
    largest_first = sorted(shares.items(), key=lambda each: (-each[1], each[0]))
    return ", ".join(f"{name} {share:g}" for name, share in largest_first)


def _channel(channel: dict[str, Any]) -> str:
    size = "" if channel.get("size") is None else str(channel["size"])
    return " ".join(part for part in (channel["kind"], size, channel.get("url") or "") if part)
