"""The model card: a checkpoint's README, made from what is known of it: its configuration and its scores."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import dedent

import yaml
from pydantic import JsonValue, ValidationError

from ganzoo.checkpoints.config import CheckpointConfig, clipped, printable
from ganzoo.checkpoints.scores import MAX_PASSPORT, Score
from ganzoo.generator import Generator, Network, Translator, parameter_count
from ganzoo.recipe import Recipe
from ganzoo.zoo import RECIPES

HUB_DATASETS = {
    "mnist": "ylecun/mnist",
    "fashion-mnist": "zalando-datasets/fashion_mnist",
    "cifar10": "uoft-cs/cifar10",
}
"""What the Hub calls the data sets that it has."""

OWN = {
    "folder": "A folder of pictures of one's own.",
    "unpaired": "Two folders of pictures of one's own, of two kinds, none of which has its counterpart in the other.",
}
"""What is said of sets that nobody else has."""
LICENCE = "apache-2.0"
"""The Hub's name for the licence of a model whose owner has chosen no other."""
TASKS = {"generator": "unconditional-image-generation", "translator": "image-to-image"}
"""By the model's role, what the Hub calls what it does."""
CARD_FILE = "README.md"
SAMPLES_FILE = "samples.png"
LOSSES_FILE = "losses.png"


@dataclass(frozen=True)
class Publication:
    """Where on the Hub a card stands, beside a picture of samples."""

    repo: str
    """OWNER/NAME."""
    revision: str | None
    """The branch; None for the main one."""
    thumbnail: str | None
    """The absolute address of the samples; None where there are none."""
    losses: bool
    """Whether a picture of the loss curves stands there too."""


def card(
    config: CheckpointConfig,
    *,
    name: str,
    networks: Mapping[str, Network],
    scores: Sequence[Score] = (),
    licence: str = LICENCE,
    publication: Publication | None = None,
) -> str:
    """Markdown with YAML front matter, as the Hub shows it.

    ``name`` is the checkpoint's; ``networks`` are its own, by role, perhaps without memory for weights. Besides the
    facts that every checkpoint has, ``training`` may give ``data_licence`` (a text), ``data_set_size`` (images) and
    ``command`` (what reproduces the run). Nothing in ``config`` and ``scores`` can add markup of its own.
    """
    recipe = RECIPES.get(str(config.recipe.get("variant")))
    model = networks[config.networks.role]
    sections = [
        _front_matter(config, name, scores, licence, publication),
        f"# {plain(name)}",
        *([f"![{SAMPLES[config.networks.role]}]({SAMPLES_FILE})"] if publication and publication.thumbnail else []),
        _introduction(config, recipe, model),
        "## Start with it\n\n" + _start(name, model, publication),
        "## Data\n\n" + _data(config),
        "## Training\n\n" + _training(config, recipe),
        *([f"![The loss of each player along the run]({LOSSES_FILE})"] if publication and publication.losses else []),
        *(["## Scores\n\n" + _scores(scores)] if scores else []),
        "## Hyper-parameters\n\n" + _hyper_parameters(config, recipe),
        "## Networks\n\n" + _networks(config, networks),
        "## Limits\n\n" + LIMITS[config.networks.role],
    ]
    return "\n\n".join(sections) + "\n"


SAMPLES = {"generator": "Samples of the seeds 0 to 63", "translator": "What it makes of pictures of its set"}
LIMITS = {
    "generator": (
        "It draws small pictures of the kind that it was trained on, and nothing else. It may leave out kinds of "
        "pictures altogether, draw some that are no good, and come close to pictures that it was trained on; what is "
        "one-sided in the data is one-sided in what it draws. It is meant for learning how GANs behave, not for making "
        "decisions about people or things."
    ),
    "translator": (
        "It knows small pictures of the kind that it was trained on, and makes something like them of all others too. "
        "What it adds to a picture is likely, not known: it must not be taken for what was there. What is one-sided in "
        "the data is one-sided in what it makes of them. It is meant for learning how GANs behave, not for making "
        "decisions about people or things."
    ),
}


def plain(value: object, length: int = 300) -> str:
    """``value`` as one line of Markdown that shows its characters and does nothing else."""
    text = clipped(_line(value), length)
    return re.sub(r"([\\`*_{}\[\]<>()#!|~&$])", r"\\\1", text).replace("://", ":\\//")


def _line(value: object) -> str:
    return printable(" ".join(str(value).split()))


def _front_matter(
    config: CheckpointConfig, name: str, scores: Sequence[Score], licence: str, publication: Publication | None
) -> str:
    variant, dataset = config.recipe.get("variant"), clipped(config.dataset, 60)
    facts: dict[str, object] = {
        "license": licence,
        "library_name": "ganzoo",
        "pipeline_tag": TASKS[config.networks.role],
        "tags": ["gan", "ganzoo", *([clipped(variant, 60)] if isinstance(variant, str) and variant != "gan" else [])],
    }
    if dataset in HUB_DATASETS:
        facts["datasets"] = [HUB_DATASETS[dataset]]
    if publication and publication.thumbnail:
        facts["thumbnail"] = publication.thumbnail
    if scores:
        facts["metrics"] = list(dict.fromkeys(score.metric for score in scores))
        measured = {
            "task": {"type": TASKS[config.networks.role]},
            "dataset": {"name": dataset, "type": HUB_DATASETS.get(dataset, dataset)},
            "metrics": [{"type": score.metric, "value": score.value, "args": score.how} for score in scores],
        }
        facts["model-index"] = [{"name": clipped(name, 100), "results": [measured]}]
    return f"---\n{yaml.safe_dump(facts, sort_keys=False)}---"


def _introduction(config: CheckpointConfig, recipe: type[Recipe] | None, model: Network) -> str:
    title = recipe.title if recipe else plain(config.recipe.get("variant", "GAN"))
    if isinstance(model, Translator):
        ways = (f"{plain(way)} ({_size(taken)} to {_size(given)})" for way, (taken, given) in model.directions.items())
        skill = f"turns pictures into pictures, {' and '.join(ways)}"
    else:
        shape = config.networks.model.config.get("image_shape")
        size = f"{_size(shape)}-pixel" if isinstance(shape, list) and len(shape) == 3 else "small"
        skill = f"draws {size} pictures from random numbers"
    lines = [
        f"A generative adversarial network, {title}, that {skill}. "
        "Made with ganzoo, a zoo of GANs that anyone can open in a browser."
    ]
    if recipe:
        lines.append(f"Described in: {recipe.paper}.")
    if config.exhibit:
        lines.append(f"It is kept as an exhibit: {plain(config.exhibit)}.")
    if recipe and recipe.story:
        lines.append(recipe.story)
    return "\n\n".join(lines)


def _size(shape: Sequence[object]) -> str:
    """Width and height of channels, height and width, for people."""
    return f"{plain(shape[2])}×{plain(shape[1])}"


def _start(name: str, model: Network, publication: Publication | None) -> str:
    source = f"{clipped(name, 100)!r})  # this folder"
    if publication:
        revision = f", revision={publication.revision!r}" if publication.revision else ""
        source = f"{publication.repo!r}{revision})"
    call = "images = ganzoo.sample(model, seeds=range(64))  # float32 [64, C, H, W] in [-1, 1]"
    if isinstance(model, Translator):
        way, (taken, _) = next(iter(model.directions.items()))
        call = (
            f"images = ganzoo.translate(model, pictures, {way!r})  # of float32 [N, {str(list(taken))[1:]} in [-1, 1]"
        )
    code = dedent(
        f"""\
        ```python
        import ganzoo

        model = ganzoo.load({source}
        {call}
        """
    )
    if isinstance(model, Generator) and (number := model.num_classes):
        code += f"alike = ganzoo.sample(model, seeds=range(64), classes=0)  # of one class, from 0 to {number - 1}\n"
    code += "```"
    if publication:
        code += f"\n\nOr start ganzoo's page, and open `{publication.repo}` there by its id."
    return code


def _data(config: CheckpointConfig) -> str:
    dataset = config.dataset
    text = OWN.get(dataset, f"{plain(dataset)}.")
    if licence := config.training.get("data_licence"):
        text += f" Licence of the data: {plain(licence, 2000)}"
    return text


def _training(config: CheckpointConfig, recipe: type[Recipe] | None) -> str:
    training = config.training
    weights = {
        "averaged": "exponential moving average of the generator's weights",
        "raw": "the generator's weights themselves, not averaged",
    }.get(str(training.get("weights")))
    best, metric = training.get("best_step"), training.get("selected_by")
    facts = {
        "Steps": _count(training.get("steps")),
        "Images seen": _count(training.get("images")),
        "Time": _duration(training.get("seconds")),
        "Hardware": training.get("hardware"),
        "Computed": training.get("execution"),
        "Published weights": weights,
        "Chosen": f"step {best:,}, the best by {metric} along the run" if isinstance(best, int) and metric else None,
        "Seed": config.recipe.get("seed"),
    }
    versions = training.get("versions")
    if isinstance(versions, dict):
        facts["Software"] = ", ".join(f"{package} {version}" for package, version in versions.items())
    parts = [_table(("", ""), ((fact, value) for fact, value in facts.items() if value is not None))]
    if shortfall := _shortfall(config, recipe):
        parts.append(shortfall)
    if command := training.get("command"):
        line = clipped(_line(command), 2000)
        fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", line) or [""]))
        parts.append(f"The same run again:\n\n{fence}sh\n{line}\n{fence}")
    return "\n\n".join(parts)


def _shortfall(config: CheckpointConfig, recipe: type[Recipe] | None) -> str | None:
    """A sentence where the run was shorter than its description's."""
    steps, size = config.training.get("steps"), config.training.get("data_set_size")
    described = _described(config, recipe)
    if described is None or not isinstance(steps, int) or not (described.steps or isinstance(size, int)):
        return None
    whole = described.total_steps(size if isinstance(size, int) else 0)
    if steps >= whole:
        return None
    return f"This run is shorter than the recipe's own: {steps:,} steps instead of {whole:,}, so expect less of it."


def _scores(scores: Sequence[Score]) -> str:
    """A table, then what holds of all scores; each row keeps what is its own."""
    first, *others = (score.passport for score in scores)
    alike = (fact for fact in first if others and all(fact in it and it[fact] == first[fact] for it in others))
    common = {fact: first[fact] for fact in alike}
    rows = (
        (
            score.metric,
            score.measured,
            "" if score.real is None else f"{score.real:.4g}",
            _facts({fact: value for fact, value in score.passport.items() if fact not in common}),
        )
        for score in scores
    )
    parts = [_table(("Metric", "Value", "Real pictures have", "Measured"), rows, 2 * MAX_PASSPORT)]
    if common:
        parts.append(f"All of them: {plain(_facts(common), 2 * MAX_PASSPORT)}.")
    parts += [
        f"Samples of each class, by {plain(score.metric)}: {', '.join(f'{count:,}' for count in score.counts)}."
        for score in scores
        if score.counts
    ]
    parts.append("Scores compare only where they were measured alike.")
    return "\n\n".join(parts)


def _facts(passport: Mapping[str, JsonValue]) -> str:
    return "; ".join(
        f"{fact}: {_setting(value) if not isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)}"
        for fact, value in passport.items()
    )


def _hyper_parameters(config: CheckpointConfig, recipe: type[Recipe] | None) -> str:
    described = _described(config, recipe)
    own = described.model_dump(mode="json") if described else {}
    rows = []
    for field, value in config.recipe.items():
        if field in ("variant", "seed", "data"):
            continue
        changed = field in own and own[field] != value
        rows.append((field, _setting(value), _setting(own[field]) if changed else "the same" if field in own else ""))
    return _table(("Name", "Value", "The recipe's own"), rows)


def _described(config: CheckpointConfig, recipe: type[Recipe] | None) -> Recipe | None:
    """The recipe as its description has it, for the data and the networks of this run."""
    if recipe is None:
        return None
    try:
        return recipe.model_validate(
            {field: config.recipe[field] for field in recipe.decisive if field in config.recipe}
        )
    except ValidationError:
        return None


def _networks(config: CheckpointConfig, networks: Mapping[str, Network]) -> str:
    rows = (
        (role.capitalize(), getattr(config.networks, role).architecture, f"{parameter_count(network):,}")
        for role, network in networks.items()
    )
    return _table(("", "Architecture", "Parameters"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[object, ...]], length: int = 300) -> str:
    """``length`` is the most characters that a cell shows."""
    lines = [head, ("---",) * len(head), *(tuple(plain(cell, length) for cell in row) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _setting(value: JsonValue) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case float():
            return f"{value:g}"
        case _:
            return str(value)


def _count(value: JsonValue) -> str | None:
    return f"{value:,}" if isinstance(value, int) else None


def _duration(seconds: JsonValue) -> str | None:
    if not isinstance(seconds, int | float):
        return None
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60} min"
