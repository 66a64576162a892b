"""Random enlargement: photo and labels stay one picture, of the same size, in any number of processes."""

import pytest
import torch
from torch import Tensor

from tests.training.runs import ALONE
from training.data.batches import Batch
from training.run.distributed import World
from training.run.zoom import LARGEST, zoom


def gradients(count: int, height: int = 40, width: int = 24) -> Batch:
    """Pictures whose first two channels say where each pixel lies, -1 to 1 from edge to edge, and labels that number
    the pixels."""
    y, x = ((torch.arange(side) * 2 + 1) / side - 1 for side in (height, width))
    picture = torch.stack([y[:, None].expand(height, width), x.expand(height, width), torch.zeros(height, width)])
    labels = torch.arange(height * width).view(height, width)
    return Batch(picture.expand(count, -1, -1, -1), labels.expand(count, -1, -1))


def extent(images: Tensor) -> Tensor:
    """[B, 2]: which share of each side is in view."""
    height, width = images.shape[-2:]
    rows, columns = images[:, 0, -1, 0] - images[:, 0, 0, 0], images[:, 1, 0, -1] - images[:, 1, 0, 0]
    return torch.stack([rows / (2 - 2 / height), columns / (2 - 2 / width)], dim=1)


def test_photo_and_labels_are_enlarged_alike() -> None:
    batch = gradients(64)
    zoomed = zoom(batch, ALONE, torch.Generator().manual_seed(0))
    assert zoomed.images.shape == batch.images.shape and zoomed.labels.dtype == torch.int64
    assert zoomed.images.is_contiguous(memory_format=torch.channels_last)
    rows, columns = zoomed.labels // 24, zoomed.labels % 24
    # The nearest pixel's label; half a pixel is 1/40 and 1/24.
    assert (zoomed.images[:, 0] - ((rows * 2 + 1) / 40 - 1)).abs().max() < 1 / 40 + 1e-4
    assert (zoomed.images[:, 1] - ((columns * 2 + 1) / 24 - 1)).abs().max() < 1 / 24 + 1e-4


def test_windows_are_of_every_size_and_lie_everywhere() -> None:
    zoomed = zoom(gradients(512), ALONE, torch.Generator().manual_seed(0)).images
    share = extent(zoomed)
    assert torch.allclose(share[:, 0], share[:, 1], atol=0.06)  # the sides keep their ratio, but for the very edges
    assert share.min() == pytest.approx(1 / LARGEST, abs=0.02) and share.max() == pytest.approx(1, abs=0.02)
    middle = zoomed[:, :2].mean((2, 3))
    assert middle.amin(0).tolist() == pytest.approx([-0.5, -0.5], abs=0.1)
    assert middle.amax(0).tolist() == pytest.approx([0.5, 0.5], abs=0.1)


def test_processes_share_one_stream() -> None:
    batch = gradients(8)
    whole = zoom(batch, ALONE, torch.Generator().manual_seed(3)).images
    for rank in range(2):
        world = World(torch.device("cpu"), rank, 2)
        part = zoom(Batch(batch.images[:4], batch.labels[:4]), world, torch.Generator().manual_seed(3)).images
        assert torch.equal(part, whole[4 * rank : 4 * rank + 4])
