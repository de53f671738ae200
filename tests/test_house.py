"""The house itself: what the README promises, what the repository may hold, who may import whom at run time."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = ("README.md", "CONTRIBUTING.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))

# What a Space reads at the top of its README.
SPACE_KEYS = {
    *(
        "title",
        "emoji",
        "colorFrom",
        "colorTo",
        "sdk",
        "sdk_version",
        "python_version",
        "app_file",
        "pinned",
        "license",
    ),
    *("short_description", "models", "datasets", "tags", "thumbnail", "suggested_hardware", "preload_from_hub"),
    "startup_duration_timeout",
}


@pytest.fixture(scope="module")
def front_matter() -> dict[str, object]:
    _, text, _ = README.split("---\n", 2)
    values: dict[str, object] = yaml.safe_load(text)
    return values


@pytest.fixture(scope="module")
def tracked() -> list[Path]:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout, so nothing says which files are tracked")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [path for name in listed.split("\0") if name and (path := ROOT / name).is_file()]


def test_a_space_gets_the_gradio_that_is_tested(front_matter: dict[str, object]) -> None:
    pin = re.search(r"^gradio==(\S+)$", (ROOT / "requirements.txt").read_text(), re.MULTILINE)
    assert pin is not None, "requirements.txt pins no gradio"
    assert front_matter["sdk_version"] == pin[1]


def test_the_front_matter_is_what_a_space_accepts(front_matter: dict[str, object]) -> None:
    assert set(front_matter) <= SPACE_KEYS
    assert front_matter["sdk"] == "gradio"
    assert len(str(front_matter["short_description"])) <= 60
    assert (ROOT / str(front_matter["app_file"])).is_file()


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


@pytest.mark.parametrize(("absent", "packages"), [("gradio", ("benchmarks", "ganzoo", "train")), ("tyro", ("app",))])
def test_each_half_imports_without_the_packages_of_the_other(absent: str, packages: tuple[str, ...]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT_WITHOUT, absent, *packages], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
