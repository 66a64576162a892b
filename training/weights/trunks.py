"""The convolutions of AlexNet (Krizhevsky 2014) and VGG (Simonyan & Zisserman 2015, tables 1 D and E) as frozen
feature extractors, with the layer numbers of PyTorch's `features`."""

from collections.abc import Mapping, Sequence

from torch import Tensor, nn, tensor

# Of ImageNet's photos in [0, 1].
MEAN, DEVIATION = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)

# Channels of the 3x3 convolutions before each pooling.
VGG16_BLOCKS = ((64, 64), (128, 128), (256,) * 3, (512,) * 3, (512,) * 3)
VGG19_BLOCKS = ((64, 64), (128, 128), (256,) * 4, (512,) * 4, (512,) * 4)


class Trunk(nn.Module):
    """images [B, 3, H, W] in [-1, 1] -> the outputs of the layers numbered `taps`, [B, C, h, w] each.

    Frozen: gradients flow to the images only.
    """

    shift: Tensor
    scale: Tensor

    def __init__(self, layers: list[nn.Module], taps: tuple[int, ...]) -> None:
        super().__init__()
        self.features = nn.Sequential(*layers[: taps[-1] + 1])
        self.taps = taps
        # Normalization of [0, 1], written for [-1, 1].
        self.register_buffer("shift", tensor([2 * mean - 1 for mean in MEAN]).view(3, 1, 1), persistent=False)
        self.register_buffer("scale", tensor([2 * std for std in DEVIATION]).view(3, 1, 1), persistent=False)
        self.requires_grad_(False).eval()

    def forward(self, images: Tensor) -> list[Tensor]:
        x = (images - self.shift) / self.scale
        outputs = []
        for i, layer in enumerate(self.features):
            x = layer(x)
            if i in self.taps:
                outputs.append(x)
        return outputs

    def load_convolutions(self, state: Mapping[str, Tensor]) -> None:
        """Take the convolutions from a state dict that may hold more layers than this trunk."""
        own = self.state_dict()
        self.load_state_dict({name: state[name] for name in own})


def alexnet(taps: tuple[int, ...]) -> Trunk:
    """AlexNet in one tower; rectified at 1, 4, 7, 9, 11."""
    layers = [nn.Conv2d(3, 64, 11, 4, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)]
    layers += [nn.Conv2d(64, 192, 5, 1, 2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2)]
    for narrow, wide in ((192, 384), (384, 256), (256, 256)):
        layers += [nn.Conv2d(narrow, wide, 3, 1, 1), nn.ReLU(inplace=True)]
    return Trunk(layers, taps)


def vgg(blocks: Sequence[Sequence[int]], taps: tuple[int, ...]) -> Trunk:
    """A VGG without batch norm; each convolution is rectified by the layer after it."""
    layers: list[nn.Module] = []
    channels = 3
    for block in blocks:
        for width in block:
            layers += [nn.Conv2d(channels, width, 3, 1, 1), nn.ReLU(inplace=True)]
            channels = width
        layers.append(nn.MaxPool2d(2))
    return Trunk(layers, taps)
