"""``python -m benchmarks.ordinary_page DEVICE FOLDER``: the page of tutorials and Spaces, over a folder of checkpoints.

What they have in common: every model is loaded before the page opens; one float32 operation of PyTorch's own layers
after another, under ``no_grad``; a grid by torchvision, a ``gr.Image`` in its default format, the default queue, and
nothing kept of what was drawn. Latents and truncation are the zoo's, so that the same seeds draw the same pictures.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from PIL import Image
from torchvision.transforms.functional import to_pil_image
from torchvision.utils import make_grid

from benchmarks.layers import with_plain_layers
from ganzoo.checkpoints import find_checkpoints, read_checkpoint
from ganzoo.generator import Generator
from ganzoo.latents import latents

if TYPE_CHECKING:  # whoever measures training does without gradio
    import gradio as gr


def draw(generator: Generator, device: torch.device, seed: int, count: int, truncation: float) -> Image.Image:
    """A grid in RGB, 8 tiles a row, with one black pixel around every tile."""
    z = latents(range(seed, seed + count), generator.z_dim).to(device)
    with torch.no_grad():
        mean = generator.mean_ws()
        images = generator.synthesis(mean + truncation * (generator.mapping(z) - mean))
    sheet = make_grid(images.cpu(), nrow=8, padding=1, normalize=True, value_range=(-1, 1))
    picture: Image.Image = to_pil_image(sheet)
    return picture


def drawn_by(folder: Path, device: torch.device) -> dict[str, Generator]:
    """The models that such a page can draw by, by name: those that turn a latent into a picture, and nothing else."""
    checkpoints = [read_checkpoint(place) for place in find_checkpoints([folder])]
    generators = {it.name: it.load_generator(device.type) for it in checkpoints if not it.directions}
    return {name: generator for name, generator in generators.items() if not generator.num_classes}


def build(folder: Path, device: torch.device) -> "gr.Blocks":
    import gradio as gr

    generators = drawn_by(folder, device)
    for generator in generators.values():
        with_plain_layers(generator)

    def generate(model: str, seed: int, count: int, truncation: float) -> Image.Image:
        return draw(generators[model], device, seed, count, truncation)

    demo: gr.Blocks
    with gr.Blocks() as demo:
        model = gr.Dropdown(list(generators), label="Model")
        seed = gr.Number(0, label="Seed", precision=0)
        count = gr.Slider(1, 256, 64, step=1, label="Pictures")
        truncation = gr.Slider(0.0, 1.5, 1.0, step=0.05, label="Truncation")
        button = gr.Button("Generate")
        picture = gr.Image(elem_id="picture")
        inputs = [model, seed, count, truncation]
        button.click(generate, inputs, picture, api_name="sample")
        truncation.change(generate, inputs, picture)
        demo.load(generate, inputs, picture)
    return demo


if __name__ == "__main__":
    device_name, folder = sys.argv[1:]
    build(Path(folder), torch.device(device_name)).launch()
