"""Addresses of Discover > Prospects and Engage > Partners."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path

from overture.accounts.models import Membership
from overture.accounts.roles import Permission
from overture.prospects.filters import PARTNERS, PROSPECTS
from overture.web import imports, partners, prospect_panel, prospects, selections
from overture.web.pages import page

@page("POST", writes=Permission.MANAGE_PROSPECTS)
def later(request: HttpRequest, member: Membership, **numbers: int) -> HttpResponse:
    raise Http404


_P, _E = {"origin": PROSPECTS}, {"origin": PARTNERS}

patterns: list[URLPattern] = [
    path("prospects", prospects.prospects, name="prospects"),
    path("prospects/filters", prospects.filter_menu, _P, name="prospects_filters"),
    path("prospects/select", selections.select, _P, name="prospects_select"),
    path("prospects/select-all", selections.select_all, _P, name="prospects_select_all"),
    path("prospects/<int:prospect>", prospect_panel.prospect_page, _P, name="prospect"),
    path("partners/<int:prospect>", prospect_panel.prospect_page, _E, name="partner"),
    path("partners", partners.partners, name="partners"),
    path("partners/filters", prospects.filter_menu, _E, name="partners_filters"),
    path("partners/select", selections.select, _E, name="partners_select"),
    path("partners/select-all", selections.select_all, _E, name="partners_select_all"),
    path("selections/<int:selection>", selections.selection_open, name="selection"),
    path("selections/<int:selection>/clear", selections.selection_clear, name="selection_clear"),
    path("imports", imports.imports, name="imports"),
    path("imports/new", imports.import_new, name="import_new"),
    path("imports/<int:imported>", imports.import_one, name="import"),
    path("imports/<int:imported>/mapping", imports.import_mapping, name="import_mapping"),
    path("imports/<int:imported>/confirm", imports.import_confirm, name="import_confirm"),
    path("imports/<int:imported>/refused.csv", imports.import_refused, name="import_refused"),
    path("imports/<int:imported>/select", imports.import_select, name="import_select"),
    path("later/<int:prospect>/<int:group>", later, name="prospect_ungroup"),
    path("later/<int:prospect>/c/<int:contact>", later, name="contact"),
    path("later/<int:prospect>/p/<int:contact>", later, name="contact_primary"),
    *[path(f"later/{n}/<int:{k}>" if k else f"later/{n}", later, name=n) for n, k in [("prospects_export",""),("partners_export",""),("prospect_new",""),("groups",""),*[(n,"prospect") for n in ("prospect_stage","prospect_owner","prospect_group","note_new","contact_new")],("prospect_archive","prospect"),("prospect_unarchive","prospect"),*[(f"chosen_{x}","selection") for x in "stage group owner archive unarchive export".split()]]],
]
