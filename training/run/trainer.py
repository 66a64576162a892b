"""One training step and all state it needs: a generator update, then a discriminator update."""

import copy
import math
from collections import deque
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from models.errors import UserError
from models.networks.layers import place
from models.networks.projected import ConditionedDiscriminator
from training.config import TrainConfig
from training.data.batches import Batch
from training.data.info import DatasetInfo
from training.loss.objectives import Segmentation, build_objective
from training.loss.perceptual import load_vgg, perceptual_loss
from training.loss.terms import (
    class_weights,
    consistency_loss,
    count_classes,
    cutmix_mask,
    feature_distance,
    feature_matching_loss,
    labelmix_mask,
    style_divergence,
)
from training.run.color_jitter import ColorJitter
from training.run.distributed import World, synchronize_batch_norm
from training.run.ema import update_ema
from training.run.networks import build_discriminator, build_generator, build_style_encoder
from training.run.noise_sampling import NoiseSampler
from training.run.optimization import adam, choose_autocast, frozen_encoders, gradients
from training.run.schedule import Stage
from training.run.zoom import zoom

STRENGTH_RATE = 10.0  # of the strengths of noise planes, as a factor of the generator's
DIVERSE_SHARE = 4  # one label map in so many is drawn twice for the diversity term
Losses = dict[str, float]


class NonFiniteLoss(UserError, ArithmeticError):
    """A loss became NaN or infinite; raised before the optimizer step, so the weights are still good."""


class Trainer:
    """Networks, optimizers and random state of a run, the same in every process."""

    def __init__(self, config: TrainConfig, info: DatasetInfo, world: World) -> None:
        self.config, self.info, self.world = config, info, world
        self.autocast = choose_autocast(config.precision, world.device)
        torch.manual_seed(config.seed)
        if world.device.type == "cuda":  # what fp32 is left beside bf16 may round like it; sizes seldom change
            torch.set_float32_matmul_precision("high")
            torch.backends.cudnn.benchmark = True
        classes = len(info.classes)
        self.generator = place(build_generator(config, classes), world.device)
        self.discriminator = place(build_discriminator(config, classes), world.device)
        self.style_encoder = build_style_encoder(config)
        self.average = place(build_generator(config, classes), world.device)
        self.average.load_state_dict(self.generator.state_dict())
        self.average.eval().requires_grad_(False)
        synchronize_batch_norm(self.generator, world)
        strengths = [p for name, p in self.generator.named_parameters() if name.endswith("plane_strength")]
        painters = [p for name, p in self.generator.named_parameters() if not name.endswith("plane_strength")]
        if self.style_encoder is not None:
            painters += place(self.style_encoder, world.device).parameters()
        self.judge = [p for p in self.discriminator.parameters() if p.requires_grad]  # not a frozen encoder
        self.generator_optimizer = adam([painters, strengths], config.generator_rate, config.betas)
        self.encoder = frozen_encoders(self.discriminator)
        self.discriminator_optimizer = adam([self.judge, self.encoder], config.discriminator_rate, config.betas)
        self.vgg: nn.Module | None = None
        if config.perceptual_weight > 0:
            self.vgg = place(load_vgg(config.perceptual_network, config.vgg), world.device)
        self.objective = build_objective(config, info, world)
        self.random = torch.Generator().manual_seed(config.seed)
        dense = config.conditioning == "dense" or (config.conditioning == "auto" and world.device.type == "cuda")
        self.noise = NoiseSampler(config.noise, world, self.random, dense and not config.style_encoder)
        self.fakes: deque[Tensor] = deque()  # of the generator's update, for the discriminator's
        self.partner: dict[str, Any] | None = None  # see keep_partner
        self.steps = 0
        self.images = 0

    @property
    def jitter(self) -> ColorJitter:
        """The augmentation of the current stage."""
        return ColorJitter(self.stage.augmentation or self.config.augmentation, self.world, self.random)

    @property
    def stage(self) -> Stage:
        """The stage that the next step belongs to."""
        return self.config.schedule.stage_at(self.images)

    def step(self, micro_batches: list[Batch]) -> Losses:
        """Train on one batch.

        Args:
            micro_batches: this process's share of it.

        Returns:
            The mean losses of all processes by name; nothing in steps that are not logged.

        Raises:
            NonFiniteLoss: in all processes alike.
        """
        losses: Losses = {}
        self.keep_partner()
        trained = self.stage.trained
        if trained == "both":
            with gradients(self.judge, wanted=False):
                losses = self.update(self.generator_optimizer, self.generator_losses, micro_batches)
            losses |= self.update(self.discriminator_optimizer, self.discriminator_losses, micro_batches)
            update_ema(self.average, self.generator, self.ema_decay)
        elif trained == "discriminator":
            losses = self.update(self.discriminator_optimizer, self.discriminator_losses, micro_batches)
        else:
            with gradients(self.encoder if self.config.encoder_rate > 0 else [], wanted=True):
                losses = self.update(self.discriminator_optimizer, self.segmenter_losses, micro_batches)
        self.steps += 1
        self.images += sum(len(batch.labels) for batch in micro_batches) * self.world.size
        return losses

    def update(
        self, optimizer: Optimizer, losses_of: Callable[[Batch], dict[str, Tensor]], micro_batches: list[Batch]
    ) -> Losses:
        """One optimizer step on the mean loss of the micro-batches of all processes; returns the losses if they are
        looked at in this step."""
        optimizer.zero_grad()
        totals: dict[str, Tensor] = {}
        for batch in micro_batches:
            losses = losses_of(batch)
            torch.autograd.backward(torch.stack(list(losses.values())).sum() / len(micro_batches))
            for name, value in losses.items():
                totals[name] = totals.get(name, 0.0) + value.detach()
        looked_at = (self.steps + 1) % self.config.log_every == 0
        result = self.means(totals, len(micro_batches) * self.world.size) if looked_at else {}
        self.world.average_gradients(p for group in optimizer.param_groups for p in group["params"])
        optimizer.step()
        return result

    def means(self, totals: dict[str, Tensor], shares: int) -> Losses:
        """Losses over all shares, which a GPU is waited for. Raises NonFiniteLoss."""
        means = self.world.sum(torch.stack(list(totals.values()))) / shares
        result = dict(zip(totals, means.tolist(), strict=True))
        for name, mean in result.items():
            if not math.isfinite(mean):
                raise NonFiniteLoss(
                    f"The loss {name!r} is {mean} at step {self.steps + 1}: the step was not taken. "
                    "Go on from the last checkpoint with a lower learning rate, or with --precision fp32."
                )
        return result

    def scale_rates(self, factor: float) -> None:
        """Learning rates from now on: the configured ones times `factor`."""
        config = self.config
        for optimizer, rate, shares in (
            (self.generator_optimizer, config.generator_rate, (1.0, STRENGTH_RATE)),
            (self.discriminator_optimizer, config.discriminator_rate, (1.0, config.encoder_rate)),
        ):
            # The second group is there only with noise planes, or with a pretrained encoder.
            for group, share in zip(optimizer.param_groups, shares, strict=False):
                group["lr"] = rate * factor * share

    def keep_partner(self) -> None:
        """The discriminator that a generator learned from is its partner: one that is trained on alone finds all its
        fakes, or forgets what they are. So a stage that finishes the discriminator leaves the partner aside, and a
        later stage that trains both takes it up again."""
        if self.stage.trained == "both" and self.partner is not None:
            self.discriminator.load_state_dict(self.partner["discriminator"])
            self.discriminator_optimizer.load_state_dict(self.partner["optimizer"])
            self.partner = None
        learned_from = self.config.schedule.generator_images(self.images) > 0
        if self.stage.trained != "both" and learned_from and self.partner is None:
            states = self.discriminator.state_dict(), self.discriminator_optimizer.state_dict()
            discriminator, optimizer = copy.deepcopy(states)
            self.partner = {"discriminator": discriminator, "optimizer": optimizer}

    @property
    def ema_decay(self) -> float:
        """Early in a run the average is short, so that it forgets the initial weights, unless they are a model's."""
        decay, step = self.config.ema_decay, self.steps
        return decay if self.config.start else min(decay, (1 + step) / (10 + step))

    @property
    def lazy_factor(self) -> int:
        """The weight of terms that are not taken in every step: 0 in those that go without."""
        interval = self.config.lazy_interval
        return interval if self.steps % interval == 0 else 0

    def standardize(self, photos: Tensor) -> None:
        """Bring what conditioned discriminators see to one scale, that of photos [B, 3, H, W] in [-1, 1]."""
        for module in self.discriminator.modules():
            if isinstance(module, ConditionedDiscriminator):
                module.standardize(photos)

    def generator_losses(self, batch: Batch) -> dict[str, Tensor]:
        """The fake picture should pass for a real one of its labels (OASIS eq. 3) and, where a configuration asks for
        it, differ from another draw of them or resemble the photo to the discriminator or to VGG."""
        config = self.config
        losses: dict[str, Tensor] = {}
        change = self.jitter.draw(len(batch.labels))
        twins = 0
        if config.diversity_weight > 0 and self.lazy_factor:
            # In one batch with the others: batch norm of a few pictures alone would be another function.
            twins = max(1, len(batch.labels) // DIVERSE_SHARE)
            batch = Batch(*(torch.cat([part, part[:twins]]) for part in (batch.images, batch.labels)))
            change = change.for_twins(twins)  # or the term would measure the colors
        with self.autocast:
            fake, style = self.paint(batch, twins)
            output = self.objective.examine(self.discriminator, change(fake), batch.labels)
            losses["g_adversarial"] = self.objective.generator(output, batch.labels)
            if twins:
                one, other = ([f[part] for f in output.features] for part in (slice(twins), slice(-twins, None)))
                weight = config.diversity_weight * self.lazy_factor
                shares = self.class_shares(batch.labels[:twins]) if config.diversity_balanced else None
                losses["g_diversity"] = -weight * feature_distance(one, other, config.diversity_bound, shares)
            if config.feature_matching_weight > 0:
                with torch.no_grad():
                    real = self.objective.examine(self.discriminator, change(batch.images), batch.labels)
                # A mean over scales, as SPADE takes it: the features of all of them stand in one list.
                matching = feature_matching_loss(output.features, real.features) / config.discriminator_scales
                losses["g_feature_matching"] = config.feature_matching_weight * matching
            if self.vgg is not None:
                distance = perceptual_loss(self.vgg(fake), self.vgg(batch.images))
                losses["g_perceptual"] = config.perceptual_weight * distance
            if style is not None:
                losses["g_style"] = config.kl_weight * style_divergence(*style)
        if config.reuse_fakes:
            self.fakes.append(fake[: len(fake) - twins].detach())
        return losses

    def discriminator_losses(self, batch: Batch) -> dict[str, Tensor]:
        """Real against fake and, for a segmenter that a generator learns from, the same output on a mix of both
        (OASIS eq. 1 and 2)."""
        with self.autocast:
            with torch.no_grad():
                fake = (self.fakes.popleft() if self.fakes else self.paint(batch)[0]).to(batch.images)
            change = self.jitter.draw(len(fake))
            real, fake = change(batch.images), change(fake)
            on_real = self.objective.examine(self.discriminator, real, batch.labels)
            on_fake = self.objective.examine(self.discriminator, fake, batch.labels)
            losses = {
                "d_real": self.objective.real(on_real, batch.labels),
                "d_fake": self.objective.fake(on_fake),
            }
            if self.config.consistency != "none" and self.stage.trained == "both" and self.lazy_factor:
                mask = self.mixing_mask(batch.labels)
                mixed = torch.where(mask[:, None], real, fake)
                on_mixed = self.objective.examine(self.discriminator, mixed, batch.labels)
                # The finest logits carry the pixels that the mask cuts along.
                consistency = consistency_loss(on_mixed.logits[0], on_real.logits[0], on_fake.logits[0], mask)
                losses["d_consistency"] = self.config.consistency_weight * self.lazy_factor * consistency
        return losses

    def class_shares(self, labels: Tensor) -> Tensor:
        """Weights of pixels, of labels [B, H, W], that make each of their classes count alike, up to the clamp."""
        counts = count_classes(labels, len(self.info.classes))
        return class_weights(counts, self.info.ignore_id, self.config.class_weight_clamp)[labels]

    def segmenter_losses(self, batch: Batch) -> dict[str, Tensor]:
        """Photos at several scales, each pixel of its class."""
        assert isinstance(self.objective, Segmentation)  # or the configuration would have been refused
        batch = zoom(batch, self.world, self.random)
        images = self.jitter.draw(len(batch.labels))(batch.images)
        with self.autocast:
            output = self.objective.examine(self.discriminator, images, batch.labels)
            return {"d_real": self.objective.segmenter(output, batch.labels)}

    def paint(self, batch: Batch, twins: int = 0) -> tuple[Tensor, tuple[Tensor, Tensor] | None]:
        """Fakes [B, 3, H, W] of the batch's labels with new noise; mean and log variance of their styles, if any.
        twins: how many at the end are second draws of the first."""
        if self.style_encoder is None:
            return self.noise.paint(self.generator, batch.labels, twins), None
        mean, log_variance = self.style_encoder(batch.images)  # [B, S] each
        style = mean + (0.5 * log_variance).exp() * self.noise.normal(*mean.shape)
        return self.generator(batch.labels, style), (mean, log_variance)

    def mixing_mask(self, labels: Tensor) -> Tensor:
        """bool [B, H, W] on the device. LabelMix draws one set of classes for the batch of all processes."""
        if self.config.consistency == "labelmix":
            return labelmix_mask(labels, len(self.info.classes), self.random)
        batch, height, width = labels.shape
        masks = cutmix_mask(batch * self.world.size, (height, width), self.random)
        return self.world.share(masks).to(self.world.device)

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed run needs, with any number of processes: the random stream is that of the whole
        batch, and the sampler's position is the number of images seen."""
        return {
            "generator": self.generator.state_dict(),
            "discriminator": self.discriminator.state_dict(),
            "style_encoder": None if self.style_encoder is None else self.style_encoder.state_dict(),
            "average": self.average.state_dict(),
            "generator_optimizer": self.generator_optimizer.state_dict(),
            "discriminator_optimizer": self.discriminator_optimizer.state_dict(),
            "partner": self.partner,
            "random": self.random.get_state(),
            "steps": self.steps,
            "images": self.images,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Raises RuntimeError, KeyError or ValueError for the state of other networks."""
        self.generator.load_state_dict(state["generator"])
        self.discriminator.load_state_dict(state["discriminator"])
        if self.style_encoder is not None:
            self.style_encoder.load_state_dict(state["style_encoder"])
        self.average.load_state_dict(state["average"])
        for name in ("generator_optimizer", "discriminator_optimizer"):
            optimizer: Adam = getattr(self, name)
            # The moments; rates and betas in there are those of the run that wrote it. `scale_rates` sets the rates.
            saved = state[name]
            # A run from before encoders could be trained has no group for them; nothing is known of its moments.
            new = optimizer.state_dict()["param_groups"][len(saved["param_groups"]) :]
            optimizer.load_state_dict({**saved, "param_groups": [*saved["param_groups"], *new]})
            for group in optimizer.param_groups:
                group["betas"] = self.config.betas
        self.partner = state.get("partner")  # runs from before there were partners have none
        self.random.set_state(state["random"].cpu())
        self.steps, self.images = state["steps"], state["images"]
