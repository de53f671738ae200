from collections.abc import Callable
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from gradio.components import Component

from ganzoo.ui.classes import chooser
from ganzoo.ui.models import Model, Models
from ganzoo.ui.permalink import MAX_QUERY, Choice, parsed, restored
from ganzoo.ui.validation import RequestError


def test_a_query_is_names_and_values() -> None:
    assert parsed("model=alpha&seed=7&tab=sample") == {"model": "alpha", "seed": "7", "tab": "sample"}
    assert parsed("__theme=dark") == {"__theme": "dark"}  # gradio's, which is nobody's control


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (None, "There is no recipe in it"),
        ("", "There is no recipe in it"),
        (["model"], "There is no recipe in it"),
        ("a=" + "1" * MAX_QUERY, "at most 2,000 characters"),
        ("&".join(f"a{i}=1" for i in range(65)), "more than the page has"),
    ],
)
def test_what_is_no_query_of_the_page(query: object, said: str) -> None:
    with pytest.raises(RequestError, match=said):
        parsed(query)


@pytest.mark.parametrize(
    ("control", "told", "value"),
    [
        (gr.Number, "4294967295", 4294967295),
        (lambda: gr.Slider(0.0, 1.5), "0.35", 0.35),
        (lambda: gr.Slider(2, 64, step=1), "24", 24),
        (gr.Checkbox, "false", False),
        (lambda: gr.Radio(["slerp", "lerp"]), "lerp", "lerp"),
        (lambda: gr.Dropdown([1e-4, 3e-2]), "0.0001", 1e-4),
        (lambda: gr.Dropdown(["alpha", "beta", "gamma"], multiselect=True), "gamma,alpha", ["gamma", "alpha"]),
    ],
)
def test_a_control_takes_what_it_could_have(control: Callable[[], Component], told: str, value: Any) -> None:
    found = restored(control(), None, "it", told)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("control", "told"),
    [
        (gr.Number, "nan"),
        (gr.Number, "inf"),
        (gr.Number, "-1"),
        (gr.Number, "seven"),
        (lambda: gr.Slider(0.0, 1.5), "1.6"),
        (lambda: gr.Slider(2, 64, step=1), "1"),
        (gr.Checkbox, "1"),
        (lambda: gr.Radio(["slerp", "lerp"]), "<b>"),
        (lambda: gr.Dropdown(["alpha", "beta"], multiselect=True), "alpha,delta"),
    ],
)
def test_what_it_could_not_have_is_one_sentence(control: Callable[[], Component], told: str) -> None:
    with pytest.raises(RequestError, match=r"^The link has .* as its it, which"):
        restored(control(), None, "it", told)


def test_a_class_is_one_of_the_model_s(conditional: Any, zoo: Any) -> None:
    models = Models([conditional, zoo], device="cpu")
    (model,) = models.able("classes")
    control = chooser(models, "Class", "each its own")
    assert restored(control, model, "class", "9").value == 9
    assert restored(control, model, "class", "10").value == -1
    assert restored(control, None, "class", "9") == gr.skip()  # of a model that is to be opened first


def test_a_choice_is_one_of_those_that_there_are_now(zoo: Path) -> None:
    def known(model: Model | None) -> list[tuple[str, str]] | None:
        return None if model is None else [("its own", ""), ("that one", model.id)]

    model = Models([zoo], device="cpu").first
    control = Choice(gr.Dropdown([]), known)
    found = restored(control, model, "critic", "alpha")
    assert (found.value, found.choices) == ("alpha", [("its own", ""), ("that one", "alpha")])
    assert restored(control, model, "critic", "").value == ""
    assert restored(control, None, "critic", "alpha") == gr.skip()
    with pytest.raises(RequestError, match="'beta' as its critic, which the page does not know"):
        restored(control, model, "critic", "beta")
