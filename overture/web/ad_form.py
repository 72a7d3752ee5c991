"""The form of an ad."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from overture.accounts.models import Membership, Program
from overture.ads.details import LARGEST_SIDE, LONGEST_URL, AdError, Details, check_details
from overture.ads.models import Ad
from overture.ads.wording import WORDS


class AdForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("Only you and your colleagues see it.")
    )
    kind = forms.ChoiceField(
        label=_("Kind"), widget=forms.RadioSelect, choices=Ad.Kind.choices, initial="text"
    )
    landing_page = forms.CharField(
        label=_("Landing page"),
        max_length=LONGEST_URL,
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    text = forms.CharField(
        label=_("Link text"),
        max_length=200,
        required=False,
        help_text=_("For a text link: what people read."),
    )
    image = forms.CharField(
        label=_("Picture address"),
        max_length=LONGEST_URL,
        required=False,
        help_text=_("For a banner: where the picture is."),
        widget=forms.URLInput(attrs={"placeholder": "https://"}),
    )
    width = forms.IntegerField(label=_("Width"), min_value=1, max_value=LARGEST_SIDE, required=False)
    height = forms.IntegerField(label=_("Height"), min_value=1, max_value=LARGEST_SIDE, required=False)
    alt = forms.CharField(
        label=_("Alternative text"),
        max_length=200,
        required=False,
        help_text=_("Read out, and shown where pictures are off."),
    )
    program = forms.ModelChoiceField(label=_("Program"), queryset=Program.objects.none(), empty_label=None)
    active_from = forms.DateTimeField(
        label=_("Active from"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    active_to = forms.DateTimeField(
        label=_("Active to"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )

    def __init__(self, *args: Any, member: Membership, ad: Ad | None = None, **kwargs: Any) -> None:
        zone = ZoneInfo(member.workspace.time_zone)
        if ad:
            kwargs["initial"] = {name: getattr(ad, name) for name in self.base_fields}
            for name in ("active_from", "active_to"):
                moment = getattr(ad, name)
                kwargs["initial"][name] = moment and moment.astimezone(zone).replace(tzinfo=None)
        super().__init__(*args, **kwargs)
        self._zone = zone
        programs = Program.objects.visible_to(member).order_by("id")
        cast("forms.ModelChoiceField[Program]", self.fields["program"]).queryset = programs
        if ad:
            # Links that have left name the program.
            del self.fields["program"]

    def full_clean(self) -> None:
        # Days and hours are those of the workspace.
        with timezone.override(self._zone):
            super().full_clean()

    def clean(self) -> dict[str, Any]:
        if not self.errors:
            try:
                details = self.details()
                check_details(details, details.active_from or timezone.now())
            except AdError as error:
                self.add_error(error.field, WORDS[error.code])
        return self.cleaned_data

    def details(self) -> Details:
        given = {name: value for name, value in self.cleaned_data.items() if name != "program"}
        return Details(**given)
