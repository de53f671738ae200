"""The house itself: what the README promises, what the repository may hold, who may import whom at run time."""

import re
import subprocess
import sys
import tomllib
import zipfile
from importlib.metadata import metadata, version
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
import yaml
from huggingface_hub import SpaceHardware
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIREMENTS = {
    requirement.name: requirement
    for line in (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
    for requirement in [Requirement(line)]
}
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))

Colour = Literal["red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray"]
RepoId = Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+$")]


class SpaceCard(BaseModel):
    """What a Space with gradio accepts at the top of its README, and in what form.

    As https://huggingface.co/docs/hub/spaces-config-reference has it. Left out is what other kinds of Spaces have, and
    what signing in and headers need, of which ours has none.
    """

    model_config = ConfigDict(extra="forbid", strict=True)

    title: Annotated[str, Field(min_length=1)]
    emoji: Annotated[str, Field(pattern=r"^\p{Emoji_Presentation}$")]
    colorFrom: Colour
    colorTo: Colour
    sdk: Literal["gradio"]
    sdk_version: Annotated[str, Field(pattern=r"^\d+\.\d+\.\d+$")]
    python_version: Annotated[str, Field(pattern=r"^3\.\d+(\.\d+)?$")]
    app_file: Annotated[str, Field(pattern=r"^[\w./-]+\.py$")]
    pinned: bool
    license: Literal["apache-2.0", "bsd-3-clause", "cc0-1.0", "gpl-3.0", "lgpl-3.0", "mit", "mpl-2.0", "unlicense"]
    short_description: Annotated[str, Field(min_length=1, max_length=60)]
    tags: list[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9.-]*$")]]
    models: list[RepoId] = []
    datasets: list[RepoId] = []
    thumbnail: Annotated[str, Field(pattern=r"^https://\S+$")] | None = None
    header: Literal["default", "mini"] = "default"
    fullWidth: bool = False
    disable_embedding: bool = False
    suggested_hardware: Annotated[str, AfterValidator(SpaceHardware)] | None = None
    startup_duration_timeout: Annotated[str, Field(pattern=r"^\d+[hm]$")] | None = None
    preload_from_hub: list[Annotated[str, Field(pattern=r"^[\w.-]+/[\w.-]+( \S+)?$")]] = []


ZEROGPU_PYTHON = ("3.12", "3.12.12", "3.10.13")
ZEROGPU_TORCH = ("2.8.0", "2.9.1", "2.10.0", "2.11.0", "2.12.1", "2.13.0")
"""What runs on ZeroGPU: https://huggingface.co/docs/hub/spaces-zerogpu, September 2026."""


@pytest.fixture(scope="module")
def front_matter() -> dict[str, Any]:
    _, text, _ = README.split("---\n", 2)
    values: dict[str, Any] = yaml.safe_load(text)
    return values


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are tracked")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_the_front_matter_is_what_a_space_accepts(front_matter: dict[str, Any]) -> None:
    card = SpaceCard.model_validate(front_matter)
    assert (ROOT / card.app_file).is_file()
    assert card.license == PROJECT["license"].lower()


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *(("emoji", value) for value in ("z", ":zebra:", "🦓🦓", "")),
        *(("colorTo", value) for value in ("grey", "Blue", "#fff")),
        *(("sdk", value) for value in ("docker", "Gradio")),
        *(("sdk_version", value) for value in ("6", "latest", 6.31)),
        *(("python_version", value) for value in (3.12, "3", "2.7", ">=3.11")),
        *(("license", value) for value in ("Apache 2.0", "Apache-2.0", None)),
        *(("short_description", value) for value in ("x" * 61, "")),
        *(("tags", value) for value in ("gan", ["image generation"])),
        *(("models", value) for value in ("owner/name", ["name"], ["https://huggingface.co/owner/name"])),
        *(("pinned", value) for value in ("false", 0)),
        ("thumbnail", "docs/page.png"),
        ("suggested_hardware", "gpu"),
        ("startup_duration_timeout", 30),
        ("hardware", "cpu-basic"),
    ],
)
def test_the_table_of_what_a_space_accepts_refuses_all_else(
    front_matter: dict[str, Any], key: str, value: object
) -> None:
    with pytest.raises(ValidationError, match=key):
        SpaceCard.model_validate({**front_matter, key: value})


def test_a_space_gets_the_gradio_that_is_tested(front_matter: dict[str, Any]) -> None:
    assert REQUIREMENTS["gradio"].specifier == SpecifierSet(f"=={front_matter['sdk_version']}")
    assert front_matter["sdk_version"] == version("gradio")


def test_a_space_gets_a_python_for_which_the_project_and_gradio_are_made(front_matter: dict[str, Any]) -> None:
    for wanted in (PROJECT["requires-python"], metadata("gradio")["Requires-Python"]):
        assert front_matter["python_version"] in SpecifierSet(wanted)


def test_zerogpu_has_the_python_and_a_torch_that_are_asked_for(front_matter: dict[str, Any]) -> None:
    assert front_matter["python_version"] in ZEROGPU_PYTHON
    assert list(REQUIREMENTS["torch"].specifier.filter(ZEROGPU_TORCH))


def test_make_knows_every_command_of_the_documents() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for document in DOCUMENTS:
        text = (ROOT / document).read_text(encoding="utf-8")
        assert set(re.findall(r"(?:^|`)make ([a-z]+)", text, re.MULTILINE)) <= targets, document


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_between_the_documents_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for link in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link


def test_a_plain_clone_is_small(tracked: list[Path]) -> None:
    assert [path for path in tracked if path.stat().st_size > 10e6] == []
    assert [path for path in tracked if path.read_bytes()[:40].startswith(b"version https://git-lfs")] == []


def test_no_pickle_is_tracked(tracked: list[Path]) -> None:
    assert [path for path in tracked if _is_pickle_like(path)] == []


def _is_pickle_like(path: Path) -> bool:
    if path.suffix in {".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib"}:
        return True
    if zipfile.is_zipfile(path):  # how torch.save writes
        with zipfile.ZipFile(path) as archive:
            return any(name.endswith(".pkl") for name in archive.namelist())
    with path.open("rb") as file:
        return bool(re.match(rb"\x80[\x02-\x05]", file.read(2)))  # the opcode that names pickle's protocol


IMPORT_WITHOUT = """
import importlib, pkgutil, sys
absent, *packages = sys.argv[1:]
sys.modules[absent] = None
for package in packages:
    module = importlib.import_module(package)
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), package + "."):
        if not found.name.startswith("ganzoo.ui"):
            importlib.import_module(found.name)
"""


@pytest.mark.parametrize(
    ("absent", "packages"),
    [
        ("gradio", ("benchmarks", "ganzoo", "train")),
        ("torch_fidelity", ("ganzoo.metrics",)),
        ("tyro", ("app",)),
    ],
)
def test_each_part_imports_without_the_packages_of_others(absent: str, packages: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, absent, *packages], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
