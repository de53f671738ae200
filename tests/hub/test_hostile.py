"""Hostile repositories, made by hand and by hypothesis, opened over HTTP in a process with limits.

Whether a mutation still keeps to the contract is decided here, from the bytes alone, by nothing that ganzoo uses.
"""

import json
import math
import struct
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from safetensors.torch import load, save
from torch import Tensor

from tests import HUB_PORT
from tests.conftest import Judge
from tests.hub.server import LoopbackHub

CONFIG, MODEL = "config.json", "model.safetensors"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"
MUTATIONS = settings(
    max_examples=300,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate, Phase.shrink],
)


@pytest.fixture(scope="module")
def hub() -> Iterator[LoopbackHub]:
    with LoopbackHub(HUB_PORT) as hub:
        yield hub


@pytest.fixture(scope="module")
def sound(zoo: Path) -> Mapping[str, bytes]:
    return {path.name: path.read_bytes() for path in (zoo / "alpha").iterdir()}


@pytest.fixture(scope="module")
def verdict(hub: LoopbackHub, judge: Judge, sound: Mapping[str, bytes]) -> Callable[..., bool]:
    """Whether a repository with these changes is opened; in any case nothing else happens than that, or a refusal."""

    def verdict(**changes: bytes) -> bool:
        hub.put("alice/m", {**sound, **{name.replace("_", "."): data for name, data in changes.items()}})
        told = judge("alice/m")
        assert told["error"] in ("nothing", "CheckpointError"), told
        assert told["rise"] < 500, told
        assert told["touched"] == [], told
        if told["error"] == "nothing":
            assert told["drawn"], told
            assert not told["markup"], told
            return True
        assert told["message"].startswith("alice/m"), told
        assert told["message"].endswith("."), told
        assert told["message"].isprintable(), told
        assert len(told["message"]) < 700, told
        return False

    return verdict


def test_the_sound_one_is_opened(verdict: Callable[..., bool]) -> None:
    assert verdict()


def test_a_trillion_parameters_take_no_memory(verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    tree = json.loads(sound[CONFIG])
    tree["networks"]["generator"]["config"]["hidden"] = [8192] * 16
    assert not verdict(config_json=json.dumps(tree).encode())
    tree["networks"]["generator"]["config"]["hidden"] = [10**6, 10**6]
    assert not verdict(config_json=json.dumps(tree).encode())


@pytest.mark.parametrize("depth", [31, 1_000, 450_000])
def test_nested_descriptions(depth: int, verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    assert not verdict(
        config_json=sound[CONFIG].replace(b'"recipe": {', b'"recipe": {"a": ' + b"[" * depth + b"]" * depth + b", ")
    )


@pytest.mark.parametrize("place", [b"/etc/passwd", b"../../../../../etc/passwd", b"model.safetensors"])
@pytest.mark.parametrize("file", [CONFIG, MODEL])
def test_a_link_is_no_more_than_the_text_that_the_hub_has_of_it(
    file: str, place: bytes, verdict: Callable[..., bool]
) -> None:
    assert not verdict(**{file.replace(".", "_"): place})


def test_markup_stays_text(verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    tree = json.loads(sound[CONFIG])
    tree |= {"exhibit": SCRIPT}
    tree["recipe"] |= {"variant": SCRIPT, "data": {"dataset": f"folder:{SCRIPT}"}, SCRIPT: SCRIPT}
    tree["training"] |= {
        "hardware": SCRIPT,
        "weights": SCRIPT,
        "data_licence": SCRIPT,
        "command": SCRIPT,
        SCRIPT: SCRIPT,
    }
    assert verdict(config_json=json.dumps(tree).encode(), README_md=SCRIPT.encode())


# JSON values that trees are mutated with.

SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 40),
    st.sampled_from([0, -1, 10**6, 10**12, 2**63, 2**64, 10**30, -(10**30), 1e308, 0.2, -0.0]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["", SCRIPT, "../../x", "/etc/passwd", "mlp-generator", "F64", "I64", "\u202e", "a" * 100_000, "\0"]
    ),
    st.text(max_size=5),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def places(tree: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to every node of a tree but its root."""
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    found = []
    for key, node in inner:
        found += [(*way, key), *places(node, (*way, key))]
    return found


@st.composite
def mutated_trees(draw: st.DrawFn, tree: Any, *, within: tuple[Any, ...] = ()) -> Any:
    """A tree after one to three changes, of nodes below ``within`` more often than elsewhere."""
    tree = json.loads(json.dumps(tree))
    for _ in range(draw(st.integers(1, 3))):
        everywhere = places(tree)
        near = [place for place in everywhere if place[: len(within)] == within and place != within]
        if not everywhere:
            return draw(VALUES)
        closer = draw(st.booleans())
        *way, last = draw(st.sampled_from(near if near and closer else everywhere))
        node: Any = tree
        for key in way:
            node = node[key]
        match draw(st.sampled_from(["replace", "nudge", "remove", "add", "swap"])):
            case "replace":
                node[last] = draw(VALUES)
            case "nudge" if isinstance(node[last], int | float):
                node[last] += draw(st.sampled_from([1, -1, 0.5, 1e-9]))
            case "remove":
                del node[last]
            case "add" if isinstance(node, dict):
                node[draw(st.text(max_size=4) | st.sampled_from(["__proto__", "bias", SCRIPT]))] = draw(VALUES)
            case "add":
                node.insert(last, draw(VALUES))
            case _:
                keys: list[Any] = sorted(node) if isinstance(node, dict) else list(range(len(node)))
                other = draw(st.sampled_from(keys))
                node[last], node[other] = node[other], node[last]
    return tree


@st.composite
def mutated_bytes(draw: st.DrawFn, data: bytes) -> bytes:
    """Bytes of which some are cut, changed, doubled or added."""
    first, last = sorted((draw(st.integers(0, len(data))), draw(st.integers(0, len(data)))))
    match draw(st.sampled_from(["cut", "change", "add", "remove", "double"])):
        case "cut":
            return data[:first]
        case "change":
            return data[:first] + draw(st.binary(min_size=1, max_size=8)) + data[first + 1 :]
        case "add":
            return data[:first] + draw(st.binary(min_size=1, max_size=8) | st.just(b"[" * 100_000)) + data[first:]
        case "remove":
            return data[:first] + data[last:]
        case _:
            return data[:last] + data[first:]


# The description.

FACTS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("variant", "hardware", "weights"), (str,)),
    **dict.fromkeys(("seed", "steps", "images"), (int,)),
    "seconds": (int, float),
}


def strict(data: bytes) -> Any:
    """JSON as its standard has it, with each name once, numbers of a size, and no depth to speak of."""

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        assert len(dict(pairs)) == len(pairs)
        return dict(pairs)

    def number(text: str) -> float:
        assert math.isfinite(float(text))
        return float(text)

    def whole(text: str) -> int:
        assert len(text) <= 19
        return int(text)

    def never(name: str) -> None:
        raise AssertionError(name)

    tree = json.loads(data.decode(), parse_constant=never, parse_float=number, parse_int=whole, object_pairs_hook=once)
    json.dumps(tree, ensure_ascii=False).encode()
    assert len(max(places(tree), key=len, default=())) < 32
    return tree


def alike(one: Any, other: Any) -> bool:
    """Equal, with true no 1; but numbers of JSON are one kind."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def keeps_the_contract(data: bytes, sound: Any) -> bool:
    """Whether a description says what the sound one says, as far as weights and page depend on it."""
    try:
        tree = strict(data)
        assert {*sound} - {"exhibit"} <= {*tree} <= {*sound}
        assert type(tree["format"]) is int
        assert tree["format"] == sound["format"]
        assert alike(_fixed(tree["networks"]), _fixed(sound["networks"] | _left_out(tree["networks"])))
        exhibit = tree.get("exhibit")
        assert exhibit is None or (isinstance(exhibit, str) and len(exhibit) <= 100)
        for part in (tree["recipe"], tree["training"]):
            assert isinstance(part, dict)
            for name, kinds in FACTS.items():
                fact = part.get(name)
                assert fact is None or type(fact) in kinds
                assert not isinstance(fact, int | float) or fact >= 0
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError, RecursionError):
        return False
    return True


def _left_out(networks: Any) -> dict[str, Any]:
    """The opponent, where there is none: it need not come along."""
    return {} if networks.get("discriminator") else {"discriminator": networks.get("discriminator", {})}


def _fixed(networks: Any) -> Any:
    """What of the networks the weights depend on, or is not what it should be."""
    fixed = json.loads(json.dumps(networks))
    fixed.setdefault("discriminator", {})
    fixed["generator"]["config"].setdefault("batch_norm", True)
    for network in fixed.values():
        config = network.get("config", {}) if network else {}
        for share in ("slope", "dropout"):
            if type(config.get(share)) in (int, float) and 0 <= config[share] <= 1:
                del config[share]
    return fixed


def test_descriptions(verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    tree = json.loads(sound[CONFIG])
    seen = {True: 0, False: 0}

    @MUTATIONS
    @given(
        mutated_trees(tree, within=("networks",)).map(lambda tree: json.dumps(tree).encode("utf-8", "surrogatepass"))
        | mutated_bytes(sound[CONFIG])
    )
    def opened_only_if_sound(data: bytes) -> None:
        opened = verdict(config_json=data)
        seen[opened] += 1
        assert opened == keeps_the_contract(data, tree), data[:2000]

    opened_only_if_sound()
    assert seen[False] > 100, seen


# The header of the weights.


def split(data: bytes) -> tuple[Any, bytes]:
    size = struct.unpack("<Q", data[:8])[0]
    return json.loads(data[8 : 8 + size]), data[8 + size :]


def joined(header: bytes, body: bytes, *, claimed: int | None = None) -> bytes:
    return struct.pack("<Q", len(header) if claimed is None else claimed) + header + body


SIZES = {"F16": 2, "F32": 4, "I64": 8}


def fits(data: bytes, wanted: Mapping[str, Tensor]) -> bool:
    """Whether a file holds tensors of these names, shapes and kinds, one after the other, and nothing else."""
    try:
        (size,) = struct.unpack("<Q", data[:8])
        header = strict(data[8 : 8 + size])
        assert data[8:9] == b"{"
        assert len(data) >= 8 + size
        header.pop("__metadata__", None)
        assert set(header) == set(wanted)
        end = 0
        for name, told in sorted(header.items(), key=lambda item: item[1]["data_offsets"]):
            assert told["shape"] == list(wanted[name].shape)
            assert told["dtype"] in (("F16", "F32") if wanted[name].is_floating_point() else ("I64",))
            start, stop = told["data_offsets"]
            assert start == end
            assert stop - start == math.prod(told["shape"]) * SIZES[told["dtype"]]
            end = stop
        assert len(data) == 8 + size + end
    except (AssertionError, AttributeError, KeyError, TypeError, ValueError, RecursionError, struct.error):
        return False
    return True


def finite(data: bytes) -> bool:
    tensors = load(data)
    return all(
        bool(tensor.isfinite().all()) and not (name.endswith("running_var") and bool((tensor < 0).any()))
        for name, tensor in tensors.items()
    )


def test_headers(verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    tree, body = split(sound[MODEL])
    wanted = load(sound[MODEL])
    whole = joined(json.dumps(tree).encode(), body)
    seen = {True: 0, False: 0}
    claims = st.sampled_from([0, 1, 7, 10**6, 10**9, 10**10, 2**31, 2**63, 2**64 - 1]) | st.integers(0, 3000)

    @MUTATIONS
    @given(
        mutated_trees(tree).map(lambda tree: joined(json.dumps(tree).encode("utf-8", "surrogatepass"), body))
        | mutated_bytes(whole[: len(whole) - len(body)]).map(lambda head: head + body)
        | claims.map(lambda claimed: joined(json.dumps(tree).encode(), body, claimed=claimed))
    )
    def opened_only_if_it_fits(data: bytes) -> None:
        opened = verdict(model_safetensors=data)
        seen[opened] += 1
        assert not opened or (fits(data, wanted) and finite(data)), data[:3000]

    opened_only_if_it_fits()
    assert seen[False] > 100, seen


# The table of tensors, in files that are safetensors through and through.

DTYPES = (torch.float16, torch.float32, torch.float64, torch.bfloat16, torch.int64, torch.int8, torch.uint8, torch.bool)


@st.composite
def mutated_tables(draw: st.DrawFn, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors, some of them renamed, removed, added, reshaped, of another type, or with numbers that are no weights."""
    table = {name: tensor.clone() for name, tensor in tensors.items()}
    for _ in range(draw(st.integers(1, 2))):
        name = draw(st.sampled_from(sorted(table)))
        tensor = table[name]
        match draw(st.sampled_from(["rename", "remove", "add", "reshape", "cut", "cast", "fill", "negate", "scale"])):
            case "rename":
                table[draw(st.sampled_from(["", "layers.0.weight ", SCRIPT, "../x", name.upper()]))] = table.pop(name)
            case "remove" if len(table) > 1:
                del table[name]
            case "add":
                table[draw(st.text(max_size=5))] = torch.zeros(draw(st.integers(0, 3)))
            case "reshape":
                table[name] = tensor.reshape(draw(st.sampled_from([(-1,), (1, *tensor.shape), (*tensor.shape, 1)])))
            case "cut" if tensor.ndim:
                table[name] = tensor[: draw(st.integers(0, len(tensor)))].clone()
            case "cast":
                table[name] = tensor.to(draw(st.sampled_from(DTYPES)))
            case "fill" if tensor.is_floating_point() and tensor.numel():
                tensor.flatten()[draw(st.integers(0, tensor.numel() - 1))] = draw(
                    st.sampled_from([math.nan, math.inf, -math.inf, 1e4, -1e4])
                )
            case "negate":
                table[name] = -tensor if tensor.dtype != torch.bool else ~tensor
            case "scale" if tensor.is_floating_point():
                table[name] = tensor * draw(st.sampled_from([0.0, 1e4, 1e-8]))
    return table


def sound_table(table: Mapping[str, Tensor], wanted: Mapping[str, Tensor]) -> bool:
    if set(table) != set(wanted):
        return False
    for name, want in wanted.items():
        kinds = (torch.float16, torch.float32) if want.is_floating_point() else (torch.int64,)
        if table[name].shape != want.shape or table[name].dtype not in kinds:
            return False
    return finite(save(dict(table)))


def test_tables(verdict: Callable[..., bool], sound: Mapping[str, bytes]) -> None:
    wanted = load(sound[MODEL])
    seen = {True: 0, False: 0}

    @MUTATIONS
    @given(mutated_tables(wanted))
    def opened_only_if_sound(table: dict[str, Tensor]) -> None:
        opened = verdict(model_safetensors=save({name: tensor.contiguous() for name, tensor in table.items()}))
        seen[opened] += 1
        assert opened == sound_table(table, wanted), {name: tensor.dtype for name, tensor in table.items()}

    opened_only_if_sound()
    assert min(seen.values()) > 30, seen
