"""All limits of the server.

A megabyte is 2**20 bytes, so that a file passes that a file manager shows as "10 MB".
"""

MB = 2**20

BODY_BYTES = 12 * MB
"""One request body or one live frame."""
DISCARD_BYTES = 64 * MB
"""How much of an oversized body is read and discarded, so that a browser can read the error."""

IMAGE_BYTES = 10 * MB
"""One encoded image."""
IMAGE_SIDE = 4096
"""Pixels along either side of an image."""
IMAGE_PIXELS = 16_000_000
"""Pixels of an image; checked like its sides before anything is decoded."""

LABEL_SIDE = 1024
"""Pixels along either side of a label map to synthesize; `label_side` gives what a model can use of it."""
NOISE_BYTES = 256 * 1024
"""The JSON of a noise specification; 255 regions with every channel listed need 60 kB."""

PROJECT_BYTES = BODY_BYTES
"""One project file that is sent to the server."""
MANIFEST_BYTES = MB
"""The JSON that says what a project is."""
PROJECT_UNPACKED_BYTES = 512 * MB
"""All members of a project together, unpacked."""
PROJECT_MEMBERS = 4096
"""Members of a project; the 200 steps of its history need at most 6 each."""
PROJECTS = 10_000
"""Projects that a server stores."""
PROJECTS_BYTES = 2048 * MB
"""All projects that a server stores together."""
PROJECTS_WAITING = 32
"""Project requests that may wait behind the running one; the next is refused at once."""
PROJECTS_WAIT_S = 10.0
"""Seconds to wait while another server writes to the same file of projects."""

CANVAS_BYTES = 384 * MB
"""All canvases that are cached for live clients: some 16 of 256x256, or 3 of 1024x1024."""

WAITING = 8
"""Jobs that may wait behind the running one; the next is refused at once."""
RETRY_AFTER_S = 2
"""Seconds after which a refused client should try again."""
DEADLINE_S = 30.0
"""Seconds a response may take, waiting included."""

CPU_THREADS = 8
"""Threads of one inference on a CPU: with more, networks of this size lose more to scheduling than they gain."""


def label_side(stride: int) -> int:
    """The longest side in pixels of a label map whose sides are multiples of `stride`."""
    return LABEL_SIDE // stride * stride
