"""The rules of the look that a reader of one file would not notice being broken."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "overture"
STYLES = sorted((ROOT / "static" / "css").rglob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
COLOUR = re.compile(r"(?:oklch|oklab|rgba?|hsla?|hwb)\(\s*[\d.]|#[0-9a-f]{3,8}\b", re.I)


def without_comments(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S)


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_names_no_colour_no_id_and_nothing_important(path: Path) -> None:
    css = without_comments(path)
    assert "!important" not in css
    assert re.findall(r"(?:^|[\s,>+~&(])#[a-z][\w-]*\s*[,{:.)\[]", css, re.M) == []
    assert path.name == "tokens.css" or COLOUR.findall(css) == []
    assert css.count("{") == css.count("}")


def test_stylesheet_imports_every_file() -> None:
    sheet = ROOT / "static" / "css" / "overture.css"
    imported = set(re.findall(r'url\("([^"]+)"\)', sheet.read_text()))
    assert imported == {str(path.relative_to(sheet.parent)) for path in STYLES if path != sheet}


def test_every_custom_property_used_is_defined() -> None:
    everything = "".join(without_comments(path) for path in STYLES)
    used = set(re.findall(r"var\((--[\w-]+)", everything))
    assert used - set(re.findall(r"(--[\w-]+)\s*:", everything)) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_template_holds_no_inline_style_or_script(path: Path) -> None:
    html = path.read_text()
    assert re.findall(r"\sstyle\s*=", html) == []
    assert re.findall(r"<style\b", html) == []
    assert re.findall(r"\son[a-z]+\s*=\s*[\"']", html) == []
    assert [
        tag for tag in re.findall(r"<script\b[^>]*>", html) if "src=" not in tag and "json" not in tag
    ] == []
