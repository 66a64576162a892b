"""What the benchmark found, as tables in docs/performance.md and as the picture docs/performance.svg."""

from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

BEGIN, END = "<!-- measured by benchmarks/inference.py -->", "<!-- end of what was measured -->"

Result = dict[str, Any]


def write(results: Result, docs: Path) -> None:
    """Replace what stands between the two marks of performance.md, and the picture."""
    page = docs / "performance.md"
    before, _, rest = page.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{tables(results)}\n{END}{after}")
    (docs / "performance.svg").write_text(chart(results["networks"]))


def ratio(row: Result, rows: list[Result]) -> float:
    """How many times faster than the first, plain one."""
    return float(rows[0]["milliseconds"] / row["milliseconds"])


def differences(row: Result) -> tuple[str, str]:
    """The largest and the mean difference to the plain network's pictures, of those that should be the same."""
    if "largest_difference" not in row:
        return "-", "-"
    return f"{row['largest_difference']:.1e}", f"{row['mean_difference']:.1e}"


def text_table(result: Result) -> str:
    """For the terminal."""
    lines = [f"{result['title']}, {result['rounds']} rounds"]
    for row in result["rows"]:
        largest, mean = differences(row)
        lines.append(
            f"  {row['name']:32}{row['milliseconds']:9.1f} ms {ratio(row, result['rows']):6.1f}x   "
            f"difference {largest} at most, {mean} on average"
        )
    return "\n".join(lines)


def tables(results: Result) -> str:
    """Markdown: the generators at a glance, then one table per network."""
    here = results["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in here["versions"].items())
    parts = [f"{here['processor']}, {here['threads']} threads; {versions}."]
    parts.append(glance(list(results["networks"].values())))
    for result in results["networks"].values():
        parts.append(f"### {result['title']}")
        lines = ["| | ms | plain / this | largest difference | mean difference |", "|---|--:|--:|--:|--:|"]
        for row in result["rows"]:
            strong = "**" if row["name"].startswith("ours") else ""
            lines.append(
                f"| {strong}{row['name']}{strong} | {row['milliseconds']:.1f} | "
                f"{strong}{ratio(row, result['rows']):.1f}x{strong} | {' | '.join(differences(row))} |"
            )
        parts.append("\n".join(lines))
        parts.append(f"{result['rounds']} rounds." + "".join(f" Left out: {line}." for line in result["left"]))
    if "memory" in results:
        parts.append(memory(results["memory"]))
    return "\n\n".join(parts) + "\n"


def glance(results: list[Result]) -> str:
    """One line per generator: milliseconds and how many times faster than plain."""
    lines: list[str] = []
    for result in results:
        plain, *others = result["rows"]
        edits = [row for row in others if row["name"].startswith("ours: ")]
        if not edits:
            continue
        if not lines:
            names = [row["name"].removeprefix("ours: ") for row in edits]
            lines += [f"| | plain | best of the others | {' | '.join(names)} | largest difference |"]
            lines += ["|---" + "|--:" * (len(names) + 3) + "|"]
        best = min(
            (row for row in others if not row["name"].startswith("ours")), key=lambda row: float(row["milliseconds"])
        )
        cells = [f"{plain['milliseconds']:.0f} ms", f"{best['milliseconds']:.0f} ms"]
        cells += [f"{row['milliseconds']:.0f} ms, **{ratio(row, result['rows']):.1f}x**" for row in edits]
        cells += [f"{max(row['largest_difference'] for row in edits):.0e}"]
        lines.append(f"| {result['title']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def memory(found: Result) -> str:
    growth = found["after_edits"] / found["after_painting"] - 1
    return (
        f"### Memory\n\nResident set of a process that holds the engine of the published shape: "
        f"{found['after_painting']:.0f} MB after painting ({found['weights']:.0f} MB of it before a picture, "
        f"{found['imports']:.0f} MB before the network), {found['after_edits']:.0f} MB "
        f"after {found['edits']} edits ({growth:+.1%}), {found['peak']:.0f} MB at most."
    )


PANEL, LABELS, BAR, LINE, HEAD = 480, 150, 190, 20, 40  # pixels; a panel is one network

STYLE = """
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600 }
.other { fill: #8c959f }
.ours { fill: #1a7f37 }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .other { fill: #6e7681 } .ours { fill: #3fb950 } }
"""


def chart(networks: Result) -> str:
    """SVG: two columns of networks, for each a bar per contender, as long as a picture takes there."""
    parts: list[str] = []
    results = list(networks.values())
    top = 0
    for pair in zip(results[::2], [*results[1::2], None], strict=False):
        for column, result in enumerate(pair):
            if result is not None:
                parts += panel(result, column * PANEL, top)
        top += HEAD + LINE * max(len(result["rows"]) for result in pair if result is not None)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * PANEL} {top + 10}" role="img" '
        f'aria-label="Milliseconds a picture takes"><style>{STYLE}</style>\n' + "\n".join(parts) + "\n</svg>\n"
    )


def panel(result: Result, left: int, top: int) -> list[str]:
    rows = result["rows"]
    longest = max(row["milliseconds"] for row in rows)
    parts = [f'<text class="title" x="{left + 8}" y="{top + HEAD - 12}">{escape(result["title"])}</text>']
    for i, row in enumerate(rows):
        y = top + HEAD + i * LINE
        length = max(1.0, BAR * row["milliseconds"] / longest)
        kind = "ours" if row["name"].startswith("ours") else "other"
        figure = f"{row['milliseconds']:.0f} ms, {ratio(row, rows):.1f}x"
        parts += [
            f'<text x="{left + LABELS - 8}" y="{y + 14}" text-anchor="end">{escape(row["name"])}</text>',
            f'<rect class="{kind}" x="{left + LABELS}" y="{y + 3}" width="{length:.1f}" height="{LINE - 6}"/>',
            f'<text x="{left + LABELS + length + 8:.1f}" y="{y + 14}">{figure}</text>',
        ]
    return parts
