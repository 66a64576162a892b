"""The command-line tools repaint a saved project to exactly the same picture."""

from __future__ import annotations

import random
from collections.abc import Callable

from backend.projects.archive import read_project
from backend.projects.verify import Outcome, VerifyConfig, Zoo, compare
from tests.conftest import LiveServer
from tests.e2e.studio import Studio
from tests.e2e.test_projects import work


def test_a_saved_project_verifies(new_studio: Callable[..., Studio], live_server: LiveServer) -> None:
    studio = new_studio()
    studio.open()
    work(studio, random.Random(5), 25)
    studio.press("n")
    studio.stroke((10, 10), (40, 50))  # so that a region is sent
    studio.settle()
    path = studio.save("Control+p")
    project = read_project(path.read_bytes())
    assert project.noise and project.noise.regions and project.regions is not None and project.rendered is not None
    comparison = compare(path, Zoo(live_server.zoo, "cpu"), VerifyConfig(path))
    assert comparison.outcome is Outcome.SAME and not comparison.notes
    assert comparison.difference is not None and not comparison.difference.any()
    assert (studio.labels() == project.labels).all()
