"""Broken and hostile folders: each gives one sentence, and takes no memory to speak of."""

import json
import os
import re
import shutil
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.conftest import Judge

CONFIG, MODEL, OPPONENT = "config.json", "model.safetensors", "discriminator.safetensors"
Break = Callable[[Path], object]


def written(name: str, data: bytes | str) -> Break:
    return lambda folder: (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def edited(change: Callable[[Any], object]) -> Break:
    """``config.json`` after ``change`` of its tree."""

    def edit(folder: Path) -> None:
        tree = json.loads((folder / CONFIG).read_text())
        change(tree)
        (folder / CONFIG).write_text(json.dumps(tree))

    return edit


def put(path: str, value: object) -> Break:
    """``config.json`` with ``value`` at a dotted path."""

    def change(tree: Any) -> None:
        *way, last = path.split(".")
        for name in way:
            tree = tree[name]
        tree[last] = value

    return edited(change)


def told(architecture: str, num_classes: int) -> dict[str, Any]:
    """A network that knows classes, as ``config.json`` describes it."""
    return {"architecture": architecture, "config": {"image_shape": [1, 28, 28], "num_classes": num_classes}}


def without(path: str) -> Break:
    def change(tree: Any) -> None:
        *way, last = path.split(".")
        for name in way:
            tree = tree[name]
        del tree[last]

    return edited(change)


def replaced(old: str, new: str) -> Break:
    def replace(folder: Path) -> None:
        text = (folder / CONFIG).read_text()
        assert old in text
        (folder / CONFIG).write_text(text.replace(old, new, 1))

    return replace


def tensors(change: Callable[[dict[str, Tensor]], object], name: str = MODEL) -> Break:
    """A weight file after ``change`` of its tensors."""

    def edit(folder: Path) -> None:
        content = load_file(folder / name)
        change(content)
        save_file(content, folder / name)

    return edit


def tensor(key: str, change: Callable[[Tensor], Tensor], name: str = MODEL) -> Break:
    return tensors(lambda content: content.update({key: change(content[key]).contiguous()}), name)


def cut(name: str, size: int) -> Break:
    """Keep the first bytes; a negative ``size`` drops the last ones."""
    return lambda folder: (folder / name).write_bytes((folder / name).read_bytes()[:size])


def header(claimed: int, content: bytes) -> bytes:
    return struct.pack("<Q", claimed) + content


def moved_out(name: str) -> Break:
    def move(folder: Path) -> None:
        outside = folder.parent / f"outside-{name}"
        (folder / name).rename(outside)
        (folder / name).symlink_to(outside)

    return move


def pipe(name: str) -> Break:
    def make(folder: Path) -> None:
        (folder / name).unlink()
        os.mkfifo(folder / name)

    return make


def directory(name: str) -> Break:
    def make(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).mkdir()

    return make


def link(name: str, target: str) -> Break:
    def make(folder: Path) -> None:
        (folder / name).unlink()
        (folder / name).symlink_to(target)

    return make


def sparse(name: str, size: int) -> Break:
    """Grow a file to ``size`` bytes of which the disk holds none."""

    def grow(folder: Path) -> None:
        with (folder / name).open("r+b") as stream:
            stream.truncate(size)

    return grow


def zipped_pickle(folder: Path) -> None:
    with zipfile.ZipFile(folder / MODEL, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R.")


def wide_header(folder: Path) -> None:
    """A true header far larger than any network's."""
    content = json.dumps(
        {f"t{number}": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]} for number in range(40_000)}
    )
    (folder / MODEL).write_bytes(header(len(content), content.encode()))


def claimed_shape(folder: Path) -> None:
    """A header that promises a tensor of terabytes."""
    data = (folder / MODEL).read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    tree = json.loads(data[8 : 8 + size])
    tree["layers.0.weight"]["shape"] = [1_000_000_000, 1000]
    content = json.dumps(tree).encode()
    (folder / MODEL).write_bytes(header(len(content), content) + data[8 + size :])


GENERATOR = "networks.generator"
CASES: dict[str, tuple[Break, str]] = {
    # config.json as a file
    "config missing": (
        lambda folder: (folder / CONFIG).unlink(),
        r"has no config\.json, so it is no whole checkpoint; ",
    ),
    "config is a folder": (directory(CONFIG), r"config\.json is not a plain file"),
    "config is a pipe": (pipe(CONFIG), r"config\.json is not a plain file"),
    "config is a device": (link(CONFIG, "/dev/zero"), r"config\.json is a link that leads out of its folder"),
    "config links out": (moved_out(CONFIG), r"config\.json is a link that leads out of its folder"),
    "config links to itself": (link(CONFIG, CONFIG), r"config\.json cannot be read"),
    "config empty": (written(CONFIG, ""), r"config\.json is not JSON \(line 1"),
    "config too large": (written(CONFIG, b" " * 1_000_001), r"larger than the 1,000,000 bytes allowed"),
    "config huge": (sparse(CONFIG, 10_000_000_000), r"larger than the 1,000,000 bytes allowed"),
    "config binary": (written(CONFIG, b"\xff\xfe\x00\x01"), r"config\.json is not UTF-8 text"),
    "config UTF-16": (written(CONFIG, '{"format": 1}'.encode("utf-16")), r"config\.json is not UTF-8 text"),
    "config half a character": (put("exhibit", "\ud800"), r"config\.json is not UTF-8 text"),
    # config.json as JSON
    "not JSON": (written(CONFIG, "<html>404</html>"), r"config\.json is not JSON \(line 1"),
    "JSON cut short": (cut(CONFIG, 100), r"config\.json is not JSON"),
    "NaN": (replaced("1.5", "NaN"), r"NaN is not a number of JSON"),
    "infinity": (replaced("1.5", "-Infinity"), r"-Infinity is not a number of JSON"),
    "infinity in digits": (replaced("1.5", "1e999"), r"the number '1e999' is too large"),
    "many digits": (replaced("640", "9" * 5000), r"the number '9{60}…' is too large"),
    "field twice": (replaced('"seed"', '"variant"'), r"the field 'variant' is given twice"),
    "nested without end": (written(CONFIG, "[" * 500_000), r"nested too deeply"),
    "nested deeply": (replaced("7", "[" * 40 + "]" * 40), r"nested too deeply"),
    # config.json against its schema
    "a list": (written(CONFIG, "[]"), r"config\.json: its content is not an object"),
    "a million lists": (written(CONFIG, "[" + "[]," * 333_000 + "[]]"), r"config\.json: its content is not an object"),
    "format missing": (without("format"), r"the field format is missing"),
    "format 2": (put("format", 2), r"format: this version of ganzoo reads format 1 only"),
    "format true": (put("format", True), r"format: this version of ganzoo reads format 1 only"),
    "field unknown": (put("surprise", 1), r"the field surprise is not known"),
    "many fields unknown": (
        edited(lambda tree: tree.update({f"{number:x}": 0 for number in range(80_000)})),
        r"the field 0 is not known",
    ),
    "a field of terminal codes": (put("\x1b[31m\n" + "x" * 5000, 1), r"the field \\x1b\[31m\\nx{54}… is not known"),
    "networks missing": (without("networks"), r"the field networks is missing"),
    "generator missing": (without(GENERATOR), r"networks: there is to be a generator or a translator, and not both"),
    "generator null": (put(GENERATOR, None), r"networks: there is to be a generator or a translator, and not both"),
    "network config missing": (without(f"{GENERATOR}.config"), r"networks\.generator\.config is missing"),
    "recipe a text": (put("recipe", "gan"), r"recipe is not an object"),
    "steps negative": (put("training.steps", -1), r"training: steps is negative"),
    "hardware a list": (put("training.hardware", ["a"]), r"training: hardware is not a text"),
    "seed true": (put("recipe.seed", True), r"recipe: seed is not a number"),
    # the networks it names
    "architecture unknown": (put(f"{GENERATOR}.architecture", "os.system"), r"architecture 'os\.system' is not known"),
    "architecture endless": (put(f"{GENERATOR}.architecture", "x" * 9000), r"at most 100 characters"),
    "a discriminator as generator": (
        put(f"{GENERATOR}.architecture", "mlp-discriminator"),
        r"'mlp-discriminator' is not a generator",
    ),
    "a generator as discriminator": (
        put("networks.discriminator.architecture", "mlp-generator"),
        r"'mlp-generator' is not a discriminator",
    ),
    "width of 1e9": (
        put(f"{GENERATOR}.config.hidden", [10**9]),
        r"hidden\.0: input should be less than or equal to 8192",
    ),
    "width negative": (
        put(f"{GENERATOR}.config.hidden", [-1]),
        r"hidden\.0: input should be greater than or equal to 1",
    ),
    "width a text": (put(f"{GENERATOR}.config.hidden", ["8"]), r"hidden\.0: input should be a valid integer"),
    "z_dim true": (put(f"{GENERATOR}.config.z_dim", True), r"z_dim: input should be a valid integer"),
    "no image shape": (without(f"{GENERATOR}.config.image_shape"), r"config: the field image_shape is missing"),
    "image shape short": (
        put(f"{GENERATOR}.config.image_shape", [1, 8]),
        r"config: the field image_shape\.2 is missing",
    ),
    "image too large": (put(f"{GENERATOR}.config.image_shape", [1, 8, 10**6]), r"image_shape\.2: .*equal to 1024"),
    "image unfit": (
        put(GENERATOR, {"architecture": "dcgan28-generator", "config": {"image_shape": [1, 8, 8]}}),
        r"this network is for 28×28 images, not 8×8",
    ),
    "network field unknown": (put(f"{GENERATOR}.config.code", "x"), r"config: the field code is not known"),
    "too many parameters": (put(f"{GENERATOR}.config.hidden", [8192] * 16), r"has 1,00\d,\d{3},\d{3} parameters"),
    "enormous convolutions": (
        put(GENERATOR, {"architecture": "dcgan-generator", "config": {"image_shape": [3, 64, 64], "width": 8192}}),
        r"parameters, more than the 128,000,000 allowed",
    ),
    "image sizes disagree": (
        put("networks.discriminator.config.image_shape", [1, 8, 9]),
        r"images of different shapes",
    ),
    "numbers of classes disagree": (
        put("networks", {"generator": told("cgan-generator", 2), "discriminator": told("cgan-discriminator", 3)}),
        r"different numbers of classes",
    ),
    "classes without end": (put(GENERATOR, told("cgan-generator", 10**6)), r"num_classes: .*equal to 1000"),
    # weights as files
    "weights missing": (lambda folder: (folder / MODEL).unlink(), r"has no model\.safetensors"),
    "opponent missing": (lambda folder: (folder / OPPONENT).unlink(), r"has no discriminator\.safetensors"),
    "weights a folder": (directory(MODEL), r"model\.safetensors is not a plain file"),
    "weights a pipe": (pipe(MODEL), r"model\.safetensors is not a plain file"),
    "weights link out": (moved_out(MODEL), r"model\.safetensors is a link that leads out of its folder"),
    "weights empty": (written(MODEL, ""), r"model\.safetensors is empty"),
    "weights of five bytes": (cut(MODEL, 5), r"model\.safetensors is not a safetensors file"),
    "weights a web page": (written(MODEL, "<!DOCTYPE html><html>"), r"model\.safetensors is a web page"),
    "weights an LFS pointer": (
        written(MODEL, "version https://git-lfs.github.com/spec/v1\n"),
        r"model\.safetensors is a pointer of Git LFS",
    ),
    "weights a zipped pickle": (zipped_pickle, r"model\.safetensors is a pickle under another name"),
    "weights a pickle": (written(MODEL, b"\x80\x02}q\x00." * 9), r"model\.safetensors is a pickle under another name"),
    "weights noise": (written(MODEL, bytes(range(7, 90))), r"model\.safetensors is not a safetensors file"),
    "weights cut short": (cut(MODEL, -1), r"model\.safetensors is broken or cut short"),
    "weights cut in the header": (cut(MODEL, 100), r"model\.safetensors is broken or cut short"),
    "bytes left over": (
        lambda folder: (folder / MODEL).write_bytes((folder / MODEL).read_bytes() + b"\0"),
        r"model\.safetensors is broken or cut short",
    ),
    "weights too large": (sparse(MODEL, 600_000_000), r"has 600,000,000 bytes, more than the 522,000,000 allowed"),
    "header of an exabyte": (written(MODEL, header(2**60, b'{"a":{}}')), r"has a header of 1,152,\S+ bytes, more than"),
    "header truly large": (wide_header, r"has a header of 2,\d{3},\d{3} bytes, more than the 1,000,000 allowed"),
    "header not JSON": (written(MODEL, header(8, b"{{{{{{{{")), r"model\.safetensors is broken or cut short"),
    # weights against the network
    "shape of terabytes": (claimed_shape, r"model\.safetensors is broken or cut short"),
    "tensor missing": (tensors(lambda content: content.pop("layers.0.bias")), r"lacks the tensor layers\.0\.bias;"),
    "all tensors missing": (tensors(lambda content: content.clear()), r"lacks the tensor layers\.0\.bias and 8 more;"),
    "tensor unexpected": (
        tensors(lambda content: content.update({"back\ndoor": torch.zeros(1)})),
        r"holds the tensor 'back\\ndoor', unknown to the network",
    ),
    "tensor transposed": (
        tensor("layers.0.weight", lambda weight: weight.T),
        r"layers\.0\.weight has the shape \(4, 8\), the network needs \(8, 4\)",
    ),
    "tensor of integers": (tensor("layers.0.bias", Tensor.long), r"is of type I64, not float16 or float32"),
    "tensor of doubles": (tensor("layers.0.bias", Tensor.double), r"is of type F64, not float16 or float32"),
    "tensor of bfloat16": (tensor("layers.0.bias", Tensor.bfloat16), r"is of type BF16, not float16 or float32"),
    "count of fractions": (tensor("layers.2.num_batches_tracked", Tensor.float), r"is of type F32, not int64"),
    "tensor NaN": (
        tensor("layers.3.bias", lambda bias: bias.index_fill(0, torch.tensor([9]), torch.nan)),
        r"the tensor layers\.3\.bias holds values that are not finite",
    ),
    "tensor infinite": (
        tensor("layers.0.bias", lambda bias: bias.half() + torch.inf),
        r"the tensor layers\.0\.bias holds values that are not finite",
    ),
    "variance negative": (
        tensor("layers.2.running_var", Tensor.neg),
        r"the variances layers\.2\.running_var are negative",
    ),
    "opponent NaN": (
        tensor("layers.0.bias", lambda bias: bias * torch.nan, OPPONENT),
        r"discriminator\.safetensors: the tensor layers\.0\.bias holds values that are not finite",
    ),
    "opponent of another": (
        lambda folder: (folder / OPPONENT).write_bytes((folder / MODEL).read_bytes()),
        r"discriminator\.safetensors holds the tensor 'layers\.2\.num_batches_tracked' and 4 more, unkn",
    ),
}


TRANSLATOR = "networks.translator"


def of_two_kinds(kinds: list[str]) -> Break:
    config = {"image_shape": [1, 28, 28], "kinds": kinds}
    return put(TRANSLATOR, {"architecture": "cyclegan-translator", "config": config})


OF_TRANSLATORS: dict[str, tuple[Break, str]] = {
    "a generator too": (
        put(GENERATOR, {"architecture": "mlp-generator", "config": {"image_shape": [1, 28, 28]}}),
        r"networks: there is to be a generator or a translator, and not both",
    ),
    "neither": (without(TRANSLATOR), r"networks: there is to be a generator or a translator, and not both"),
    "translator null": (put(TRANSLATOR, None), r"networks: there is to be a generator or a translator, and not both"),
    "translator a text": (put(TRANSLATOR, "x"), r"networks\.translator is not an object"),
    "an opponent": (
        put("networks.discriminator", {"architecture": "srgan-discriminator", "config": {"image_shape": [1, 28, 28]}}),
        r"networks: a discriminator stands beside a generator only",
    ),
    "a generator as translator": (
        put(TRANSLATOR, {"architecture": "mlp-generator", "config": {"image_shape": [1, 28, 28]}}),
        r"'mlp-generator' is not a translator",
    ),
    "a translator as generator": (
        edited(lambda tree: tree["networks"].update(generator=tree["networks"].pop("translator"))),
        r"'srgan-translator' is not a generator",
    ),
    "field unknown": (put(f"{TRANSLATOR}.config.code", "x"), r"config: the field code is not known"),
    "size without a fourth": (put(f"{TRANSLATOR}.config.image_shape", [1, 30, 30]), r"are not 4 times as large"),
    "image too large": (put(f"{TRANSLATOR}.config.image_shape", [1, 8, 2048]), r"image_shape\.2: .*equal to 1024"),
    "blocks without end": (put(f"{TRANSLATOR}.config.blocks", 10**9), r"blocks: input should be less than or equal"),
    "too many parameters": (
        edited(lambda tree: tree["networks"]["translator"]["config"].update(width=8192, blocks=64)),
        r"translator that it describes has \S+ parameters, more than the 128,000,000 allowed",
    ),
    "weights missing": (lambda folder: (folder / MODEL).unlink(), r"has no model\.safetensors"),
    "weights a pickle": (written(MODEL, b"\x80\x02}q\x00." * 9), r"model\.safetensors is a pickle under another name"),
    "weights of a wider one": (
        put(f"{TRANSLATOR}.config.width", 3),
        r"the tensor first\.0\.weight has the shape \(2, 1, 9, 9\), the network needs \(3, 1, 9, 9\)",
    ),
    "tensor missing": (tensors(lambda content: content.pop("last.0.bias")), r"lacks the tensor last\.0\.bias;"),
    "tensor NaN": (
        tensor("last.0.bias", lambda bias: bias * torch.nan),
        r"the tensor last\.0\.bias holds values that are not finite",
    ),
    "variance negative": (
        tensor("blocks.2.running_var", Tensor.neg),
        r"the variances blocks\.2\.running_var are negative",
    ),
    "another's weights": (
        put(TRANSLATOR, {"architecture": "cyclegan-translator", "config": {"image_shape": [1, 28, 28], "width": 2}}),
        r"lacks the tensor first_to_second\.1\.weight and \d+ more;",
    ),
    "kinds of one name": (of_two_kinds(["A", "A"]), r"kinds: two kinds of pictures have different names"),
    "three kinds": (of_two_kinds(["A", "B", "C"]), r"kinds: .*at most 2 items"),
    "kinds without an end": (of_two_kinds(["A", "b" * 10_000]), r"kinds\.1: string should match pattern"),
    "kinds that are markup": (of_two_kinds(["A", "<script>"]), r"kinds\.1: string should match pattern"),
    "kinds on two lines": (of_two_kinds(["A", "B\n"]), r"kinds\.1: string should match pattern"),
}


@pytest.fixture
def translator(tmp_path: Path, translators: Path) -> Path:
    """A sound checkpoint of a translator, of its own for the test."""
    return Path(shutil.copytree(translators / "delta", tmp_path / "delta"))


@pytest.mark.parametrize("name", CASES)
def test_refused_in_one_sentence_and_little_memory(name: str, checkpoint: Path, judge: Judge) -> None:
    assert_refused(checkpoint, *CASES[name], judge)


@pytest.mark.parametrize("name", OF_TRANSLATORS)
def test_translators_are_refused_alike(name: str, translator: Path, judge: Judge) -> None:
    assert_refused(translator, *OF_TRANSLATORS[name], judge)


def assert_refused(checkpoint: Path, break_it: Break, message: str, judge: Judge) -> None:
    break_it(checkpoint)
    verdict = judge(checkpoint)
    assert verdict["error"] == "CheckpointError", verdict
    assert re.search(message, verdict["message"]), verdict
    assert str(checkpoint) in verdict["message"]
    assert verdict["message"].endswith(".")
    assert verdict["message"].isprintable()
    assert len(verdict["message"]) < 600 + len(str(checkpoint))
    assert verdict["rise"] < 200, verdict
    assert verdict["touched"] == []


@pytest.mark.parametrize("place", ["nowhere", "x" * 5000, "null\0byte", "\ud800", ""])
def test_no_such_folder(place: str, tmp_path: Path, judge: Judge) -> None:
    verdict = judge(tmp_path / place / "deeper")
    assert verdict["error"] == "CheckpointError", verdict
    assert verdict["message"].isprintable()
    assert re.search(r"There is no folder|cannot be read", verdict["message"])
    assert len(verdict["message"]) <= 601


def test_a_file_instead_of_a_folder(checkpoint: Path, judge: Judge) -> None:
    assert "There is no folder" in judge(checkpoint / CONFIG)["message"]


def test_the_sound_checkpoints_pass(checkpoint: Path, translators: Path, judge: Judge) -> None:
    for folder in (checkpoint, *translators.iterdir()):
        assert judge(folder)["error"] == "nothing"
