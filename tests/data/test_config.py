from pathlib import Path

import pytest
from pydantic import ValidationError

from ganzoo.data import DataConfig
from ganzoo.data.config import CLASSES, PUBLISHED


@pytest.mark.parametrize("dataset", ["imagenet", "mnist:", "MNIST", "", "folder", "folder:", "folder: ", "cifar10:x"])
def test_an_unknown_data_set_is_refused_with_the_known_ones(dataset: str) -> None:
    with pytest.raises(ValidationError, match="choose mnist, fashion-mnist, cifar10, folder:PATH or unpaired:PATH"):
        DataConfig(dataset=dataset)


def test_a_path_that_is_not_utf_8_is_refused() -> None:
    with pytest.raises(ValidationError, match="is not UTF-8: rename its folders"):
        DataConfig(dataset="folder:/photos/caf\udce9")  # as Python reads the name b"caf\xe9"


def test_the_home_of_nobody_is_a_folder_that_there_is_not() -> None:
    assert DataConfig(dataset="folder:~/pics").folder == Path.home() / "pics"
    assert DataConfig(dataset="folder:~nobody-of-that-name/pics").folder == Path("~nobody-of-that-name/pics")


@pytest.mark.parametrize("field", [{"channels": 2}, {"channels": 4}, {"resolution": 3}, {"resolution": 1025}])
def test_shapes_out_of_bounds_are_refused(field: dict[str, int]) -> None:
    with pytest.raises(ValidationError):
        DataConfig.model_validate(field)


@pytest.mark.parametrize(
    ("config", "image_shape"),
    [
        (DataConfig(), (1, 28, 28)),
        (DataConfig(dataset="cifar10"), (3, 32, 32)),
        (DataConfig(dataset="folder:cats"), (3, 64, 64)),
        (DataConfig(dataset="fashion-mnist", resolution=32, channels=3), (3, 32, 32)),
    ],
)
def test_a_shape_is_the_sets_own_unless_given(config: DataConfig, image_shape: tuple[int, int, int]) -> None:
    assert config.image_shape == image_shape


@pytest.mark.parametrize(
    ("dataset", "slug"),
    [
        ("fashion-mnist", "fashion-mnist"),
        ("folder:/photos/My Cats (2024)/", "my-cats-2024"),
        ("folder:/photos/cats/../Hündchen", "hundchen"),
        ("folder:/photos/.hidden", "hidden"),
        ("folder:/photos/猫", "folder"),
        ("folder:/" + "x" * 200, "x" * 64),
    ],
)
def test_a_slug_is_safe_in_names(dataset: str, slug: str) -> None:
    assert DataConfig(dataset=dataset).slug == slug


def test_a_folder_has_no_classes_and_published_sets_have_those_of_their_labels() -> None:
    assert {name: DataConfig(dataset=name).num_classes for name in PUBLISHED} == dict.fromkeys(PUBLISHED, 10)
    assert (CLASSES["fashion-mnist"][9], CLASSES["cifar10"][3]) == ("ankle boot", "cat")
    assert DataConfig(dataset="folder:cats").num_classes == 0


def test_the_slug_of_the_current_folder_is_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "owls").mkdir()
    monkeypatch.chdir(tmp_path / "owls")
    assert DataConfig(dataset="folder:.").slug == "owls"
    assert DataConfig(dataset="folder:.", resolution=32).slug == "owls-32"
    assert DataConfig(dataset="folder:.", resolution=64).slug == "owls"


def test_two_folders_of_unpaired_pictures_are_a_set_without_classes() -> None:
    data = DataConfig(dataset="unpaired:/tmp/Horses and Zebras")
    assert data.image_shape == (3, 64, 64)
    assert data.folder == Path("/tmp/Horses and Zebras")
    assert data.parts == ("trainA", "trainB")
    assert data.slug == "horses-and-zebras"
    assert data.num_classes == 0
    assert DataConfig(dataset="folder:x").parts == DataConfig().parts == ()
    with pytest.raises(ValidationError, match=r"is no data set: choose mnist, .*, folder:PATH or unpaired:PATH"):
        DataConfig(dataset="unpaired:")
