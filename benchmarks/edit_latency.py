"""How long a person waits for an edit, part by part: from the pointer to the new picture on screen, in real Chromium.

    make run &  python -m benchmarks.edit_latency http://127.0.0.1:8000

A dab of the brush, the last of eight moves of a stroke, and new noise for everything, in turn. Prints the median of
each part in milliseconds and its share:

    input    the event reaches the page, which changes the maps
    wait     the request before is answered
    pack     what changed is found and sent
    read     the server takes it over
    queue    it waits for the model
    model    it is painted
    encode   the picture is made ready to be sent
    wire     both ways through the socket, and the server's own hand-overs
    decode   the page unpacks the picture
    draw     the next frame is there and draws it
    present  the browser composes that frame: until the next one begins

The server tells its own parts; the page those of its side, as `edit` in the browser's profiler.
"""

import argparse
import os
import statistics
from collections.abc import Callable
from functools import partial

from playwright.sync_api import Page, sync_playwright

PARTS = ("input", "wait", "pack", "read", "queue", "model", "encode", "wire", "decode", "draw", "present")
PAUSE_MS = 150

# `window.edited` gives the parts of the edit that the newest input made, once it is drawn. It asks nothing of the page
# meanwhile: looking every frame would make frames.
WATCH = """() => {
  let input, parts, done;
  for (const type of ['pointerdown', 'pointermove', 'keydown']) {
    addEventListener(type, (event) => { input = event.timeStamp; parts = done = null; }, { capture: true });
  }
  window.edited = () => new Promise((resolve) => (parts ? resolve(parts) : (done = resolve)));
  const observer = new PerformanceObserver((list) => {
    const { detail, startTime, duration } = list.getEntries().at(-1);
    const { wanted, begun, sent, received, decoded, server } = detail;
    if (wanted < input) return;
    const drawn = startTime + duration;
    requestAnimationFrame((next) => {
      const away = Object.values(server).reduce((sum, part) => sum + part, 0);
      parts = {
        ...server, input: wanted - input, wait: begun - wanted, pack: sent - begun,
        wire: received - sent - away, decode: decoded - received, draw: drawn - decoded, present: next - drawn,
      };
      done?.(parts);
    });
  });
  observer.observe({ type: 'measure' });
}"""


def brush(page: Page, round_: int, moves: int) -> None:
    """Press, move, release."""
    x, y = spot(page, round_)
    page.mouse.down()
    for move in range(1, moves + 1):
        page.mouse.move(x + 8 * move, y + 3 * move)
    page.mouse.up()


def spot(page: Page, round_: int) -> tuple[float, float]:
    """Somewhere on the map, in pixels of the page."""
    box = page.locator("#labels").bounding_box()
    assert box
    left, top = 0.2 + 0.06 * (round_ % 10), 0.3 + 0.04 * (round_ % 7)
    return box["x"] + box["width"] * left, box["y"] + box["height"] * top


def edit(page: Page, round_: int, act: Callable[[], None]) -> dict[str, float]:
    """Milliseconds of every part."""
    page.keyboard.press("89"[round_ % 2])  # classes that the first scene does not have: each edit changes labels
    page.mouse.move(*spot(page, round_))
    page.wait_for_timeout(PAUSE_MS)  # what the page does after an edit is over
    act()
    parts: dict[str, float] = page.evaluate("() => window.edited()")
    return parts


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
        page.wait_for_selector("#status[data-state=ready]")
        page.evaluate(WATCH)
        edits: dict[str, list[dict[str, float]]] = {"dab": [], "stroke": [], "noise": []}
        for round_ in range(0, 3 * options.rounds, 3):
            edits["dab"].append(edit(page, round_, partial(brush, page, round_, moves=0)))
            edits["stroke"].append(edit(page, round_ + 1, partial(brush, page, round_ + 1, moves=8)))
            edits["noise"].append(edit(page, round_ + 2, partial(page.keyboard.press, "r")))
        browser.close()
    show(edits)


def show(edits: dict[str, list[dict[str, float]]]) -> None:
    """One line a part, one column a kind of edit."""
    totals = {kind: sorted(sum(parts.values()) for parts in all_) for kind, all_ in edits.items()}
    print(f"{'':8}" + "".join(f"{kind:>16}" for kind in edits))
    for part in PARTS:
        medians = {kind: statistics.median(parts[part] for parts in all_) for kind, all_ in edits.items()}
        cells = (f"{medians[kind]:10.1f} {medians[kind] / statistics.median(totals[kind]):5.0%}" for kind in edits)
        print(f"{part:8}" + "".join(cells))
    print(f"{'total':8}" + "".join(f"{statistics.median(values):10.1f}      " for values in totals.values()))
    print(f"{'90 %':8}" + "".join(f"{values[int(0.9 * (len(values) - 1))]:10.1f}      " for values in totals.values()))


if __name__ == "__main__":
    main()
