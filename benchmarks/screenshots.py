"""The pictures of the page in docs/, taken from a running server with the shipped models.

    make run &  python -m benchmarks.screenshots http://127.0.0.1:8000 PHOTO.jpg

painter.png (desktop, light), painter-dark.png (nine variations), painter-facades.png (the other model),
painter-phone.png, painter-photo.png (a photo that was segmented) and session.webp: an editing session, frame by frame,
as it went.
"""

import argparse
import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

DOCS = Path(__file__).resolve().parent.parent / "docs"
FRAME_MS = 110


class Session:
    """A page that is filmed while it is used."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.frames: list[Image.Image] = []
        page.goto(url)
        page.locator("#results img").first.wait_for(state="attached")
        self.settle()

    def settle(self) -> None:
        """Waits for the picture of the last edit."""
        self.page.wait_for_timeout(60)
        self.page.wait_for_function("document.querySelector('#status').dataset.state === 'ready'")
        self.page.wait_for_timeout(150)

    def film(self, frames: int = 1) -> None:
        """Adds what is on screen now, for that many frames."""
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        self.frames += [picture.resize((960, 600), Image.Resampling.LANCZOS)] * frames

    def save(self, name: str) -> None:
        """What is on screen as a picture of docs/, in as many colors as it needs to look the same."""
        picture = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        picture.quantize(256, dither=Image.Dither.FLOYDSTEINBERG).save(DOCS / name, optimize=True)

    def press(self, key: str, frames: int = 6) -> None:
        """A key, and a look at what it did."""
        self.page.keyboard.press(key)
        self.settle()
        self.film(frames)

    def stroke(self, *points: tuple[float, float]) -> None:
        """A stroke through points of the label map, shares of its sides, filmed on its way."""
        box = self.page.locator("#labels").bounding_box()
        assert box
        spots = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
        self.page.mouse.move(*spots[0])
        self.page.mouse.down()
        for spot in spots[1:]:
            self.page.mouse.move(*spot, steps=5)
            self.page.wait_for_timeout(80)
            self.film()
        self.page.mouse.up()
        self.settle()
        self.film(4)

    def choose(self, name: str) -> None:
        """A class of the list."""
        self.page.locator(".class", has_text=name).first.click()


def desktop(browser: Browser, url: str, scheme: str) -> Session:
    """A page as on a desktop."""
    context = browser.new_context(
        viewport={"width": 1440, "height": 900}, color_scheme="dark" if scheme == "dark" else "light", bypass_csp=True
    )
    return Session(context.new_page(), url)


def painter(browser: Browser, url: str) -> None:
    """The page as it opens."""
    desktop(browser, url, "light").save("painter.png")


def variations(browser: Browser, url: str) -> None:
    """Nine draws, in the dark."""
    session = desktop(browser, url, "dark")
    session.page.keyboard.press("w")
    session.page.wait_for_timeout(8000)
    session.save("painter-dark.png")


def facades(browser: Browser, url: str) -> None:
    """The facades model."""
    session = desktop(browser, url, "light")
    session.page.locator(".model-button").click()
    session.page.locator("#model-list button", has_text="Facades").click()
    session.page.locator(".class", has_text="window").first.wait_for()
    session.settle()
    session.save("painter-facades.png")


def phone(browser: Browser, url: str) -> None:
    """The page on a phone."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, device_scale_factor=2, has_touch=True, bypass_csp=True
    )
    Session(context.new_page(), url).save("painter-phone.png")


def photo(browser: Browser, url: str, file: Path) -> None:
    """A photo that was segmented."""
    session = desktop(browser, url, "light")
    recreate(session, file)
    session.save("painter-photo.png")


def recreate(session: Session, file: Path) -> None:
    """Opens a photo and waits for its recreations."""
    with session.page.expect_file_chooser() as chooser:
        session.page.keyboard.press("Control+o")
    chooser.value.set_files(file)
    session.page.locator(".recreation canvas").nth(2).wait_for()
    session.settle()


def film(browser: Browser, url: str, file: Path) -> None:
    """Paint a hill and an island, re-roll, take a variation, recreate a photo, compare."""
    session = desktop(browser, url, "light")
    session.film(8)
    session.choose("tree")
    session.stroke((0.1, 0.72), (0.3, 0.68), (0.5, 0.74), (0.3, 0.76))
    session.choose("mountain")
    session.press("l", 2)
    session.stroke((0.6, 0.45), (0.75, 0.12), (0.95, 0.2), (0.98, 0.5))
    session.choose("cloud")
    session.press("b", 1)
    session.stroke((0.1, 0.1), (0.25, 0.07), (0.4, 0.12))
    for _ in range(3):
        session.press("r", 7)
    session.choose("sky")
    session.press("c", 7)
    session.page.keyboard.press("w")
    session.page.locator("#photo-pane").wait_for()
    session.page.wait_for_timeout(6000)
    session.film(14)
    session.press("Enter", 8)
    session.press("Shift+C", 8)
    session.press("s", 3)
    recreate(session, file)
    session.film(16)
    first, *rest = session.frames
    first.save(
        DOCS / "session.webp", save_all=True, append_images=rest, duration=FRAME_MS, loop=0, quality=60, method=4
    )


def main() -> None:
    """All pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of a running server")
    parser.add_argument("photo", type=Path, help="a photo to recreate")
    chosen = parser.parse_args()
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        executable = os.environ.get("OASIS_CHROMIUM", "/usr/bin/chromium")
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        painter(browser, chosen.url)
        variations(browser, chosen.url)
        facades(browser, chosen.url)
        phone(browser, chosen.url)
        photo(browser, chosen.url, chosen.photo)
        film(browser, chosen.url, chosen.photo)
        browser.close()


if __name__ == "__main__":
    main()
