"""Two thousand attacks; benchmarks/campaign.py has the long form."""

from tests.campaign.attacks import Attacker
from tests.campaign.table import table

ATTACKS = 2000


def test_damaged_input_is_refused(start_server, tiny_zoo, tmp_path):
    """Nothing fails, and nothing ends without an answer; the fixture looks for tracebacks in the log."""
    server = start_server(tiny_zoo, projects=tmp_path / "projects.db")
    attacker = Attacker(server.url, tiny_zoo / "tiny", seed=0)
    outcomes = [attacker.attack() for _ in range(ATTACKS)]
    attacker.close()
    assert not any(each.failed for each in outcomes), table(outcomes)
    assert any(each.status == 200 for each in outcomes) and any(400 <= each.status < 500 for each in outcomes)
