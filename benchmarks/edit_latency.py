"""How long a person waits for a brush edit: pointer up to the new picture on screen, in real Chromium.

    make run &  python benchmarks/edit_latency.py http://127.0.0.1:8000

Paints single dabs and strokes of eight moves in turn; prints median and 90th percentile of each in milliseconds.
"""

import argparse
import os
import statistics

from playwright.sync_api import Page, sync_playwright

# Starts at the release of the pointer, ends with the frame in which the page says that its picture is the newest.
WATCH = """() => {
  window.released = new Promise(done => addEventListener('pointerup', () => {
    const start = performance.now();
    const look = () => {
      const ready = document.querySelector('#status').dataset.state === 'ready';
      ready ? done(performance.now() - start) : requestAnimationFrame(look);
    };
    requestAnimationFrame(() => requestAnimationFrame(look));  // the page first sees the release itself
  }, { once: true }));
}"""


def wait(page: Page) -> None:
    page.wait_for_selector("#status[data-state=ready]")


def edit(page: Page, round_: int, moves: int) -> float:
    """Milliseconds from pointer up to the picture."""
    box = page.locator("#labels").bounding_box()
    assert box
    x = box["x"] + box["width"] * (0.2 + 0.06 * (round_ % 10))
    y = box["y"] + box["height"] * (0.3 + 0.04 * (round_ % 7))
    page.keyboard.press(str(1 + round_ % 9))  # another class every time, so that each edit changes labels
    page.evaluate(WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for move in range(moves):
        page.mouse.move(x + 8 * move, y + 3 * move)
    page.mouse.up()
    milliseconds: float = page.evaluate("() => window.released")
    wait(page)
    return milliseconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url")
    parser.add_argument("--rounds", type=int, default=20)
    options = parser.parse_args()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("OASIS_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(options.url)
        wait(page)
        times: dict[str, list[float]] = {"dab": [], "stroke": []}
        for round_ in range(options.rounds):
            times["dab"].append(edit(page, 2 * round_, moves=0))
            times["stroke"].append(edit(page, 2 * round_ + 1, moves=8))
        for kind, values in times.items():
            ordered = sorted(values)
            p90 = ordered[int(0.9 * (len(ordered) - 1))]
            print(f"{kind:7} median {statistics.median(values):6.0f} ms   90 % {p90:6.0f} ms   of {len(values)}")
        browser.close()


if __name__ == "__main__":
    main()
