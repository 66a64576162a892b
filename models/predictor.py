"""What runs a trained model on numpy pictures: the edge between arrays and networks."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from models.engine import AnyCanvas, generator_engine, segmenter_engine
from models.files.model_card import ModelCard
from models.files.model_directory import load_networks, load_partner
from models.memory import trim
from models.networks.layers import place
from models.networks.protocols import PainterNetwork, SegmenterNetwork
from models.noise import NoiseSpec
from models.planes import Planes
from models.regions import find_regions

NO_SEGMENTER = "it was trained with a discriminator that only tells real from fake. Choose an OASIS model."
KEPT_BYTES = 160 * 2**20  # of a canvas that a model keeps for its next picture; one of 1024x1024 has some 130 MB


@dataclass(frozen=True)
class Inspection:
    """What the discriminator sees in a picture, both float32 [H, W] in 0..1: `realism`, how little it takes a pixel for
    painted, and `fidelity`, how probable it finds the class that the label map gives the pixel."""

    realism: np.ndarray
    fidelity: np.ndarray


class Model:
    """A generator, ready to paint, and perhaps a segmenter and a partner, with the card that describes them.

    Not for several threads at once.
    """

    def __init__(
        self,
        card: ModelCard,
        generator: PainterNetwork,
        segmenter: SegmenterNetwork | None,
        partner: SegmenterNetwork | None = None,
    ) -> None:
        self.card = card
        self.device = next(generator.parameters()).device
        self._engine = generator_engine(generator)
        self._z_dim = generator.config.z_dim
        self._segmenter = None if segmenter is None else segmenter_engine(segmenter)
        # The discriminator as the generator learned from it; a segmenter that was trained on alone lost sight of fakes.
        self._judge = self._segmenter if partner is None else segmenter_engine(partner)
        self._canvas = self.canvas()

    def canvas(self) -> "Canvas":
        """A picture to be edited."""
        return Canvas(self._engine.canvas(), len(self.card.classes), self._z_dim)

    def synthesize(self, labels: np.ndarray, noise: NoiseSpec, regions: np.ndarray | None = None) -> np.ndarray:
        """One picture, as Canvas.paint."""
        picture = self._canvas.paint(labels, noise, regions)
        if self._canvas.nbytes > KEPT_BYTES:
            self._canvas = self.canvas()
            trim()
        return picture

    @torch.inference_mode()
    def segment(self, photo: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The class of every pixel of a photo.

        Args:
            photo: uint8 [H, W, 3], sides multiples of the segmenter's stride.

        Returns:
            Class ids, uint8 (uint16 above 256 classes) [H, W], never the ignored class, and the probability of each,
            float32 [H, W] in 0..1.

        Raises:
            ValueError: for a model without a segmenter, or a size that does not fit.
        """
        # Coarse heads know the scene, fine ones its edges: their mean segments better than the finest alone.
        size = photo.shape[:2]
        votes = []
        for scale in self.card.segmenting.scales:
            scaled = photo if scale == 1 else self._scaled(photo, scale)
            votes += self._votes(scaled, size)
            if self.card.segmenting.flip:
                votes += [vote.flip(-1) for vote in self._votes(scaled[:, ::-1], size)]
        confidence, ids = torch.stack(votes).mean(dim=0).max(dim=0)  # [H, W] each
        kind = np.uint8 if len(self.card.classes) <= 256 else np.uint16
        return ids.cpu().numpy().astype(kind), confidence.cpu().numpy()

    def _votes(self, photo: np.ndarray, size: tuple[int, int]) -> list[Tensor]:
        """What each head says of the classes: [N, *size] each."""
        seen = self._examine(photo, self._segmenter)
        return [class_probabilities(logits, self.card.ignore_id, size)[0] for logits in seen]

    def _scaled(self, photo: np.ndarray, scale: float) -> np.ndarray:
        """The photo at this factor of its size, as near as the stride allows."""
        stride = self.card.segmenter.stride if self.card.segmenter else 1
        height, width = (max(round(side * scale / stride), 1) * stride for side in photo.shape[:2])
        return np.asarray(Image.fromarray(photo).resize((width, height), Image.Resampling.BICUBIC))

    @torch.inference_mode()
    def inspect(self, picture: np.ndarray, labels: np.ndarray) -> Inspection:
        """How real a picture looks to the discriminator, and how well it shows a label map.

        A hint, not a measure: the discriminator was taught to find the fakes of its own training, and to miss them in
        the end. The partner, if the model has one, judges realism and the segmenter fidelity; the heads are averaged.

        Args:
            picture: uint8 [H, W, 3] of any size.
            labels: class ids [H, W]. Ignored pixels, which have no right class, get fidelity 1.

        Raises:
            ValueError: for a model without a segmenter, or a label map of another size.
        """
        if labels.shape != picture.shape[:2]:
            raise ValueError(f"The label map {labels.shape} and the picture {picture.shape[:2]} differ in size.")
        height, width = labels.shape
        ids = torch.from_numpy(labels.astype(np.int64)).to(self.device)
        stride = math.lcm(*(entry.stride for entry in (self.card.segmenter, self.card.partner) if entry))
        wide = pad_to_stride(picture, stride)
        seen = self._examine(wide, self._segmenter)
        judged = seen if self._judge is self._segmenter else self._examine(wide, self._judge)
        realism, fidelity = [], []
        for logits in seen:
            classes = class_probabilities(logits, self.card.ignore_id, wide.shape[:2])[0]  # [N, H', W']
            fidelity.append(classes[:, :height, :width].gather(0, ids[None])[0])
        for logits in judged:
            fake = F.interpolate(logits.float().softmax(dim=1)[:, :1], wide.shape[:2], mode="bilinear")[0, 0]
            realism.append(1 - fake[:height, :width])
        shown = torch.stack(fidelity).mean(dim=0)
        if self.card.ignore_id is not None:
            shown[ids == self.card.ignore_id] = 1
        return Inspection(torch.stack(realism).mean(dim=0).cpu().numpy(), shown.cpu().numpy())

    def _examine(self, picture: np.ndarray, network: Callable[[Tensor], list[Tensor]] | None) -> list[Tensor]:
        """A discriminator's logits of uint8 [H, W, 3], [1, N + 1, h, w] of each head. Raises ValueError."""
        if network is None:
            raise ValueError(f"The model {self.card.id!r} cannot segment: {NO_SEGMENTER}")
        image = torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].to(self.device).float() / 127.5 - 1
        return network(image.contiguous(memory_format=torch.channels_last))


class Canvas:
    """One picture that is being edited: it keeps what the next edit can use, some tens of megabytes at 256x256."""

    def __init__(self, canvas: AnyCanvas, classes: int, z_dim: int) -> None:
        self._canvas = canvas
        self._classes = classes
        self._z_dim = z_dim

    @property
    def nbytes(self) -> int:
        """Bytes that are held for the next edit."""
        return self._canvas.nbytes

    @torch.inference_mode()
    def paint(self, labels: np.ndarray, noise: NoiseSpec, regions: np.ndarray | None = None) -> np.ndarray:
        """A picture of a label map. The same input gives the same bytes on one machine, whatever was painted before.

        Args:
            labels: class ids [H, W], sides multiples of `card.stride`. Size, labels and noise may change from call to
                call.
            noise: of the picture; a model without noise paints the same for every seed.
            regions: uint8 [H, W] of region ids, needed if `noise` has regions.

        Returns:
            uint8 [H, W, 3].

        Raises:
            NoiseError: if noise and regions do not belong together, or if the noise has regions and the model has one
                style for the whole picture.
            ValueError: for ids or sizes that do not fit.
        """
        if labels.ndim != 2 or labels.min() < 0 or labels.max() >= self._classes:
            raise ValueError(f"A label map must be [H, W] with class ids from 0 to {self._classes - 1}.")
        rows = noise.rows(regions, (labels.shape[0], labels.shape[1]))  # [H, W]
        vectors = torch.from_numpy(noise.vectors(self._z_dim))
        with self._canvas.threads():
            ids = torch.from_numpy(labels.astype(np.int64))
            owners = torch.from_numpy(rows)
            found = find_regions(ids, vectors, owners, self._classes)
            planes = Planes(owners, *map(torch.from_numpy, noise.mixes()))
            return to_pixels(self._canvas.paint(replace(found, planes=planes)))


def load_model(path: Path, device: str | torch.device = "cpu") -> Model:
    """Read, verify and build the model in `path`, ready for inference. Raises ModelError."""
    card, generator, segmenter = load_networks(path, device)
    partner = load_partner(path)[1]
    model = Model(card, generator, segmenter, None if partner is None else place(partner, device))
    trim()  # engines have weights of their own
    return model


def class_probabilities(logits: Tensor, ignore_id: int | None, size: tuple[int, int]) -> Tensor:
    """Discriminator logits [B, N + 1, h, w] -> probabilities of the N classes [B, N, H, W], ignored class 0."""
    real = logits[:, 1:].float()  # without the channel of "fake"
    if ignore_id is not None:
        real = real.index_fill(1, torch.tensor(ignore_id, device=real.device), -torch.inf)
    # Interpolating -inf gives NaN, so probabilities are resized, not logits.
    return F.interpolate(real.softmax(dim=1), size=size, mode="bilinear", align_corners=False)


def pad_to_stride(picture: np.ndarray, stride: int) -> np.ndarray:
    """A picture uint8 [H, W, 3] with its edges repeated up to multiples of the stride: what is seen keeps its scale."""
    height, width = picture.shape[:2]
    return np.pad(picture, ((0, -height % stride), (0, -width % stride), (0, 0)), mode="edge")


def to_pixels(image: Tensor) -> np.ndarray:
    """[3, H, W] in [-1, 1] -> uint8 [H, W, 3]."""
    return ((image.clamp(-1, 1) + 1) * 127.5).round().byte().permute(1, 2, 0).contiguous().cpu().numpy()
