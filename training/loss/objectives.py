"""What a discriminator is trained for: how its outputs on real and fake pictures become terms."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor, nn

from models.maps import subsample
from models.networks.protocols import DiscriminatorOutput
from training.config import ClassWeights, TrainConfig
from training.data.info import DatasetInfo
from training.loss import terms
from training.run.distributed import World


class Objective(Protocol):
    """Losses are means over the resolutions and scales a discriminator judges at. labels: int64 [B, H, W]."""

    def examine(self, discriminator: nn.Module, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """The discriminator on pictures [B, 3, H, W]."""
        ...

    def real(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        """D's loss on real pictures."""
        ...

    def fake(self, output: DiscriminatorOutput) -> Tensor:
        """D's loss on fake pictures."""
        ...

    def generator(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        """G's loss: its fakes should pass for real ones."""
        ...


@dataclass(frozen=True)
class Segmentation:
    """Real pixels belong to their class, fake ones to one class more (OASIS sec. 3.1)."""

    info: DatasetInfo
    world: World
    balanced: bool
    clamp: float | None
    generator_weights: ClassWeights

    def examine(self, discriminator: nn.Module, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        output: DiscriminatorOutput = discriminator.examine(images)  # type: ignore[operator]
        return output

    def real(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        return mean_over(output.logits, lambda logits: self._loss(logits, labels, "full"))

    def generator(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        return mean_over(output.logits, lambda logits: self._loss(logits, labels, self.generator_weights))

    def segmenter(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        """The loss on photos of a segmenter that no generator learns from. Full balancing finds rare classes
        everywhere, which a generator's fakes can stand and a label map cannot."""
        return mean_over(output.logits, lambda logits: self._loss(logits, labels, "root"))

    def fake(self, output: DiscriminatorOutput) -> Tensor:
        return mean_over(output.logits, terms.fake_loss)

    def _loss(self, logits: Tensor, labels: Tensor, weights: ClassWeights) -> Tensor:
        labels = subsample(labels, (logits.shape[-2], logits.shape[-1]))
        return terms.segmentation_loss(logits, labels, self._class_weights(labels, weights))

    def _class_weights(self, labels: Tensor, weights: ClassWeights) -> Tensor:
        """float [N]."""
        classes, ignore_id = len(self.info.classes), self.info.ignore_id
        if self.balanced:
            # The batch whose classes are balanced is that of all processes, like the one whose gradients are averaged.
            counts = self.world.sum(terms.count_classes(labels, classes))
            full = terms.class_weights(counts, ignore_id, self.clamp)
            return full if weights == "full" else terms.root_weights(full, counts)
        ids = torch.arange(classes, device=labels.device)
        return (ids != (-1 if ignore_id is None else ignore_id)).float()


@dataclass(frozen=True)
class RealOrFake:
    """Each logit says real or fake, told the labels as an input."""

    on_real: Callable[[Tensor], Tensor]
    on_fake: Callable[[Tensor], Tensor]
    for_generator: Callable[[Tensor], Tensor]

    def examine(self, discriminator: nn.Module, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        output: DiscriminatorOutput = discriminator.examine(images, labels)  # type: ignore[operator]
        return output

    def real(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        return mean_over(output.logits, self.on_real)

    def fake(self, output: DiscriminatorOutput) -> Tensor:
        return mean_over(output.logits, self.on_fake)

    def generator(self, output: DiscriminatorOutput, labels: Tensor) -> Tensor:
        return mean_over(output.logits, self.for_generator)


def build_objective(config: TrainConfig, info: DatasetInfo, world: World) -> Objective:
    """A segmenter segments; a U-Net that is told the labels judges pixels by cross-entropy (OASIS table 5); a
    classifier judges patches by the hinge loss, as in SPADE (OASIS table 4)."""
    if config.segments:
        balanced = config.label_encoding == "balanced-n+1"
        return Segmentation(info, world, balanced, config.class_weight_clamp, config.generator_class_weights)
    if config.discriminator == "oasis":
        return RealOrFake(terms.cross_entropy_real, terms.cross_entropy_fake, terms.cross_entropy_real)
    return RealOrFake(terms.hinge_real, terms.hinge_fake, terms.hinge_generator)


def mean_over(scales: list[Tensor], loss: Callable[[Tensor], Tensor]) -> Tensor:
    """The mean of a loss over the logits of several scales."""
    return torch.stack([loss(logits) for logits in scales]).mean()
