"""What can be found about a dataset, and how each is mended."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kind:
    """Findings of one kind. `wrong`: training would stop or learn nonsense; otherwise it is only worth knowing."""

    title: str
    remedy: str
    wrong: bool = True


@dataclass(frozen=True)
class Finding:
    """One case: the file it was found in and what was seen there."""

    kind: Kind
    file: Path
    detail: str = ""


PHOTO_ALONE = Kind(
    "photos without a label map",
    "Add a label map of the same stem, or remove the photo. Label maps are PNGs: JPEG cannot hold class ids.",
)
UNREAD_FOLDER = Kind(
    "folders that are not read",
    "Only the files of images and labels themselves are read: move these pictures up, under names of their own.",
    wrong=False,
)
LABELS_ALONE = Kind("label maps without a photo", "Add the photo of the same stem, or remove the label map.")
UNREADABLE_PHOTO = Kind("unreadable photos", "Copy them again from where they came from, or remove the pairs.")
UNREADABLE_LABELS = Kind(
    "unusable label maps",
    "Save label maps as one-channel or palette PNGs of class ids, or as RGB PNGs in exactly the colors of "
    "classes.json, without smoothing.",
)
SIZES_DIFFER = Kind(
    "photos and label maps of different sizes",
    "Resize the label map to the photo by nearest neighbor. If the sides are swapped, the label map belongs to the "
    "photo as it is stored, but its EXIF orientation turns it: turn the label map, too.",
)
TOO_SMALL = Kind(
    "photos smaller than the training size",
    "Train at a smaller size, remove the pairs, or allow --upscale in training.",
)
ENLARGED = Kind(
    "photos that training enlarges",
    "They teach blurred details: remove the pairs if there are enough others.",
    wrong=False,
)
OUT_OF_RANGE = Kind(
    "label maps with ids that no class has",
    "Correct the label maps, or add the classes to classes.json.",
)
ONE_TOO_HIGH = Kind(
    "ids that look one too high",
    "Subtract 1 from all label maps, or put a class 0 'unlabeled' before the others and name it as ignore_id.",
)
USED_AS_IGNORED = Kind(
    "255 where nothing is labeled",
    "255 customarily means 'ignored', but here it is no class: add a class 'unlabeled', write its id instead of 255 "
    "and name it as ignore_id in classes.json.",
)
STRETCHED = Kind(
    "ids that were stretched to brightness",
    "The label maps were saved as pictures to look at. Divide the values by the step, or export class ids again.",
)
ALL_IGNORED = Kind("nothing but the ignored class", "No pixel teaches anything: correct ignore_id or the label maps.")
DEEP_PHOTO = Kind("photos of more than 8 bits", "They would be clipped to white: convert them to 8 bits a channel.")
TURNED = Kind(
    "photos with an EXIF orientation",
    "They are turned as viewers show them, and label maps must belong to the photos as shown.",
    wrong=False,
)
GRAY = Kind("gray photos", "They train the model to paint gray. Remove them if that is not wanted.", wrong=False)
CMYK = Kind(
    "CMYK photos",
    "They are converted by their color profile, or roughly without one: better convert them to RGB.",
    wrong=False,
)
TRANSPARENT = Kind(
    "photos with transparency",
    "They are laid on white: flatten them onto a background of your own if that is not wanted.",
    wrong=False,
)
NEVER = Kind(
    "classes that never occur",
    "The model cannot learn them: label some pictures, or drop the class and renumber.",
    wrong=False,
)
PERHAPS_IGNORED = Kind(
    "a class that sounds ignored",
    'If its pixels should teach nothing, write "ignore_id" in classes.json.',
    wrong=False,
)
MOSTLY_IGNORED = Kind(
    "mostly unlabeled pictures",
    "More than half of their pixels teach nothing: consider removing them.",
    wrong=False,
)
