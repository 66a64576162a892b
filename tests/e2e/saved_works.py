"""Work that the browser keeps: waiting for it, closing the page without a word, and coming back."""

from __future__ import annotations

from tests.e2e.studio import Studio

WRITTEN = """async () => {
  const open = indexedDB.open('oasis-studio');
  await new Promise(done => { open.onsuccess = open.onerror = done; });
  const parts = open.result.transaction('parts').objectStore('parts').getAllKeys();
  await new Promise(done => { parts.onsuccess = done; });
  open.result.close();
  return parts.result.map(key => key.join(' '));
}"""


def kept(studio: Studio) -> None:
    """Waits until the current work is kept (or saved): closing the page would lose nothing."""
    studio.page.wait_for_function(
        "() => { const event = new Event('beforeunload', { cancelable: true }); return dispatchEvent(event); }"
    )


def another(studio: Studio) -> Studio:
    """A new tab of the same browser."""
    return Studio(studio.page.context.new_page(), studio.url)


def crash(studio: Studio) -> Studio:
    """Kills the page and opens a new tab."""
    studio.page.close(run_before_unload=False)
    return another(studio)


def edit(studio: Studio) -> None:
    studio.press("3")
    studio.stroke((10, 10), (50, 20), (30, 60))
    studio.settle()
    studio.press("n")
    studio.stroke((20, 20), (44, 40))
    studio.settle()
    studio.press("r")
    studio.press("Control+z")
    studio.settle()
