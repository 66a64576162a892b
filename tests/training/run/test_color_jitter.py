"""Color augmentation against its definition, pixel by pixel."""

import torch

from training.run.color_jitter import ColorChange, ColorJitter
from training.run.distributed import World

ALONE = World(torch.device("cpu"))


def changed(brightness: float, saturation: float, contrast: float, image: torch.Tensor) -> torch.Tensor:
    return ColorChange(torch.tensor([[brightness, saturation, contrast]]))(image)


def test_each_amount_changes_one_thing() -> None:
    image = torch.tensor([0.5, 0.0, -0.2])[None, :, None, None].expand(1, 3, 2, 2).clone()
    image[..., 1] *= 0.5
    torch.testing.assert_close(changed(0.5, 0.5, 0.5, image), image)  # the middle of each range changes nothing
    torch.testing.assert_close(changed(1.0, 0.5, 0.5, image), image + 0.5)
    torch.testing.assert_close(changed(0.5, 0.0, 0.5, image), image.mean(1, keepdim=True).expand_as(image))
    stretched = changed(0.5, 0.5, 1.0, image)
    torch.testing.assert_close(stretched.mean(), image.mean())
    torch.testing.assert_close(stretched.std(), 1.5 * image.std())


def test_twins_change_as_their_originals_and_gradients_pass() -> None:
    jitter = ColorJitter("color", ALONE, torch.Generator().manual_seed(0))
    images = torch.rand(4, 3, 4, 4, requires_grad=True)
    change = jitter.draw(4)
    both = change.for_twins(2)(torch.cat([images, images[:2]]))
    assert torch.equal(both[:4], change(images)) and torch.equal(both[4:], both[:2])
    assert not torch.equal(jitter.draw(4)(images), both[:4])
    (gradient,) = torch.autograd.grad(both.square().sum(), images)
    assert (gradient.flatten(1).abs().sum(1) > 0).all()


def test_without_augmentation_nothing_is_drawn() -> None:
    random = torch.Generator().manual_seed(0)
    images = torch.rand(2, 3, 4, 4)
    before = random.get_state()
    assert ColorJitter("none", ALONE, random).draw(2).for_twins(1)(images) is images
    assert torch.equal(random.get_state(), before)
