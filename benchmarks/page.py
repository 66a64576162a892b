"""How the page feels, in real Chromium: first paint, strokes, frames, memory and the size of its code.

    make run &  python -m benchmarks.page http://127.0.0.1:8000

    first paint    from asking for the page to its first content, the label map and the first picture (nothing cached)
    stroke         from the pointer's event to its pixels on the label canvas, while pictures are being painted, at each
                   size of the canvas: the handling alone, and all of it with the wait for the frame
    frames         between two frames of a stroke, and how many of them took longer than 1/50 s
    memory         of scripts and their buffers after every hundred edits, and of the whole renderer
    code           everything under frontend/ as it travels, unpacked

Machines are noisy: medians and 95th percentiles of many; nothing else should run beside it.
"""

import argparse
import os
import re
import statistics
from pathlib import Path

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from backend.page_files import MINIFIERS, minified

FRONTEND = Path(__file__).resolve().parent.parent / "frontend"
STROKES = 12
MOVES = 40
EDITS = 500
WINDOW: ViewportSize = {"width": 1280, "height": 800}

# Each pointer event is followed to the label canvas: when it came in, when its handlers were done, when it was drawn.
WATCH = """() => {
  const strokes = [];
  let waiting = null;
  addEventListener('pointermove', (event) => {
    if (!event.buttons) return;
    waiting ??= { came: event.timeStamp, begun: performance.now() };
    queueMicrotask(() => { if (waiting && !waiting.handled) waiting.handled = performance.now(); });
  }, { capture: true });
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (...args) {
    const begun = performance.now();
    put.apply(this, args);
    if (this.canvas.id !== 'labels' || !waiting) return;
    const drawn = performance.now();
    strokes.push({ total: drawn - waiting.came, work: waiting.handled - waiting.begun + drawn - begun });
    waiting = null;
  };
  const frames = [];
  let last = 0;
  const frame = (now) => { if (last) frames.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
  window.measured = () => { const all = { strokes: strokes.splice(0), frames: frames.splice(0) }; return all; };
}"""


def percentiles(values: list[float]) -> str:
    """Median and 95th percentile, in milliseconds."""
    return f"{statistics.median(values):6.1f} {statistics.quantiles(values, n=20)[-1]:7.1f}"


def settle(page: Page) -> None:
    """Waits for the picture of the last edit."""
    page.wait_for_function("document.querySelector('#status').dataset.state === 'ready'")
    page.wait_for_timeout(300)


def first_paint(browser: Browser, url: str) -> None:
    """Opens the page some times with nothing cached."""
    moments: dict[str, list[float]] = {"content": [], "labels": [], "picture": []}
    script = """() => {
      const put = CanvasRenderingContext2D.prototype.putImageData;
      window.moments = {};
      CanvasRenderingContext2D.prototype.putImageData = function (...args) {
        window.moments[this.canvas.id] ??= performance.now();
        put.apply(this, args);
      };
    }"""
    for _ in range(7):
        context = browser.new_context(viewport=WINDOW, bypass_csp=True)
        page = context.new_page()
        page.add_init_script(f"({script})()")
        page.goto(url)
        page.wait_for_function("window.moments.photo")
        content = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
        seen = page.evaluate("window.moments")
        for name, moment in (("content", content), ("labels", seen["labels"]), ("picture", seen["photo"])):
            moments[name].append(moment)
        context.close()
    for name, values in moments.items():
        print(f"first {name:8} median {statistics.median(values):6.0f} ms, slowest {max(values):6.0f}")


def strokes(page: Page, times: int) -> None:
    """Strokes across a canvas of `times` the model's size."""
    page.evaluate("id => document.querySelector(`button[data-action='${id}']`).click()", f"size-{times}")
    settle(page)
    size = page.locator("#size")
    size.evaluate("(input, to) => { input.value = to; input.dispatchEvent(new Event('input')); }", str(16 * times))
    box = page.locator("#labels").bounding_box()
    assert box
    # A class that the strokes at other sizes did not paint, or nothing would change.
    page.keyboard.press(str(2 + times))
    page.evaluate("measured()")
    for stroke in range(STROKES):
        y = box["y"] + box["height"] * (0.2 + 0.6 * stroke / STROKES)
        page.mouse.move(box["x"] + 10, y)
        page.mouse.down()
        for move in range(1, MOVES + 1):
            page.mouse.move(box["x"] + 10 + (box["width"] - 20) * move / MOVES, y + 8 * (move % 3))
        page.mouse.up()
    found = page.evaluate("measured()")
    settle(page)
    total, work = ([each[name] for each in found["strokes"]] for name in ("total", "work"))
    width = page.locator("#labels").evaluate("canvas => canvas.width")
    slow = sum(frame > 20 for frame in found["frames"]) / len(found["frames"])
    print(f"{width:5} px  to screen {percentiles(total)}  work {percentiles(work)}", end="")
    print(f"  frames {percentiles(found['frames'])}, over 20 ms: {slow:.0%}  ({len(total)} drawn)")


def memory(page: Page) -> None:
    """Paints, re-rolls, undoes; the megabytes after every hundred edits."""
    session = page.context.new_cdp_session(page)
    box = page.locator("#labels").bounding_box()
    assert box
    for edit in range(EDITS + 1):
        if edit % 100 == 0:
            settle(page)
            session.send("HeapProfiler.collectGarbage")
            usage = session.send("Runtime.getHeapUsage")
            held = (usage["usedSize"] + usage.get("backingStorageSize", 0)) / 2**20
            print(f"after {edit:4} edits: {held:6.1f} MB of scripts and buffers, {renderer_mb():6.0f} MB resident")
        kind = edit % 5
        if kind == 3:
            page.keyboard.press("r" if edit % 2 else "c")
        elif kind == 4:
            page.keyboard.press("Control+z")
        else:
            x, y = box["x"] + (edit * 37) % box["width"], box["y"] + (edit * 53) % box["height"]
            page.mouse.move(x, y)
            page.mouse.down()
            page.mouse.move(x + 20, y + 10, steps=3)
            page.mouse.up()
        page.wait_for_timeout(20)


def renderer_mb() -> float:
    """Resident memory of the largest renderer process of Chromium on this machine."""
    sizes = [0.0]
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            if b"--type=renderer" in status.with_name("cmdline").read_bytes():
                found = re.search(r"VmRSS:\s+(\d+)", status.read_text())
                sizes.append(int(found[1]) / 1024 if found else 0)
        except OSError:
            continue  # it ended meanwhile
    return max(sizes)


def code() -> None:
    """The page's own code by kind, as it travels."""
    sizes: dict[str, int] = {}
    for path in FRONTEND.rglob("*"):
        if path.is_file():
            size = len(minified(path, 0)) if path.suffix in MINIFIERS else path.stat().st_size
            kind = "languages" if path.parent.name == "lang" else path.suffix
            sizes[kind] = sizes.get(kind, 0) + size
    listed = ", ".join(f"{suffix} {size / 1000:.1f}" for suffix, size in sorted(sizes.items()))
    print(f"code: {sum(sizes.values()) / 1000:.1f} kB ({listed})")


def main() -> None:
    """Everything in turn."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", help="of a running server")
    url = parser.parse_args().url
    code()
    with sync_playwright() as playwright:
        executable = os.environ.get("OASIS_CHROMIUM", "/usr/bin/chromium")
        arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        browser = playwright.chromium.launch(executable_path=executable, args=arguments)
        first_paint(browser, url)
        page = browser.new_page(viewport=WINDOW, bypass_csp=True)
        page.goto(url)
        settle(page)
        page.evaluate(WATCH)
        print("milliseconds: median and 95 %")
        for times in (1, 2, 4):
            strokes(page, times)
        page.close()
        page = browser.new_page(viewport=WINDOW, bypass_csp=True)
        page.goto(url)
        settle(page)
        memory(page)
        browser.close()


if __name__ == "__main__":
    main()
