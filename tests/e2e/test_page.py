"""The page itself: shortcuts, names of controls, contrast, theme and layout."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.studio import Studio

ISSUE_KEYS = ["B", "E", "G", "I", "R", "Shift R", "N", "Ctrl Z", "Ctrl Shift Z", "[", "]", "1", "9", "Hold Space", "?"]


def test_the_shortcuts_dialog_lists_every_shortcut(studio: Studio) -> None:
    studio.press("?")
    sheet = studio.page.locator("#shortcuts")
    expect(sheet).to_be_visible()
    keys = [" ".join(row.split()) for row in sheet.locator("dd").all_inner_texts()]
    assert set(ISSUE_KEYS) <= set(keys)
    studio.press("Escape")
    expect(sheet).to_be_hidden()


def test_keys_choose_tools(studio: Studio) -> None:
    tools = {"e": "eraser", "g": "fill", "i": "pick", "n": "region", "h": "hand", "b": "brush"}
    for key, action in tools.items():
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


def test_everything_fits_the_screen(studio: Studio) -> None:
    for size in [(390, 844), (360, 640), (820, 1180), (1920, 1080), (3440, 1440)]:
        studio.resize(*size)
        overflow = studio.page.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert overflow <= 0
        for canvas in ["#labels", "#photo"]:
            box = studio.page.locator(canvas).bounding_box()
            assert box and box["width"] > 100 and box["x"] >= 0 and box["x"] + box["width"] <= size[0], size
