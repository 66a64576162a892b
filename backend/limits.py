"""Every limit of the server, by name and in one place.

A megabyte is 2**20 bytes here: a file that any file manager calls "10 MB" then passes.
"""

MB = 2**20

BODY_BYTES = 12 * MB
"""One request body or one live frame."""
DISCARD_BYTES = 64 * MB
"""How much of a body that is too large is read and thrown away, so that a browser gets to read the refusal."""

IMAGE_BYTES = 10 * MB
"""One encoded image."""
IMAGE_SIDE = 4096
"""Pixels along either side of an image."""
IMAGE_PIXELS = 16_000_000
"""Pixels of an image; checked, as its sides are, before anything is decoded."""

LABEL_SIDE = 1024
"""Pixels along either side of a label map to synthesize; `label_side` gives what a model can use of it."""
NOISE_BYTES = 256 * 1024
"""The JSON of a noise specification; 255 regions with every channel listed need 60 kB."""

PROJECT_BYTES = BODY_BYTES
"""One project file that is sent to the server."""
MANIFEST_BYTES = MB
"""The JSON that says what a project is."""
PROJECT_UNPACKED_BYTES = 512 * MB
"""All members of a project together, unpacked; no more than that is ever unpacked."""
PROJECT_MEMBERS = 4096
"""Members of a project; the 200 steps of its history need 6 each at most."""
PROJECTS = 10_000
"""Projects a server keeps."""
PROJECTS_BYTES = 2048 * MB
"""All projects that a server keeps, as they were sent."""
PROJECTS_WAITING = 32
"""Requests about projects that may wait behind the running one; the next is refused at once."""
PROJECTS_WAIT_S = 10.0
"""How long a project waits for one that another server is just writing into the same file."""

CANVAS_PIXELS = 2**20
"""Pixels of all pictures whose canvases are kept for live clients: 16 of 256x256, which take 26 MB each."""

WAITING = 8
"""Jobs that may wait behind the running one; the next is refused at once."""
RETRY_AFTER_S = 2
"""When a refused client should come again."""
DEADLINE_S = 30.0
"""How long an answer may take, waiting included."""

CPU_THREADS = 8
"""Threads of one inference on a CPU: with more, handing out work costs networks of this size more than it gains."""


def label_side(stride: int) -> int:
    """The longest side in pixels of a label map whose sides are multiples of `stride`."""
    return LABEL_SIDE // stride * stride
