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
"""Pixels along either side of a label map to synthesize."""
NOISE_BYTES = 256 * 1024
"""The JSON of a noise specification; 255 regions with every channel listed need 60 kB."""

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
