"""Games that show something, each found by trying."""

from collections.abc import Mapping
from dataclasses import dataclass

from ganzoo.lab.recipe import LabRecipe


@dataclass(frozen=True)
class Preset:
    """A game, and one sentence on what one sees and why."""

    recipe: LabRecipe
    story: str


PRESETS: Mapping[str, Preset] = {
    "Converge": Preset(
        LabRecipe(constraint="R1"),
        "Within some hundred steps all eight modes are found, and the slope stays near 1 under the penalty R1: "
        "choose none, and the modes are found as well, but the slope grows past 5.",
    ),
    "Collapse": Preset(
        LabRecipe(lr_generator=1e-2, lr_discriminator=1e-3),
        "All points gather in one spot, which jumps about: the generator learns ten times as fast as the "
        "discriminator, and runs to whichever place that one believes in just now.",
    ),
    "Oscillate": Preset(
        LabRecipe(loss="wasserstein", lr_generator=5e-3, lr_discriminator=5e-3),
        "The points swing to and fro and never settle: nothing bounds the critic’s slope, which grows, and each time "
        "that it turns it throws the generator past the goal.",
    ),
    "Distance": Preset(
        LabRecipe(loss="wasserstein", constraint="gradient penalty", n_discriminator=3),
        "The Wasserstein game again, with its penalty, three critic updates a step and a slower generator: the "
        "slope stays between 1 and 2, and one mode after the other is found.",
    ),
    "In pairs": Preset(
        LabRecipe(toy="grid", loss="relativistic", constraint="R1 + R2"),
        "Twenty-five modes, judged in pairs of a real and a drawn point, with both penalties: the cloud covers "
        "most of the grid within some hundred steps, and is slow to gather at the modes.",
    ),
    "Pictures": Preset(
        LabRecipe(toy="digits", constraint="R1"),
        "The same two networks learn 1,792 handwritten digits of 8×8 pixels: grey blots become ones, threes and nines, "
        "for to the players a picture is a point too, of 64 numbers.",
    ),
}
