import shutil
from html import escape
from pathlib import Path
from typing import Any

import httpx
import pytest
from gradio.route_utils import delete_files_created_by_app

from ganzoo.checkpoints import Checkpoint, CheckpointError
from ganzoo.losses import LOSSES
from ganzoo.ui import about
from ganzoo.ui.compare import choices
from ganzoo.ui.models import Models
from ganzoo.ui.page import build
from ganzoo.ui.theme import launch_options, theme
from ganzoo.zoo import RECIPES
from tests.copies import copied, score
from tests.ports import free_port


def component(config: dict[str, Any], elem_id: str) -> Any:
    """The properties of the component with this id."""
    return next(one["props"] for one in config["components"] if one["props"].get("elem_id") == elem_id)


def test_the_page_comes_with_the_first_model_s_first_64_pictures_in_it(zoo: Path) -> None:
    config: Any = build(Models([zoo], device="cpu")).get_config_file()
    value = component(config, "picture")["value"]
    assert value["seeds"] == list(range(64))
    assert value["alt"] == "64 pictures drawn by alpha, seeds 0 to 63, truncation 1"
    assert value["src"].startswith("data:image/png;base64,")
    assert value["milliseconds"].keys() == {"draw", "encode"}
    assert component(config, "models")["value"] == "alpha"


def test_programs_wait_in_gradio_s_queue_and_the_page_does_not(zoo: Path) -> None:
    functions = build(Models([zoo], device="cpu")).fns.values()
    assert {function.api_name for function in functions if function.queue} == {
        "open",
        "sample",
        "sample_class",
        "interpolate",
        "video",
        "mix",
        "compare",
        "duel",
        "film",
        "translate",
        "judge",
        "directions",
        "project",
        "critic",
        "collapse",
        "nearest",
        "scores",
    }


def seen(config: dict[str, Any]) -> dict[str, bool]:
    """Of what depends on abilities, whether it is on the page."""
    parts = {one["props"].get("label"): one["props"].get("visible") for one in config["components"]}
    return {label: bool(parts[label]) for label in ("Mix", "Noise")}


def test_what_the_first_model_cannot_do_is_not_on_the_page(zoo: Path, styled: Path, tmp_path: Path) -> None:
    for folder, able in ((zoo, False), (styled / "sigma", True), (tmp_path, False)):
        config: Any = build(Models([folder], device="cpu")).get_config_file()
        assert seen(config) == {"Mix": able, "Noise": able}


def test_an_empty_zoo_says_how_to_train_a_model(tmp_path: Path) -> None:
    config: Any = build(Models([tmp_path], device="cpu")).get_config_file()
    shown = [one["props"].get("value") for one in config["components"] if one["props"].get("visible")]
    assert any("python -m train gan --dataset mnist" in str(value) for value in shown)


def test_a_first_model_that_proves_broken_does_not_stop_the_start(zoo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise CheckpointError("It is broken.")

    monkeypatch.setattr(Checkpoint, "load_generator", broken)
    config: Any = build(Models([zoo], device="cpu")).get_config_file()
    assert component(config, "picture").get("value") is None


def test_about_tells_of_every_model_and_escapes_what_checkpoints_say(zoo: Path, tmp_path: Path) -> None:
    shutil.copytree(zoo / "alpha", tmp_path / "evil")
    config = tmp_path / "evil" / "config.json"
    config.write_text(config.read_text().replace('"none"', '"<script>alert(1)</script>"'))
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "config.json").write_text("<b>")
    page = about.page(Models([tmp_path]))
    assert "evil" in page
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "Left out: " in page
    assert "<b>" not in page


def test_about_tells_what_a_translator_turns_into_what(translators: Path) -> None:
    page = about.page(Models([translators]))
    assert "<dt>Translator</dt><dd>srgan-translator, " in page
    assert "<dd>enlarge: 7 × 7, grey to 28 × 28, grey</dd>" in page
    assert "pictures to outlines: 28 × 28, grey to 28 × 28, grey" in page


def test_about_tells_what_an_exhibit_shows_and_counts_samples_by_class(
    zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RECIPES["gan"], "story", "It draws <one> digit.")
    counted = score("missing-modes", 2, "train", counts=[6, 0, 2], passport={"extractor": "<b>"})
    copied(zoo / "alpha", tmp_path / "narrow", exhibit="mode <collapse>", scores=[counted])
    page = about.page(Models([tmp_path]))
    assert "It draws &lt;one&gt; digit." in page
    assert "mode &lt;collapse&gt;" in page
    assert "8 samples by class, as the classifier &lt;b&gt; sees them: 6, 0, 2" in page
    assert page.partition("8 samples by class")[2].count("<rect ") == 3
    assert 'height="100.00"' in page
    assert "<b>" not in page


def test_about_tells_what_the_players_of_a_model_minimise_how_it_was_measured_and_made(
    zoo: Path, tmp_path: Path
) -> None:
    copied(zoo / "beta", tmp_path / "measured", scores=[score("coverage", 0.5, passport={"extractor": "<b>"})])
    page = about.page(Models([tmp_path]))
    assert "<dt>D minimises</dt><dd>−E[log σ(D(x))] − E[log(1 − σ(D(G(z))))]</dd>" in page
    assert "<summary>coverage against test pictures <strong>0.5</strong></summary>" in page
    assert "extractor: &lt;b&gt;" in page


def test_about_tells_of_every_loss(tmp_path: Path) -> None:
    page = about.page(Models([tmp_path]))
    for name, kind in LOSSES.items():
        assert f"<th scope='row'>{name}</th>" in page
        assert escape(kind.change) in page


def test_nothing_in_the_looks_comes_from_elsewhere() -> None:
    options = launch_options()
    assert theme()._stylesheets == []
    assert "http" not in options["css"].replace("http://www.w3.org", "")
    assert "http" not in options["head"].replace("http://www.w3.org", "")
    assert options["enable_monitoring"] is False


def test_compare_opens_with_models_of_one_data_set_or_else_with_two(zoo: Path, tmp_path: Path) -> None:
    assert choices(Models([zoo]))["value"] == ["alpha", "beta"]
    for name in ("beta", "gamma"):
        shutil.copytree(zoo / name, tmp_path / name)
    assert choices(Models([tmp_path])) == {"choices": ["beta", "gamma"], "value": ["beta", "gamma"]}
    assert choices(Models([])) == {"choices": [], "value": []}
    assert choices(Models([tmp_path]), ["alice/cats"]) == {
        "choices": ["beta", "gamma", "alice/cats"],
        "value": ["beta", "gamma"],
    }


def test_nothing_of_a_visitor_is_kept(zoo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path))
    demo = build(Models([zoo], device="cpu"))
    _, url, _ = demo.launch(**launch_options(), server_port=free_port(), quiet=True, prevent_thread_lock=True)
    try:
        answers = [
            httpx.get(url),
            httpx.post(f"{url}gradio_api/run/sample", json={"data": ["alpha", 0, 4, 1.0]}),
            httpx.post(f"{url}gradio_api/upload", files={"files": ("mine.txt", b"mine")}),
        ]
        logs = [httpx.get(f"{url}{log}") for log in ("monitoring", "monitoring/summary", "gradio_api/runs")]
        written = {path.name for path in tmp_path.rglob("*.*")}
        delete_files_created_by_app(demo, age=None)  # as gradio does by itself with those of an age
        left = list(tmp_path.rglob("*.*"))
    finally:
        demo.close(verbose=False)
    assert all(answer.status_code == 200 and not answer.cookies for answer in answers)
    assert all(log.status_code in (403, 404) for log in logs)
    assert not demo.get_config_file()["analytics_enabled"]
    assert demo.delete_cache == (600, 3600)
    assert written == {"sample.png", "mine.txt"}
    assert not left
