"""What programs may call, for good so named: the public methods of ``Endpoints``."""

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from inspect import cleandoc, signature
from pathlib import Path
from threading import Lock
from typing import Any

import gradio as gr

from ganzoo.checkpoints.film import FILM_FILE
from ganzoo.files import written_whole
from ganzoo.hub.place import parse_place
from ganzoo.inference.animation import MAKERS, webp
from ganzoo.inference.batching import WAITING
from ganzoo.inference.pictures import grid, png
from ganzoo.inference.pictures import picture as as_picture
from ganzoo.ui import duel, validation
from ganzoo.ui.catalogues import Catalogues
from ganzoo.ui.copies import compare, row, whole
from ganzoo.ui.critic import MOST
from ganzoo.ui.drawing import Studio
from ganzoo.ui.explorer import TILES, Explorer
from ganzoo.ui.judges import criticised
from ganzoo.ui.meter import read
from ganzoo.ui.models import AT_ONCE, Model
from ganzoo.ui.painter import Painter, told
from ganzoo.ui.pictures import png_url
from ganzoo.ui.validation import RequestError, shown, text
from ganzoo.ui.wiring import UNCHECKED, in_one_sentence

TOGETHER = {**UNCHECKED, "concurrency_id": "programs", "concurrency_limit": WAITING // 2}
OPENING = {**UNCHECKED, "concurrency_id": "opening", "concurrency_limit": AT_ONCE}


class Endpoints:
    """An endpoint each; its arguments are checked here, for what comes through the network has passed no widget."""

    def __init__(self, studio: Studio, catalogues: Catalogues, folder: Path) -> None:
        self._studio, self._catalogues, self._folder, self._writing = studio, catalogues, folder, Lock()
        self._explorer, self._painter = Explorer(studio), Painter(studio)

    def models(self) -> list[dict[str, Any]]:
        """The models there are: id, parameters (of the generator), image_shape (channels, height, width), abilities,
        dataset, classes (their names, by number); of those that translate also directions, by name: the image_shape
        that is taken, and the one that is given.
        """
        return [facts(model) for model in self._studio.models]

    def open(self, repo: Any, revision: Any = "") -> dict[str, Any]:
        """A model on the Hub, OWNER/NAME, as ``/models`` tells of others; its id is good for all that theirs are.

        The revision is a branch, a tag or a commit, main where not given. /models goes on to list the page's own only.
        """
        name = text(repo, "The repository")
        return facts(
            self._studio.models.open(parse_place(f"{name}@{text(revision, 'The revision')}" if revision else name))
        )

    def sample(self, model: Any, seed: Any, count: Any = 64, truncation: Any = 1.0) -> str:
        """A grid of images, the i-th of seed + i, as PNG.

        Tiles are unscaled, in rows of the least number that makes the grid no higher than wide, with one pixel of grey
        (128) between them and none around.
        """
        return self._file(png(grid(self._studio.samples(model, seed, count, truncation).pixels)), "sample.png")

    def sample_class(
        self,
        model: Any,
        seed: Any,
        count: Any,
        class_a: Any,
        class_b: Any = None,
        mix: Any = 0.0,
        truncation: Any = 1.0,
    ) -> str:
        """A grid as ``/sample`` draws it, of one class, or as far from it to another as mix says, from 0 to 1.

        For models that have classes; a class is its number in the list that ``/models`` gives.
        """
        samples = self._studio.samples(model, seed, count, truncation, class_a, class_b, mix)
        return self._file(png(grid(samples.pixels)), "sample_class.png")

    def interpolate(self, model: Any, seed_a: Any, seed_b: Any, steps: Any = 24, method: Any = "slerp") -> str:
        """The images on the way from one seed's latent to the other's, as a lossless animated WebP."""
        a, b = (validation.seed_range(seed, 1).start for seed in (seed_a, seed_b))
        return self._file(webp(self._studio.walk(model, a, b, steps, method).pixels), "interpolate.webp")

    def video(
        self,
        model: Any,
        seed: Any,
        stops: Any = 6,
        seconds: Any = 8,
        frames_per_second: Any = 24,
        space: Any = "z",
        kind: Any = "mp4",
    ) -> str:
        """A film that leads at constant speed through the images of so many seeds, from seed on, and loops.

        The space is z (along the sphere of latents) or w (straight from style to style), the kind mp4, webp or gif.
        """
        form = validation.kind(kind)
        tour = self._studio.tour(model, seed, stops, seconds, frames_per_second, space)
        try:
            return self._file(MAKERS[form](tour.pixels, tour.frames_per_second), f"video.{form}")
        except ImportError:
            raise RequestError("This page makes no MP4, for imageio-ffmpeg is not installed: ask for webp.") from None

    def mix(
        self,
        model: Any,
        row_seed: Any,
        column_seed: Any,
        count: Any = 6,
        part: Any = "coarse",
        truncation: Any = 1.0,
    ) -> str:
        """For models that mix styles: so many seeds, each with a part of the styles of as many others, as PNG.

        The part is coarse, middle or fine. The i-th row is of row_seed + i, the j-th column takes from column_seed + j.
        Left of and above the mixed images are the seeds' own, and in the corner is the mean style. Tiles are as those
        of ``/sample``.
        """
        mixture = self._studio.mixture(model, row_seed, column_seed, count, part, truncation)
        return self._file(png(grid(mixture.pixels, across=len(mixture.columns) + 1)), "mix.png")

    def compare(self, models: Any, seed: Any, count: Any = 16, truncation: Any = 1.0) -> list[tuple[str, str]]:
        """For each model a grid of the same seeds, as ``/sample`` draws it, with its id as caption."""
        drawn = self._studio.comparison(models, seed, count, truncation)
        return [
            (self._file(png(grid(samples.pixels)), f"{samples.model.file_name}.png"), samples.model.id)
            for samples in drawn
        ]

    def duel(self, models: Any, seed: Any, count: Any = 16) -> tuple[list[tuple[str, str]], dict[str, str]]:
        """Two of the models, which the seed decides, over the same seeds: a grid each, captioned left and right, and
        then whose they are, for you to tell when somebody has chosen.

        The models are a list of ids, or the name of a data set, which stands for all that draw such pictures.
        """
        among = self._among(models)
        found = duel.hold(self._studio, among, seed, count)
        sides = {"left": found.left, "right": found.right}
        grids = [(self._file(png(grid(samples.pixels)), f"{side}.png"), side) for side, samples in sides.items()]
        return grids, {side: samples.model.id for side, samples in sides.items()}

    def film(self, model: Any) -> tuple[str, dict[str, Any]]:
        """How a model learned, as a lossless animated WebP, and beside it the steps after which each frame was drawn.

        A frame has so many rows, of as many tiles without gaps, of the seeds or, of a translator, of the directions.
        """
        chosen = self._studio.models[model]
        found = self._studio.models.film(chosen)
        if found is None:
            raise RequestError(f"{shown(chosen.id)} came without a film.")
        index = {"steps": found.steps, "rows": found.rows, "seeds": found.seeds, "directions": found.directions}
        return self._file(webp(found.frames), FILM_FILE), {key: value for key, value in index.items() if value}

    def translate(self, model: Any, picture: Any, direction: Any = "") -> str:
        """A picture in one of a model's directions, which may be left out where there is one only, as PNG, unscaled.

        The picture is sent as text: a PNG, JPEG or WebP file in base64, alone or in an address (data:…;base64,…). Its
        short side is scaled and its centre cut out; one of just the size that the model takes stays as it is.
        """
        translation = self._studio.translation(model, direction, picture)
        return self._file(png(as_picture(translation.pixels)), "translate.png")

    def judge(self, model: Any, seed: Any, count: Any = 64, truncation: Any = 1.0) -> dict[str, Any]:
        """What a model's own discriminator says of the images that ``/sample`` draws: values, in their order.

        High means real. Each is the probability that the image is real where probability is true, and a critic's score
        otherwise, which means something beside other scores of the same critic only.
        """
        samples = self._studio.samples(model, seed, count, truncation)
        judgement = self._studio.judgement(samples.model, samples.pictures, samples.classes)
        if judgement is None:
            raise RequestError(f"{shown(samples.model.id)} came without its discriminator, so nothing judges here.")
        return {"probability": judgement.probable, "values": judgement.values.tolist()}

    def directions(self, model: Any, kind: Any = "pca", count: Any = 6, seed: Any = 0) -> list[dict[str, Any]]:
        """The directions of a model's latents that change its pictures most: direction (a unit vector), spread (one
        step: the standard deviation of latents along it), change (of the mean pixel in one step, as a share of the way
        from black to white), class (what lies there, where that is known), strip (a PNG in an address: seven pictures,
        the middle one of the seed, from four steps back to four steps on).

        The kind is pca, sefa (of the first layer's weights) or class: one direction for each class, in their order. Of
        a style-based model they are directions of w, of others of z.
        """
        strips = self._explorer.strips(model, seed, kind, count)
        known, classes = strips.known.directions, strips.known.classes
        return [
            {
                "direction": vector.tolist(),
                "spread": known.spread[i].item(),
                "change": known.change[i].item(),
                "class": classes[i] if classes else None,
                "strip": png_url(grid(strips.pixels[i], across=TILES)),
            }
            for i, vector in enumerate(known.vectors)
        ]

    def project(self, model: Any, picture: Any, steps: Any = 100) -> dict[str, Any]:
        """The latent whose picture comes nearest to a given one, sent as for ``/translate``: z, class (its number,
        where the model knows any), error_before and error (the root mean square by which pixels differ, as a share of
        the way from black to white, at the best of 128 seeds and after so many steps), picture (a PNG in an address).
        """
        begun = self._painter.begin(model, picture)
        found = self._painter.go_on(model, picture, told(begun.place), steps)
        return {
            "z": found.place.z.tolist(),
            "class": found.place.y,
            "error_before": begun.error,
            "error": found.error,
            "picture": png_url(as_picture(found.pixels)),
        }

    def critic(self, model: Any, seed: Any, count: Any = 64, critic: Any = "") -> tuple[dict[str, Any], str]:
        """What a critic says of the images that ``/sample`` draws, and a heat map of the first as PNG, unscaled.

        The critic is the model's own discriminator, or that of another model of images of the same shape. Values,
        probability and critic are as ``/judge`` has them; order has the places of the values, most real first. The heat
        map is |∂ logit / ∂ pixel|, 255 where that is largest. At most 64 images.
        """
        number = validation.whole_number(count, "The number of pictures", 1, MOST)
        found = criticised(self._studio, self._studio.samples(model, seed, number, 1.0), critic)
        return found.plain(), self._file(png(as_picture(found.heat[0])), "critic.png")

    def collapse(self, model: Any, seed: Any, count: Any = 512) -> dict[str, Any]:
        """Whether a model draws few things again and again, told by so many samples, from 100 to 512, from seed on.

        The verdict is one sentence, collapsed whether it has. Histogram counts the samples by the classes that the data
        set's classifier sees, and data has the shares that real images have; missing counts the classes hardly drawn.
        Duplicates is the share of samples with a twin, coverage the share of real images of the test split with a
        sample nearby, confident that of which the classifier is sure, twins how many equal another to the pixel. Of a
        model that learnt from no published set only verdict and twins are known.
        """
        return read(self._studio, model, seed, count).plain()

    def nearest(self, model: Any, seed: Any) -> tuple[dict[str, Any], str]:
        """The five training images that a sample resembles most, and these side by side as PNG, the nearest first.

        Indices, labels and distances, between the classifier's features, are of these images; percentile says how many
        of 100 real images that no model learnt from are nearer to a training image than the sample is. The first call
        of a data set reads its training images, which may take a minute or more.
        """
        known = self._studio.models.asked(model, "sample")
        self._studio.samples(model, seed, 1, 1.0)  # what cannot be drawn need not wait for training images
        found = compare(self._studio, whole(self._catalogues, known), model, seed)
        return found.plain(), self._file(row(found), "nearest.png")

    def scores(self, model: Any) -> list[dict[str, Any]]:
        """What was measured of a model: metric, value, real (what real images have), passport (how it was measured)."""
        found = self._studio.models.scores(self._studio.models[model])
        return [score.model_dump(mode="json", exclude_defaults=True) for score in found]

    def _among(self, models: Any) -> Sequence[str]:
        if not isinstance(models, str):
            return validation.names(models)
        sets = duel.contestants(self._studio.models)
        if models not in sets:
            raise RequestError(f"No two models here draw pictures of {shown(models)}: /models tells their data sets.")
        return sets[models]

    def _file(self, data: bytes, name: str) -> str:
        """Where gradio serves it from: a place named by what is in it, so that the same is kept once.

        It takes that place whole: others who asked for the same may be reading there.
        """
        place = self._folder / sha256(data).hexdigest() / name
        with self._writing, written_whole(place) as partial:
            partial.write_bytes(data)
        return str(place)


def add(studio: Studio, catalogues: Catalogues) -> None:
    """Add the endpoints to the ``gr.Blocks`` that is being built."""
    with gr.Row(visible=False):
        ask = gr.Button()
        picture, animation = gr.Image(format="png"), gr.Image(type="filepath", format="webp")
        answers: dict[str, tuple[Any, dict[str, Any]]] = {
            "models": (gr.JSON(), {"queue": False, **UNCHECKED}),
            "open": (gr.JSON(), OPENING),
            "sample": (picture, TOGETHER),
            "sample_class": (picture, TOGETHER),
            "interpolate": (animation, TOGETHER),
            "video": (gr.File(), TOGETHER),
            "mix": (picture, TOGETHER),
            "compare": (gr.Gallery(format="png"), TOGETHER),
            "film": ([animation, gr.JSON()], TOGETHER),
            "duel": ([gr.Gallery(format="png"), gr.JSON()], TOGETHER),
            "translate": (picture, TOGETHER),
            "judge": (gr.JSON(), TOGETHER),
            "directions": (gr.JSON(), TOGETHER),
            "project": (gr.JSON(), TOGETHER),
            "critic": ([gr.JSON(), picture], TOGETHER),
            "collapse": (gr.JSON(), TOGETHER),
            "nearest": ([gr.JSON(), picture], TOGETHER),
            "scores": (gr.JSON(), TOGETHER),
        }
        endpoints = Endpoints(studio, catalogues, Path(picture.GRADIO_CACHE))
        fields: dict[tuple[str, Any], gr.components.Component] = {}  # gradio tells a field's value as the default
        for name, (answer, settings) in answers.items():
            function = getattr(endpoints, name)
            asked = defaults(function)
            for argument, default in asked.items():
                if (argument, default) not in fields:
                    fields[argument, default] = ARGUMENTS[argument][0](default, label=argument)
            inputs = [fields[one] for one in asked.items()]
            ask.click(described(in_one_sentence(function)), inputs, answer, api_name=name, **settings)


def defaults(function: Callable[..., Any]) -> dict[str, Any]:
    """Of each argument, None where it has none."""
    return {
        argument: None if parameter.default is parameter.empty else parameter.default
        for argument, parameter in signature(function).parameters.items()
    }


def described(function: Callable[..., Any]) -> Callable[..., Any]:
    """Has the function say what its arguments are where gradio looks for that."""
    arguments = (f"{argument}: {ARGUMENTS[argument][1]}" for argument in defaults(function))
    function.__doc__ = "\n".join([cleandoc(function.__doc__ or ""), "Args:", *arguments])
    return function


def _names(value: None, label: str) -> gr.JSON:
    """Takes texts. A component of gradio that does would have us list all."""
    field = gr.JSON(value, label=label)
    texts = {"anyOf": [{"type": "array", "items": {"type": "string"}}, {"type": "string"}]}
    field.api_info = lambda: texts  # type: ignore[method-assign]
    return field


ARGUMENTS: Mapping[str, tuple[Callable[..., gr.components.Component], str]] = {
    "class_a": (gr.Number, "a class, by its number in the list that /models gives"),
    "class_b": (gr.Number, "the class to go towards, by its number"),
    "column_seed": (gr.Number, "seed of the first column, from 0 to 4294967295"),
    "count": (gr.Number, "how many"),
    "critic": (gr.Textbox, "the model whose discriminator judges, an id from /models; the model's own if empty"),
    "direction": (gr.Textbox, "one of the model's directions; may be empty where there is one only"),
    "frames_per_second": (gr.Number, "from 1 to 30"),
    "kind": (gr.Textbox, "one of those that the description names"),
    "method": (gr.Textbox, "slerp, along the sphere, or lerp, straight"),
    "mix": (gr.Number, "how far towards class_b, from 0 to 1"),
    "model": (gr.Textbox, "an id from /models, or OWNER/NAME of a model on the Hub"),
    "models": (_names, "a list of ids from /models, or a name that the description allows"),
    "part": (gr.Textbox, "coarse, middle or fine"),
    "picture": (gr.Textbox, "a PNG, JPEG or WebP file in base64"),
    "repo": (gr.Textbox, "OWNER/NAME of a model on the Hub"),
    "revision": (gr.Textbox, "a branch, a tag or a commit; main if empty"),
    "row_seed": (gr.Number, "seed of the first row, from 0 to 4294967295"),
    "seconds": (gr.Number, "how long, from 1 to 20"),
    "seed": (gr.Number, "a whole number from 0 to 4294967295, which stands for one latent"),
    "seed_a": (gr.Number, "where it begins, from 0 to 4294967295"),
    "seed_b": (gr.Number, "where it ends, from 0 to 4294967295"),
    "space": (gr.Textbox, "z or w"),
    "steps": (gr.Number, "how many"),
    "stops": (gr.Number, "how many seeds, from 2 to 16"),
    "truncation": (gr.Number, "how far from the mean style, from 0 to 1.5; 1 leaves latents as they are"),
}
"""What each is told as, and how it is described; ``validation`` looks at it in any case."""


def facts(model: Model) -> dict[str, Any]:
    """What programs are told of a model."""
    return {
        "id": model.id,
        "parameters": model.checkpoint.parameters,
        "image_shape": list(model.image_shape),
        "abilities": model.abilities,
        "dataset": model.dataset,
        "classes": list(model.classes),
        **({"directions": directions} if (directions := dict(model.directions)) else {}),
    }
