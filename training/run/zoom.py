"""Random enlargement of photos with their labels, so that a segmenter meets everything at several scales."""

import torch
import torch.nn.functional as F

from training.data.batches import Batch
from training.run.distributed import World

LARGEST = 2.0


def zoom(batch: Batch, world: World, random: torch.Generator) -> Batch:
    """A random window of each pair, of a side of 1 / LARGEST to all of the picture's, enlarged to the picture's size.

    random: the stream all processes share, see NoiseSampler.
    """
    draws = torch.rand(len(batch.labels) * world.size, 3, generator=random)
    side, *center = world.share(draws).to(batch.images).unbind(1)  # [B] each
    side = LARGEST**-side
    theta = batch.images.new_zeros(len(side), 2, 3)
    for axis in range(2):
        theta[:, axis, axis] = side
        theta[:, axis, 2] = (1 - side) * (2 * center[axis] - 1)  # from edge to edge, which are at -1 and 1
    grid = F.affine_grid(theta, list(batch.images.shape), align_corners=False)  # [B, H, W, 2]
    images = F.grid_sample(batch.images, grid, padding_mode="border", align_corners=False)
    # Exact: class ids are whole numbers far below 2^24.
    ids = batch.labels[:, None].to(images)
    labels = F.grid_sample(ids, grid, mode="nearest", padding_mode="border", align_corners=False)
    return Batch(images.contiguous(memory_format=torch.channels_last), labels[:, 0].long())
