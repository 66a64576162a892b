"""Projects shared by a link, if the server stores them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import Request, Route, expect

from models.testing import tiny_model, tiny_scenes
from tests.conftest import LiveServer
from tests.e2e.projects import ProjectFile, saved_project
from tests.e2e.saved_works import kept
from tests.e2e.studio import BlockedRequests, Studio


def choose(studio: Studio, action: str) -> None:
    """Of the File menu."""
    studio.page.get_by_role("button", name="File").click()
    studio.action(action).click()


def repacked(data: bytes) -> bytes:
    """The same project in other bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        for name, member in ProjectFile(data).members.items():
            file.writestr(name, member)
    return buffer.getvalue()


def share(studio: Studio) -> str:
    """The link, from the clipboard."""
    choose(studio, "share-project")
    toast = studio.page.locator(".toast").filter(has_text="Link copied")
    expect(toast).to_be_visible()
    toast.locator(".icon-button").click()
    return str(studio.page.evaluate("() => navigator.clipboard.readText()"))


def test_a_shared_link_opens_the_work(
    new_studio: Callable[..., Studio], start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "zoo" / "tiny")
    tiny_scenes(tmp_path / "zoo" / "tiny")
    server = start_server(tmp_path / "zoo", projects=tmp_path / "projects.db")
    studio = new_studio(server.url)
    studio.open()
    studio.press("4")
    studio.stroke((10, 10), (50, 40))
    studio.press("r")
    studio.settle()
    link = share(studio)
    assert re.fullmatch(rf"{server.url}/\?project=[\w-]{{20,}}", link)
    studio.press("n")
    studio.stroke((20, 20), (40, 40))
    studio.settle()
    assert share(studio) == link, "the same copy, with what is new"
    photo, mine = studio.photo(), saved_project(studio)

    other = new_studio(server.url)
    other.page.goto(link)
    other.settle()
    assert np.array_equal(other.photo(), photo)
    theirs = saved_project(other)
    assert theirs.manifest["link"] == link.split("=")[1] and theirs.content() == mine.content()
    assert other.page.url == f"{server.url}/", "a reload must not revert later edits"
    other.press("4")
    other.stroke((5, 60), (60, 60))
    other.settle()
    assert share(other) != link, "without the key it makes a new copy"
    assert httpx.get(f"{server.url}/api/projects/{theirs.manifest['link']}").is_success

    # A link that leads nowhere says so, and the page opens with what it had.
    labels = other.labels()
    other.page.goto(f"{server.url}/?project=gone")
    other.settle()
    expect(other.page.locator(".toast.error")).to_be_visible()
    assert np.array_equal(other.labels(), labels)
    other.errors.clear()  # the browser's own line about the 404


def test_sharing_again_replaces_the_copy_only_if_it_is_unchanged_or_confirmed(
    new_studio: Callable[..., Studio], start_server: Callable[..., LiveServer], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "zoo" / "tiny")
    tiny_scenes(tmp_path / "zoo" / "tiny")
    server = start_server(tmp_path / "zoo", projects=tmp_path / "projects.db")
    studio = new_studio(server.url)
    page, shown, api = studio.page, studio.page.locator("#project-link"), f"{server.url}/api/projects"
    asked: list[Request] = []
    page.on("request", lambda request: asked.append(request) if "/api/projects" in request.url else None)
    studio.open()
    studio.press("r")
    studio.settle()

    # The link goes to the project that was shared, whatever is opened meanwhile.
    held = BlockedRequests(studio, "**/api/projects")
    choose(studio, "share-project")
    held.wait()
    choose(studio, "new-project")
    studio.settle()
    held.release()
    studio.toast("Link copied")
    assert shown.input_value() == ""
    page.get_by_role("button", name="Back to previous work").click()
    expect(shown).to_have_value(re.compile(r"project="))
    page.unroute_all()
    link = shown.input_value()
    copy = f"{api}/{link.split('=')[1]}"

    # What fails for a moment makes no second copy.
    page.route(copy, lambda route: route.abort())
    choose(studio, "share-project")
    studio.toast("The server is not responding.")
    page.unroute_all()
    assert shown.input_value() == link and [each.method for each in asked[-2:]] == ["POST", "PUT"]

    # What another tab shared is not overwritten silently.
    key = page.evaluate("link => localStorage.getItem(`oasis-key ${link}`)", link.split("=")[1])
    theirs = httpx.get(copy).content
    other = repacked(theirs)
    httpx.put(copy, content=other, headers={"X-Project-Key": key, "Content-Type": "application/zip"}).raise_for_status()
    choose(studio, "share-project")
    studio.toast("The shared copy was changed elsewhere.")
    assert httpx.get(copy).content == other
    # Where nothing may be copied, the link can be read.
    page.evaluate("() => Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    page.get_by_role("button", name="Replace the shared copy").click()
    studio.toast("The link is in the File menu")
    assert httpx.get(copy).content not in (theirs, other) and shown.input_value() == link
    assert not any("authorization" in each.headers for each in asked), "that is a proxy's"

    # A link stays in the address until it is known what it leads to.
    page.route(copy, lambda route: route.fulfill(status=500, json={}))
    page.goto(link)
    studio.toast("The server failed with status 500")
    assert page.url == link
    page.unroute_all()
    page.reload()
    studio.settle()
    expect(shown).to_have_value(link)
    assert page.url == f"{server.url}/"
    studio.errors.clear()  # the browser's own lines about what failed


def test_sharing_is_disabled_if_the_server_stores_no_projects(studio: Studio) -> None:
    studio.page.get_by_role("button", name="File").click()
    expect(studio.action("share-project")).to_be_disabled()
    expect(studio.action("share-project")).to_have_attribute("title", "This server does not store projects.")


def test_a_project_too_large_to_share_loses_its_steps_or_is_refused(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.open()
    for _ in range(6):
        studio.press("r")
    studio.stroke((10, 10), (50, 40))
    studio.settle()
    kept(studio)
    size = len(studio.save("Control+p").read_bytes())
    sent: list[bytes] = []

    def answer(route: Route) -> None:
        if route.request.method == "POST":
            sent.append(route.request.post_data_buffer or b"")
            route.fulfill(status=201, json={"id": "x", "key": "y"})
        else:
            route.fulfill(json={"enabled": True, "max_bytes": size - 100})

    studio.page.route("**/api/projects", answer)
    studio.page.reload()
    studio.settle()
    share(studio)
    studio.toast("Shared without undo steps")
    assert ProjectFile(sent[0]).history["done"] == [] and studio.action("undo").is_enabled()

    size = 200
    studio.page.reload()
    studio.settle()
    choose(studio, "share-project")
    studio.toast("The server stores projects of up to 0 MB")
    with studio.page.expect_download():
        studio.page.locator(".toast").get_by_role("button", name="Save the project").click()
