"""The page itself: shortcuts, menus, theme, names, and its modules on data of their own."""

from __future__ import annotations

import base64
import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from tests.e2e.studio import Studio

ISSUE_KEYS = ["B", "E", "G", "I", "R", "Shift R", "N", "Ctrl Z", "Ctrl Shift Z", "[", "]", "1", "9", "Hold Space", "?"]


def test_sheet_lists_every_shortcut(studio: Studio) -> None:
    studio.press("?")
    sheet = studio.page.locator("#sheet")
    expect(sheet).to_be_visible()
    keys = [" ".join(row.split()) for row in sheet.locator("dd").all_inner_texts()]
    assert set(ISSUE_KEYS) <= set(keys)
    studio.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.parametrize(
    ("key", "action"), [("e", "eraser"), ("g", "fill"), ("i", "pick"), ("n", "region"), ("h", "hand"), ("b", "brush")]
)
def test_keys_choose_tools(studio: Studio, key: str, action: str) -> None:
    studio.press(key)
    expect(studio.action(action)).to_have_attribute("aria-pressed", "true")


def test_every_control_has_a_name(studio: Studio) -> None:
    nameless = studio.page.evaluate(
        """() => [...document.querySelectorAll('button, input, canvas[role]')]
          .filter(each => !each.closest('[hidden]'))
          .filter(each => !(each.getAttribute('aria-label') || each.textContent.trim() || each.labels?.length))
          .map(each => each.outerHTML)"""
    )
    assert nameless == []


def test_text_has_contrast_in_both_themes(studio: Studio) -> None:
    """Text tokens on the surfaces they stand on, by the formula of WCAG: at least 4.5."""
    ratio = """(pairs) => {
      const context = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
      const luminance = token => {
        const probe = document.body.appendChild(document.createElement('i'));
        probe.style.color = `var(${token})`;
        context.fillStyle = getComputedStyle(probe).color;
        probe.remove();
        context.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...context.getImageData(0, 0, 1, 1).data].map(byte => {
          const c = byte / 255;
          return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      return pairs.map(([text, ground]) => {
        const [low, high] = [luminance(text), luminance(ground)].sort((a, b) => a - b);
        return (high + 0.05) / (low + 0.05);
      });
    }"""
    pairs = [
        [text, ground]
        for text in ["--text", "--muted"]
        for ground in ["--panel", "--raised", "--hover", "--accent-soft"]
    ] + [["--on-accent", "--accent"], ["--accent-strong", "--accent-soft"], ["--danger", "--panel"]]
    for _ in range(2):
        values = studio.page.evaluate(ratio, pairs)
        assert min(values) >= 4.5, dict(zip(map(str, pairs), values, strict=True))
        studio.action("theme").click()


def test_theme_follows_the_system_until_chosen(new_studio) -> None:
    studio = new_studio(color_scheme="dark")
    studio.open()
    ground = "() => getComputedStyle(document.querySelector('.topbar')).backgroundColor"
    dark = studio.page.evaluate(ground)
    studio.action("theme").click()
    light = studio.page.evaluate(ground)
    assert light != dark
    studio.open()
    assert studio.page.evaluate(ground) == light, "the choice outlives a reload"


@pytest.mark.parametrize("size", [(390, 844), (360, 640), (820, 1180), (1920, 1080), (3440, 1440)])
def test_everything_fits_the_screen(new_studio, size: tuple[int, int]) -> None:
    studio = new_studio(viewport={"width": size[0], "height": size[1]})
    studio.open()
    overflow = studio.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0
    for canvas in ["#labels", "#photo"]:
        box = studio.page.locator(canvas).bounding_box()
        assert box and box["width"] > 100 and box["x"] >= 0 and box["x"] + box["width"] <= size[0]


def test_png_of_any_depth_decodes_to_its_ids(studio: Studio) -> None:
    draw = np.random.default_rng(2)
    files, expected = [], []
    for bits, mode in [(1, "P"), (2, "P"), (4, "P"), (8, "P"), (8, "L")]:
        for width, height in [(1, 1), (7, 5), (64, 33)]:
            ids = draw.integers(0, 2**bits, (height, width), dtype=np.uint8)
            picture = Image.fromarray(ids)
            if mode == "P":
                picture = Image.frombytes("P", (width, height), ids.tobytes())
                picture.putpalette([channel for i in range(2**bits) for channel in (i, 255 - i, 9)])
            buffer = io.BytesIO()
            picture.save(buffer, "PNG", bits=bits)
            files.append(base64.b64encode(buffer.getvalue()).decode())
            expected.append(ids.ravel().tolist())
    decoded = studio.run(
        """const { decodePng } = await load('formats/png');
        const bytes = text => Uint8Array.from(atob(text), letter => letter.charCodeAt(0));
        return Promise.all(argument.map(async file => [...(await decodePng(bytes(file))).ids]));""",
        files,
    )
    assert decoded == expected


def test_png_written_by_the_page_reads_back_everywhere(studio: Studio) -> None:
    draw = np.random.default_rng(3)
    for height, width in [(1, 1), (3, 200), (64, 64)]:
        ids = draw.integers(0, 256, (height, width), dtype=np.uint8)
        written = studio.run(
            """const { encodePng, decodePng } = await load('formats/png');
            const png = await encodePng(Uint8Array.from(argument.ids), argument.width);
            const again = await decodePng(png);
            return { png: btoa(String.fromCharCode(...png)), again: [...again.ids] };""",
            {"ids": ids.ravel().tolist(), "width": width},
        )
        picture = Image.open(io.BytesIO(base64.b64decode(written["png"])))
        assert picture.mode == "L" and np.array_equal(np.array(picture), ids)
        assert written["again"] == ids.ravel().tolist()


def test_two_hundred_random_steps_undo_and_redo_byte_identically(studio: Studio) -> None:
    wrong = studio.run(
        """const { Document } = await load('document/document');
        let state = 7;
        const random = n => ((state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8) % n;
        const doc = new Document(32, 24);
        const copy = () => JSON.stringify([[...doc.labels], [...doc.regions], doc.noise, doc.version]);
        const states = [copy()];
        let at = 0, wrong = 0;
        for (let i = 0; i < 600; i++) {
          const kind = random(4);
          if (kind === 0 && at > 0) { doc.undo(); at--; }
          else if (kind === 1 && at < states.length - 1) { doc.redo(); at++; }
          else if (at < 200) {
            const changed = doc.edit('step', () => {
              const from = random(700);
              if (random(2)) doc.labels.fill(random(5), from, from + random(60));
              if (random(2)) doc.regions.fill(random(3), from, from + random(60));
              if (random(3) === 0) doc.noise = { seed: random(1000), regions: [] };
            });
            if (changed) { states.length = ++at; states.push(copy()); }
          }
          if (copy() !== states[at]) wrong++;
        }
        while (at > 0) { doc.undo(); at--; if (copy() !== states[at]) wrong++; }
        while (at < states.length - 1) { doc.redo(); at++; if (copy() !== states[at]) wrong++; }
        return { wrong, steps: states.length };"""
    )
    assert wrong["wrong"] == 0 and wrong["steps"] > 60
