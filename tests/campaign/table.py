"""The table of a campaign's outcomes."""

from collections.abc import Iterable
from itertools import groupby

from tests.campaign.attacks import CLOSED, Outcome


def table(outcomes: Iterable[Outcome]) -> str:
    """A line for each kind of attack: how many, how they ended, and the slowest."""
    lines = [f"{'attack':12}{'inputs':>8}{'2xx 3xx':>9}{'4xx':>8}{'busy':>7}{'closed':>8}{'failed':>8}{'slowest':>10}"]
    for kind, group in groupby(sorted(outcomes, key=lambda each: each.kind), key=lambda each: each.kind):
        found = list(group)
        fine = sum(200 <= each.status < 400 for each in found)
        refused = sum(400 <= each.status < 500 for each in found)
        busy = sum(each.status in (503, 504) for each in found)
        closed = sum(each.status == CLOSED for each in found)
        failed = sum(each.failed for each in found)
        slowest = max(each.seconds for each in found)
        lines.append(f"{kind:12}{len(found):8}{fine:9}{refused:8}{busy:7}{closed:8}{failed:8}{slowest:8.2f} s")
    return "\n".join(lines)
