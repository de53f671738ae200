import pytest
from huggingface_hub import constants

from ganzoo.hub.client import HubError
from ganzoo.hub.place import Place, parse_place


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("alice/gan-cats", "alice/gan-cats"),
        ("  alice/gan-cats\n", "alice/gan-cats"),
        ("alice/gan-cats@v1", "alice/gan-cats@v1"),
        ("alice/gan-cats@", "alice/gan-cats"),
        ("https://huggingface.co/alice/gan-cats", "alice/gan-cats"),
        ("https://huggingface.co/alice/gan-cats/", "alice/gan-cats"),
        ("https://huggingface.co/alice/gan-cats?library=ganzoo#use", "alice/gan-cats"),
        ("https://huggingface.co/alice/gan-cats/tree/v1", "alice/gan-cats@v1"),
        ("https://huggingface.co/alice/gan-cats/blob/refs%2Fpr%2F1/config.json", "alice/gan-cats@refs/pr/1"),
        ("huggingface.co/alice/gan-cats", "alice/gan-cats"),
        ("hf.co/alice/gan-cats", "alice/gan-cats"),
        pytest.param(f"{constants.ENDPOINT}/alice/gan-cats/tree/v1", "alice/gan-cats@v1", id="the client's address"),
    ],
)
def test_a_model_is_known_by_its_name_and_by_the_addresses_of_its_pages(text: str, name: str) -> None:
    place = parse_place(text)
    assert str(place) == name
    assert parse_place(str(place)) == place
    assert place == Place("alice/gan-cats", place.revision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "gan-cats",
        "@v1",
        "../gan-cats",
        "a/b/c",
        "alice/..",
        "alice/<img src=x>",
        "https://huggingface.co/alice",
        "https://huggingface.co/spaces/alice/gan-cats",
        "https://huggingface.co/alice/gan-cats/discussions/1",
        "https://elsewhere.com/alice/gan-cats",
        "https://huggingface.co@elsewhere.com/alice/gan-cats",
        "https://[",
        "file:///etc/passwd",
    ],
)
def test_other_texts_are_refused_in_one_sentence(text: str) -> None:
    with pytest.raises(HubError, match="is no name on the Hub: give OWNER/NAME, as in its address"):
        parse_place(text)
