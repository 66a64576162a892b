"""All limits of the server.

A megabyte is 2**20 bytes, so that a file passes that a file manager shows as "10 MB".
"""

MB = 2**20

BODY_BYTES = 12 * MB
"""One request body."""
DISCARD_BYTES = 64 * MB
"""How much of an oversized body is read and discarded, so that a browser can read the error."""
RECEIVED_BYTES = 128 * MB
"""The bodies of all requests that are being received or answered; more are refused as busy."""
HEAD_S = 10.0
"""Seconds in which the head of a request arrives, from the opening of the connection or the first byte after that."""
PATIENCE_S = 30.0
"""Seconds for which a client may send or read nothing, or more slowly than SLOWEST_BYTES a second."""
SLOWEST_BYTES = 4096
"""Bytes a second that a client must send of a body, or read of an answer."""
CONNECTIONS = 512
"""Open connections; the next is refused at once. Fewer where the system allows fewer open files."""
CONNECTIONS_PER_ADDRESS = 128
"""Open connections of one address but for this machine and reverse proxies, which connect for others."""
ACCEPTED_AT_ONCE = 16
"""Connections that are taken before any of them is counted."""
RESERVED_FILES = 96
"""Open files that connections leave for everything else, and for those that are not counted yet."""

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

LIVE_HEADER_BYTES = NOISE_BYTES + 4096
"""The header of a live frame, which has the noise."""
LIVE_BYTES = 3 * LABEL_SIDE**2 + LIVE_HEADER_BYTES
"""One live frame; the largest has a label map of 16 bits and a region map."""

PROJECT_BYTES = BODY_BYTES
"""One project file that is sent to the server."""
MANIFEST_BYTES = MB
"""The JSON that says what a project is."""
PROJECT_UNPACKED_BYTES = 512 * MB
"""All members of a project together, unpacked."""
PROJECT_UNPACKED_FREE = 64 * MB
"""What a project of any size may unpack to; larger files add PROJECT_RATIO bytes a byte, up to the limit above."""
PROJECT_RATIO = 50
"""Bytes that a byte of a project's file may unpack to. Pictures, which pack badly, keep that of long histories low."""
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

WAITING = 64
"""Jobs of HTTP requests, and as many of live clients, that may wait behind the running one; the next is refused."""
DECODERS = 4
"""Threads that decode and encode pictures: a photo takes some 100 MB while it is decoded."""
RETRY_AFTER_S = 2
"""Seconds after which a refused client should try again."""
DEADLINE_S = 30.0
"""Seconds a response may take, waiting included."""

LOG_LINES_PER_S = 5
"""Lines a second that one place in the code may log."""

TRIM_S = 30.0
"""Seconds after which freed memory is given back to the system again."""
CPU_THREADS = 8
"""Threads of one inference on a CPU: with more, networks of this size lose more to scheduling than they gain."""


def label_side(stride: int) -> int:
    """The longest side in pixels of a label map whose sides are multiples of `stride`."""
    return LABEL_SIDE // stride * stride
