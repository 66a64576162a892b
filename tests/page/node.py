"""The page's pure modules, run in Node for tests whose oracle is in Python."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
NODE = Path(sys.executable).with_name("node")
SCRIPTS = (ROOT / "frontend" / "static" / "js").as_uri()
PROGRAM = f"""
import {{ readFileSync }} from 'node:fs';
const load = name => import(`{SCRIPTS}/${{name}}.js`);
const unpacked = text => new Uint8Array(Buffer.from(text, 'base64'));
const packed = bytes => Buffer.from(bytes).toString('base64');
const {{ script, argument }} = JSON.parse(readFileSync(0, 'utf8'));
const body = new (async () => {{}}).constructor('load', 'argument', 'unpacked', 'packed', script);
process.stdout.write(JSON.stringify(await body(load, argument, unpacked, packed)));
"""


def run(script: str, argument: object = None) -> Any:
    """Run a function body in a Node process of its own.

    Args:
        script: JavaScript that returns a JSON value. Modules come by `await load('formats/png')`; `unpacked` makes
            bytes of base64 text, `packed` base64 text of bytes.
        argument: a JSON value, `argument` in the script.

    Returns:
        What the script returns.

    Raises:
        AssertionError: with what Node wrote, if the script throws.
    """
    given = json.dumps({"script": script, "argument": argument})
    command = [str(NODE), "--input-type=module", "--eval", PROGRAM]
    ended = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8", check=False)
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout)
