"""What programs may call, for good so named: ``/models``, ``/open``, ``/sample``, ``/interpolate``, ``/compare``,
``/translate``, ``/judge``, ``/scores``.
"""

from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import Any

import gradio as gr

from ganzoo.files import written_whole
from ganzoo.hub.place import parse_place
from ganzoo.inference.batching import WAITING
from ganzoo.inference.pictures import grid, png
from ganzoo.inference.pictures import picture as as_picture
from ganzoo.ui.drawing import Studio
from ganzoo.ui.models import AT_ONCE, Model
from ganzoo.ui.pictures import webp
from ganzoo.ui.validation import RequestError, shown, text
from ganzoo.ui.wiring import UNCHECKED, in_one_sentence


def add(studio: Studio) -> None:
    """Add the endpoints to the ``gr.Blocks`` that is being built."""

    def list_models() -> list[dict[str, Any]]:
        """The models there are: id, parameters (of the generator), image_shape (channels, height, width), abilities.

        Those that translate have directions too: for each by its name, the image_shape taken and the one given.
        """
        return [facts(model) for model in studio.models]

    @in_one_sentence
    def open_model(repo: Any, revision: Any = "") -> dict[str, Any]:
        """A model on the Hub, OWNER/NAME, as ``/models`` tells of others; its id is good for all that theirs are.

        The revision is a branch, a tag or a commit, main where not given. /models goes on to list the page's own only.
        """
        name = text(repo, "The repository")
        return facts(studio.models.open(parse_place(f"{name}@{text(revision, 'The revision')}" if revision else name)))

    @in_one_sentence
    def sample(model: Any, seed: Any, count: Any = 64, truncation: Any = 1.0) -> str:
        """A grid of images, the i-th of seed + i, as PNG.

        Tiles are unscaled, in rows of the least number that makes the grid no higher than wide, with one pixel of grey
        (128) between them and none around.
        """
        return file(png(grid(studio.samples(model, seed, count, truncation).pixels)), "sample.png")

    @in_one_sentence
    def interpolate(model: Any, seed_a: Any, seed_b: Any, steps: Any = 24, method: Any = "slerp") -> str:
        """The images on the way from one seed's latent to the other's, as a lossless animated WebP."""
        return file(webp(studio.walk(model, seed_a, seed_b, steps, method).pixels), "interpolate.webp")

    @in_one_sentence
    def compare(models: Any, seed: Any, count: Any = 16) -> list[tuple[str, str]]:
        """For each model a grid of the same seeds, as ``/sample`` draws it, with its id as caption."""
        drawn = studio.comparison(models, seed, count)
        return [
            (file(png(grid(samples.pixels)), f"{samples.model.file_name}.png"), samples.model.id) for samples in drawn
        ]

    @in_one_sentence
    def translate(model: Any, picture: Any, direction: Any = "") -> str:
        """A picture in one of a model's directions, which may be left out where there is one only, as PNG, unscaled.

        The picture is sent as text: a PNG, JPEG or WebP file in base64, alone or in an address (data:…;base64,…). Its
        short side is scaled and its centre cut out; one of just the size that the model takes stays as it is.
        """
        return file(png(as_picture(studio.translation(model, direction, picture).pixels)), "translate.png")

    @in_one_sentence
    def judge(model: Any, seed: Any, count: Any = 64, truncation: Any = 1.0) -> dict[str, Any]:
        """What a model's own discriminator says of the images that ``/sample`` draws: values, in their order.

        High means real. Each is the probability that the image is real where probability is true, and a critic's score
        otherwise, which means something beside other scores of the same critic only.
        """
        samples = studio.samples(model, seed, count, truncation)
        judgement = studio.judgement(samples.model, samples.pictures)
        if judgement is None:
            raise RequestError(f"{shown(samples.model.id)} came without its discriminator, so nothing judges here.")
        return {"probability": judgement.probable, "values": judgement.values.tolist()}

    @in_one_sentence
    def scores(model: Any) -> list[dict[str, Any]]:
        """What was measured of a model: metric, value, real (what real images have), passport (how it was measured)."""
        found = studio.models.scores(studio.models[model])
        return [score.model_dump(mode="json", exclude_defaults=True) for score in found]

    def file(data: bytes, name: str) -> str:
        """Where gradio serves it from: a place named by what is in it, so that the same is kept once.

        It takes that place whole: others who asked for the same may be reading there.
        """
        place = Path(picture.GRADIO_CACHE) / sha256(data).hexdigest() / name
        with writing, written_whole(place) as partial:
            partial.write_bytes(data)
        return str(place)

    writing = Lock()
    with gr.Row(visible=False):
        ask = gr.Button()
        listing, description, judgement, measured = (gr.JSON() for _ in range(4))
        repo, revision = gr.Textbox(label="repo"), gr.Textbox(label="revision")
        model, ids = gr.Textbox(label="model"), gr.CheckboxGroup(label="models")
        seed, seed_a, seed_b = (gr.Number(label=name) for name in ("seed", "seed_a", "seed_b"))
        count, steps, truncation = (gr.Number(label=name) for name in ("count", "steps", "truncation"))
        method, direction, sent = (gr.Textbox(label=name) for name in ("method", "direction", "picture"))
        picture, animation = gr.Image(format="png"), gr.Image(type="filepath", format="webp")
        gallery = gr.Gallery(format="png")
    settings = {**UNCHECKED, "concurrency_id": "programs", "concurrency_limit": WAITING // 2}
    ask.click(list_models, None, listing, api_name="models", queue=False)
    opening = {**UNCHECKED, "concurrency_id": "opening", "concurrency_limit": AT_ONCE}
    ask.click(open_model, [repo, revision], description, api_name="open", **opening)
    ask.click(sample, [model, seed, count, truncation], picture, api_name="sample", **settings)
    ask.click(interpolate, [model, seed_a, seed_b, steps, method], animation, api_name="interpolate", **settings)
    ask.click(compare, [ids, seed, count], gallery, api_name="compare", **settings)
    ask.click(translate, [model, sent, direction], picture, api_name="translate", **settings)
    ask.click(judge, [model, seed, count, truncation], judgement, api_name="judge", **settings)
    ask.click(scores, model, measured, api_name="scores", **settings)


def facts(model: Model) -> dict[str, Any]:
    """What programs are told of a model."""
    return {
        "id": model.id,
        "parameters": model.checkpoint.parameters,
        "image_shape": list(model.image_shape),
        "abilities": model.abilities,
        "dataset": model.dataset,
        **({"directions": directions} if (directions := dict(model.directions)) else {}),
    }
