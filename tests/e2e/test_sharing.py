"""Projects shared by a link, where the server keeps them."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import httpx
import numpy as np
from playwright.sync_api import expect

from models.testing import tiny_model, tiny_scenes
from tests.conftest import LiveServer
from tests.e2e.projects import saved_project
from tests.e2e.studio import Studio


def share(studio: Studio) -> str:
    """The link, from the clipboard."""
    studio.page.get_by_role("button", name="File").click()
    studio.action("share-project").click()
    toast = studio.page.locator(".toast").filter(has_text="Link copied")
    expect(toast).to_be_visible()
    toast.locator(".icon-button").click()
    return str(studio.page.evaluate("() => navigator.clipboard.readText()"))


def test_a_shared_link_brings_the_work(
    new_studio: Callable[..., Studio], start_server: Callable[..., AbstractContextManager[LiveServer]], tmp_path: Path
) -> None:
    tiny_model(tmp_path / "zoo" / "tiny")
    tiny_scenes(tmp_path / "zoo" / "tiny")
    with start_server(tmp_path / "zoo", projects=tmp_path / "projects.db") as server:
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
        assert other.page.url == f"{server.url}/", "a reload shall not take back what is done from here on"
        other.press("4")
        other.stroke((5, 60), (60, 60))
        other.settle()
        assert share(other) != link, "who has no key makes a copy of his own"
        assert httpx.get(f"{server.url}/api/projects/{theirs.manifest['link']}").is_success

        # A link that leads nowhere says so, and the page opens with what it had.
        labels = other.labels()
        other.page.goto(f"{server.url}/?project=gone")
        other.settle()
        expect(other.page.locator(".toast.error")).to_be_visible()
        assert np.array_equal(other.labels(), labels)
        other.errors.clear()  # the browser's own line about the 404


def test_where_the_server_keeps_none_sharing_is_off(studio: Studio) -> None:
    studio.page.get_by_role("button", name="File").click()
    expect(studio.action("share-project")).to_be_disabled()
    expect(studio.action("share-project")).to_have_attribute("title", "This server keeps no projects.")


def test_a_project_too_large_to_share_is_refused_here(new_studio: Callable[..., Studio]) -> None:
    studio = new_studio()
    studio.page.route("**/api/projects", lambda route: route.fulfill(json={"enabled": True, "max_bytes": 100}))
    studio.open()
    studio.page.get_by_role("button", name="File").click()
    studio.action("share-project").click()
    studio.toast("The server keeps projects of 0 MB at most")
