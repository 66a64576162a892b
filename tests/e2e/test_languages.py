"""German: complete, without unused texts, and chosen by the browser or by the user."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.given import choose_file, encoded
from tests.e2e.studio import Studio

SCRIPTS = Path(__file__).parents[2] / "frontend" / "static" / "js"
CODE = "\n".join(path.read_text() for path in sorted(SCRIPTS.rglob("*.js")) if path.parent.name != "lang")
QUOTED = r"""(?:'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)")"""
ALIKE = {
    "Ellipse",
    "Esc",
    "Export",
    "Format",
    "GIF",
    "Lasso",
    "Link",
    "Name",
    "PNG",
    "WebM",
    "WebP",
    "Zoom",
}  # in German too
SAME = ALIKE | {"Oasis Studio", "{n} px"}
WORDS = """const { words } = await load('base/i18n');
  const html = await (await fetch('./')).text();
  const page = new DOMParser().parseFromString(html, 'text/html');
  return [...words(page.body)].map(node => node.nodeValue.trim().replace(/\\s+/g, ' '));"""


def quoted(text: str) -> set[str]:
    return {(a or b).replace("\\'", "'") for a, b in re.findall(QUOTED, text)}


def said() -> set[str]:
    """What scripts give to t(), to errors, as a hint or as a step's name, directly or as one of two."""
    given = set()
    for call in re.finditer(r"\b(?:(t|UserError|toast|edit)\(|hint:|obstacle =.*=>)\s*", CODE):
        rest = CODE[call.end() : call.end() + 400]
        if direct := re.match(QUOTED, rest):
            given |= quoted(direct[0])
        elif call[1] not in {"UserError", "toast"} and (
            either := re.match(rf"[^()?]*(?:\([^()]*\))?[^()?]*\?\s*({QUOTED}\s*:\s*{QUOTED})", rest)
        ):
            given |= quoted(either[1])
    return given


def catalog() -> dict[str, str]:
    text = re.search(r"`\n(.*)\n`", (SCRIPTS / "base" / "lang" / "de.js").read_text(), re.S)
    assert text
    lines = text[1].split("\n")
    german = dict(line.split("|") for line in lines)
    assert len(german) == len(lines), "a text stands twice"
    return german


@pytest.fixture
def needed(studio: Studio) -> set[str]:
    studio.press("?")
    names = studio.page.locator("#shortcuts :is(dt, h3)").all_inner_texts()
    gestures = studio.page.locator("#shortcuts dd > kbd").all_inner_texts()
    template = studio.run(WORDS)
    assert isinstance(template, list) and len(names) > 50 and len(template) > 50 and len(said()) > 50
    found = {*names, *gestures, *template} | said()
    found = {re.sub(r"\d+", "{n}", text, count=1) if text not in said() else text for text in found}
    return {text for text in found if re.search(r"[A-Za-z]{2}", text)} - SAME


def test_nothing_is_left_in_english(needed: set[str]) -> None:
    assert sorted(needed - set(catalog())) == []


def test_no_translation_is_unused(needed: set[str]) -> None:
    assert sorted(set(catalog()) - needed - quoted(CODE)) == []


def test_translations_keep_their_placeholders() -> None:
    for english, german in catalog().items():
        assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", german)), english


def test_the_browser_language_is_used_until_the_user_chooses(new_studio) -> None:
    studio = new_studio(locale="de-AT")
    studio.open()
    page = studio.page.locator("html")
    expect(page).to_have_attribute("lang", "de")
    expect(studio.page.get_by_role("button", name="Pinsel", exact=True)).to_have_attribute("data-tip", "Pinsel")
    expect(studio.page.get_by_role("heading", name="Klassen")).to_be_visible()
    studio.page.get_by_role("button", name="Mehr").click()
    studio.page.get_by_role("button", name="Sprache: English").click()
    expect(page).to_have_attribute("lang", "en")
    expect(studio.page.get_by_role("heading", name="Classes")).to_be_visible()
    studio.open()
    expect(page).to_have_attribute("lang", "en")


def test_the_work_survives_a_language_switch(studio: Studio) -> None:
    studio.choose_class("earth")
    studio.stroke((10, 12), (40, 30))
    studio.settle()
    painted = studio.labels()
    studio.page.wait_for_timeout(1500)  # until it is kept
    studio.press("Control+k")
    studio.page.keyboard.type("deutsch")
    studio.press("Enter")
    expect(studio.page.get_by_role("heading", name="Klassen")).to_be_visible()
    studio.settle()
    assert np.array_equal(studio.labels(), painted)
    expect(studio.action("undo")).to_be_enabled()


def test_without_its_catalog_the_page_stays_in_english(new_studio) -> None:
    studio = new_studio(locale="de-DE")
    studio.page.route("**/lang/de.js", lambda route: route.abort())
    studio.open()
    expect(studio.page.locator("html")).to_have_attribute("lang", "en")
    expect(studio.page.get_by_role("heading", name="Classes")).to_be_visible()
    studio.errors.clear()


def test_errors_of_files_are_german(new_studio) -> None:
    studio = new_studio(locale="de-DE")
    studio.open()
    expect(studio.page.locator("#photo-pane")).to_have_attribute("aria-description", re.compile("um 10 Punkte"))
    choose_file(studio, "open-labels", ("none.png", "image/png", b"nothing"))
    studio.toast("Eine Karte muss ein PNG sein")
    strange = encoded(Image.fromarray(np.full((64, 64), 77, np.uint8)), "PNG")
    choose_file(studio, "open-labels", ("strange.png", "image/png", strange))
    studio.toast("Diese Karte nutzt die Nummer 77")
