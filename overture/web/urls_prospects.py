"""Addresses of Discover > Prospects, Engage > Partners and of imports."""

from django.urls import URLPattern, path

from overture.prospects.filters import PARTNERS, PROSPECTS
from overture.web import (
    add_prospect,
    chosen,
    contacts,
    groups,
    imports,
    partner_invite,
    partners,
    prospect_acts,
    prospect_panel,
    prospects,
    selections,
)

_P, _E = {"origin": PROSPECTS}, {"origin": PARTNERS}
_ONE = "prospects/<int:prospect>"
_CHOSEN = "chosen/<int:selection>"
_IMPORT = "imports/<int:imported>"

patterns: list[URLPattern] = [
    path("prospects", prospects.prospects, name="prospects"),
    path("prospects/new", add_prospect.prospect_new, name="prospect_new"),
    path("prospects/export", chosen.list_export, _P, name="prospects_export"),
    path("prospects/filters", prospects.filter_menu, _P, name="prospects_filters"),
    path("prospects/select", selections.select, _P, name="prospects_select"),
    path("prospects/select-all", selections.select_all, _P, name="prospects_select_all"),
    path("prospects/unarchive", chosen.archive_undo, name="archive_undo"),
    path(_ONE, prospect_panel.prospect_page, _P, name="prospect"),
    path(f"{_ONE}/archive", prospect_acts.prospect_archive, name="prospect_archive"),
    path(f"{_ONE}/unarchive", prospect_acts.prospect_unarchive, name="prospect_unarchive"),
    path(f"{_ONE}/stage", prospect_acts.prospect_stage, name="prospect_stage"),
    path(f"{_ONE}/owner", prospect_acts.prospect_owner, name="prospect_owner"),
    path(f"{_ONE}/groups", prospect_acts.prospect_group, name="prospect_group"),
    path(f"{_ONE}/groups/<int:group>/remove", prospect_acts.prospect_ungroup, name="prospect_ungroup"),
    path(f"{_ONE}/notes", prospect_acts.note_new, name="note_new"),
    path(f"{_ONE}/notes/<int:note>/delete", prospect_acts.note_delete, name="note_delete"),
    path(f"{_ONE}/contacts/new", contacts.contact_new, name="contact_new"),
    path(f"{_ONE}/contacts/<int:contact>", contacts.contact, name="contact"),
    path(f"{_ONE}/contacts/<int:contact>/primary", contacts.contact_primary, name="contact_primary"),
    path(f"{_ONE}/invite", partner_invite.partner_invite, name="partner_invite"),
    path(
        f"{_ONE}/invite/<int:invited>/revoke",
        partner_invite.partner_invite_revoke,
        name="partner_invite_revoke",
    ),
    path("partners", partners.partners, name="partners"),
    path("partners/export", chosen.list_export, _E, name="partners_export"),
    path("partners/filters", prospects.filter_menu, _E, name="partners_filters"),
    path("partners/select", selections.select, _E, name="partners_select"),
    path("partners/select-all", selections.select_all, _E, name="partners_select_all"),
    path("partners/<int:prospect>", prospect_panel.prospect_page, _E, name="partner"),
    path("selections/<int:selection>", selections.selection_open, name="selection"),
    path("selections/<int:selection>/clear", selections.selection_clear, name="selection_clear"),
    path(f"{_CHOSEN}/stage", chosen.chosen_stage, name="chosen_stage"),
    path(f"{_CHOSEN}/group", chosen.chosen_group, name="chosen_group"),
    path(f"{_CHOSEN}/owner", chosen.chosen_owner, name="chosen_owner"),
    path(f"{_CHOSEN}/archive", chosen.chosen_archive, name="chosen_archive"),
    path(f"{_CHOSEN}/unarchive", chosen.chosen_unarchive, name="chosen_unarchive"),
    path(f"{_CHOSEN}/export", chosen.chosen_export, name="chosen_export"),
    path("groups", groups.groups, name="groups"),
    path("groups/<int:group>/rename", groups.group_rename, name="group_rename"),
    path("groups/<int:group>/delete", groups.group_delete, name="group_delete"),
    path("imports", imports.imports, name="imports"),
    path("imports/new", imports.import_new, name="import_new"),
    path(_IMPORT, imports.import_one, name="import"),
    path(f"{_IMPORT}/mapping", imports.import_mapping, name="import_mapping"),
    path(f"{_IMPORT}/confirm", imports.import_confirm, name="import_confirm"),
    path(f"{_IMPORT}/refused.csv", imports.import_refused, name="import_refused"),
    path(f"{_IMPORT}/undo", imports.import_undo, name="import_undo"),
    path(f"{_IMPORT}/select", imports.import_select, name="import_select"),
]
