"""The cast: two brands and the people who work there, the same in every test."""

from __future__ import annotations

from dataclasses import dataclass

from overture.accounts.models import Membership, Program, User, Workspace


@dataclass(frozen=True)
class World:
    brand: Workspace
    program: Program
    nora: Membership  # administrator at Halden & Rowe
    camille: Membership  # manager
    victor: Membership  # viewer
    other_brand: Workspace
    stranger: Membership  # administrator elsewhere


def make_world() -> World:
    brand = Workspace.objects.create(
        name="Halden & Rowe", slug="halden", postal_address="Halden & Rowe, 4 rue du Lin, 75011 Paris"
    )
    other = Workspace.objects.create(name="Northwind", slug="northwind", postal_address="1 Quay, Bergen")
    Program.objects.create(workspace=other, name="Northwind partners", kind=Program.Kind.PARTNER)
    return World(
        brand=brand,
        program=Program.objects.create(workspace=brand, name="Halden & Rowe", kind=Program.Kind.BOTH),
        nora=member(brand, "nora@halden.example", "Nora Lindqvist", "administrator"),
        camille=member(brand, "camille@halden.example", "Camille Dupré", "manager"),
        victor=member(brand, "victor@halden.example", "Victor Hale", "viewer"),
        other_brand=other,
        stranger=member(other, "sam@northwind.example", "Sam Stranger", "administrator"),
    )


def member(workspace: Workspace, email: str, name: str, role: str) -> Membership:
    user = User.objects.create_user(email, "correct horse battery", name=name)
    return Membership.objects.create(workspace=workspace, user=user, role=role)
