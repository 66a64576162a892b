"""One OASIS training step and all state it needs: a generator update, then a discriminator update."""

import math
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor, nn

from models.device import choose_device
from models.layers import place
from models.noise import NOISE_DIM
from training.config import TrainConfig
from training.data.batches import Batch
from training.data.pairs import DatasetInfo
from training.ema import update_ema
from training.losses import fake_loss, labelmix_loss, labelmix_mask, segmentation_loss
from training.networks import build_discriminator, build_generator

Losses = dict[str, float]


class NonFiniteLoss(ArithmeticError):
    """A loss became NaN or infinite; raised before the optimizer step, so the weights are still good."""


class Trainer:
    """Networks, optimizers and random state of a run."""

    def __init__(self, config: TrainConfig, info: DatasetInfo) -> None:
        self.config, self.info = config, info
        self.device = choose_device(config.device)
        self.autocast = choose_autocast(config.precision, self.device)
        torch.manual_seed(config.seed)
        classes = len(info.classes)
        self.generator = place(build_generator(config, classes), self.device)
        self.discriminator = place(build_discriminator(config, classes), self.device)
        self.average = place(build_generator(config, classes), self.device)
        self.average.load_state_dict(self.generator.state_dict())
        self.average.eval().requires_grad_(False)
        self.judge = [p for p in self.discriminator.parameters() if p.requires_grad]  # not a frozen encoder
        fused = self.device.type == "cuda"
        self.generator_optimizer = torch.optim.Adam(
            self.generator.parameters(), config.generator_rate, config.betas, fused=fused
        )
        self.discriminator_optimizer = torch.optim.Adam(
            self.judge, config.discriminator_rate, config.betas, fused=fused
        )
        self.random = torch.Generator().manual_seed(config.seed)
        self.steps = 0
        self.images = 0

    def step(self, micro_batches: list[Batch]) -> Losses:
        """Train on one batch, given in micro-batches; returns the mean losses. Raises NonFiniteLoss."""
        share = 1 / len(micro_batches)
        totals: Losses = {}

        def backward(losses: dict[str, Tensor]) -> None:
            for name, value in losses.items():
                totals[name] = totals.get(name, 0.0) + value.item() * share
                if not math.isfinite(totals[name]):
                    raise NonFiniteLoss(
                        f"The loss {name!r} is {totals[name]} at step {self.steps + 1}: the step was not taken. "
                        "Go on from the last checkpoint with a lower learning rate, or with --precision fp32."
                    )
            torch.autograd.backward(torch.stack(list(losses.values())).sum() * share)

        self.generator_optimizer.zero_grad()
        with frozen(self.judge):
            for batch in micro_batches:
                backward(self.generator_losses(batch))
        self.generator_optimizer.step()

        self.discriminator_optimizer.zero_grad()
        for batch in micro_batches:
            backward(self.discriminator_losses(batch))
        self.discriminator_optimizer.step()

        update_ema(self.average, self.generator, self.config.ema_decay, self.steps)
        self.steps += 1
        self.images += sum(len(batch.labels) for batch in micro_batches)
        return totals

    def scale_rates(self, factor: float) -> None:
        """Learning rates from now on: the configured ones times `factor`."""
        self.generator_optimizer.param_groups[0]["lr"] = self.config.generator_rate * factor
        self.discriminator_optimizer.param_groups[0]["lr"] = self.config.discriminator_rate * factor

    def generator_losses(self, batch: Batch) -> dict[str, Tensor]:
        """The fake picture should segment into the labels it was made from (OASIS eq. 3)."""
        with self.autocast:
            logits = self.discriminator(self.generator(batch.labels, self.noise(batch)))
        return {"g_adversarial": self.segmentation_losses(logits, batch.labels)}

    def discriminator_losses(self, batch: Batch) -> dict[str, Tensor]:
        """Real pixels into their classes, fake ones into "fake", and the same verdict on a LabelMix of both."""
        with self.autocast:
            with torch.no_grad():
                fake = self.generator(batch.labels, self.noise(batch)).to(batch.images)
            on_real, on_fake = self.discriminator(batch.images), self.discriminator(fake)
        losses = {
            "d_real": self.segmentation_losses(on_real, batch.labels),
            "d_fake": torch.stack([fake_loss(logits) for logits in on_fake]).mean(),
        }
        if self.config.labelmix_weight > 0:
            mask = labelmix_mask(batch.labels, len(self.info.classes), self.random)
            with self.autocast:
                on_mixed = self.discriminator(torch.where(mask[:, None], batch.images, fake))
            # The finest logits carry the pixels that LabelMix cuts along.
            consistency = labelmix_loss(on_mixed[0], on_real[0], on_fake[0], mask)
            losses["d_labelmix"] = self.config.labelmix_weight * consistency
        return losses

    def segmentation_losses(self, scales: list[Tensor], labels: Tensor) -> Tensor:
        """The mean over the resolutions a discriminator judges at."""
        clamp = self.config.class_weight_clamp
        return torch.stack([segmentation_loss(logits, labels, self.info.ignore_id, clamp) for logits in scales]).mean()

    def noise(self, batch: Batch) -> Tensor:
        """z [B, 64], drawn on the CPU so that every device trains on the same noise."""
        return torch.randn(len(batch.labels), NOISE_DIM, generator=self.random).to(self.device)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs; its sampler position is the number of images seen."""
        return {
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "average": self.average.state_dict(),
            "generator_optimizer": self.generator_optimizer.state_dict(),
            "discriminator_optimizer": self.discriminator_optimizer.state_dict(),
            "random": self.random.get_state(),
            "steps": self.steps,
            "images": self.images,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        self.average.load_state_dict(state["average"])
        # The moments; the rates in there are those of the run that wrote it and `scale_rates` replaces them.
        self.generator_optimizer.load_state_dict(state["generator_optimizer"])
        self.discriminator_optimizer.load_state_dict(state["discriminator_optimizer"])
        self.random.set_state(state["random"].cpu())
        self.steps, self.images = state["steps"], state["images"]


@contextmanager
def frozen(parameters: list[nn.Parameter]) -> Iterator[None]:
    """No gradients for these inside the block: they are only passed through."""
    for parameter in parameters:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in parameters:
            parameter.requires_grad_(True)


def choose_autocast(precision: str, device: torch.device) -> torch.autocast:
    """'auto' takes bf16 only where the hardware computes in it; elsewhere it is slower than fp32."""
    if precision == "auto":
        # torch has no public question for this; the answers "supported" of its other ones include emulation.
        native = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
        precision = "bf16" if device.type == "cuda" or native else "fp32"
    return torch.autocast(device.type, torch.bfloat16, enabled=precision == "bf16")
