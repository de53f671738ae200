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
        "Within some hundred steps all eight modes are found and kept: the penalty R1 keeps the discriminator’s slope "
        "gentle where real points lie, so that both players come to rest.",
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
        "The same game with its penalty: the critic’s slope stays between 1 and 2 instead of growing, and the modes "
        "are found, one after the other.",
    ),
    "In pairs": Preset(
        LabRecipe(toy="grid", loss="relativistic", constraint="R1 + R2"),
        "Twenty-five modes, judged in pairs of a real and a drawn point, with both penalties: the cloud covers "
        "the whole grid within some hundred steps, and gathers at the modes only after that.",
    ),
    "Pictures": Preset(
        LabRecipe(toy="garments", constraint="R1"),
        "The same two networks learn 256 garments of 8×8 pixels: grey blots become shirts, trousers and shoes, for to "
        "the players a picture is a point too, of 64 numbers.",
    ),
}
