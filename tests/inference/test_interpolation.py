import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import Tensor

from ganzoo.generator import Generator
from ganzoo.inference import interpolate, latents, lerp, sample, slerp
from ganzoo.nn.dcgan import dcgan_networks

unhurried = settings(deadline=None)  # a busy machine is no error
coordinates = st.floats(-1e6, 1e6, width=32)
steps = st.integers(2, 12)


@st.composite
def pairs(draw: st.DrawFn) -> tuple[Tensor, Tensor]:
    """Any two latents of one size, now and then parallel, opposite, equal or zero."""
    size = draw(st.integers(1, 6))
    a = torch.tensor(draw(st.lists(coordinates, min_size=size, max_size=size)))
    other = torch.tensor(draw(st.lists(coordinates, min_size=size, max_size=size)))
    b = draw(st.sampled_from([other, other, other, a, -a, 2 * a, -0.5 * a, 0 * a]))
    return a, b


@unhurried
@given(pairs(), steps)
def test_both_are_exact_at_their_ends_and_finite_between(pair: tuple[Tensor, Tensor], count: int) -> None:
    a, b = pair
    for method in (slerp, lerp):
        path = method(a, b, count)
        assert path.shape == (count, len(a))
        assert path.dtype == torch.float32
        assert torch.equal(path[0], a)
        assert torch.equal(path[-1], b)
        assert path.isfinite().all()


@unhurried
@given(pairs(), steps)
def test_slerp_changes_the_norm_evenly(pair: tuple[Tensor, Tensor], count: int) -> None:
    a, b = (latent.double() for latent in pair)
    assume(len(a) > 1 and a.norm() > 0 and b.norm() > 0)
    norms = slerp(a, b, count).norm(dim=1)
    torch.testing.assert_close(norms, lerp(a.norm()[None], b.norm()[None], count)[:, 0], rtol=1e-6, atol=1e-12)


@unhurried
@given(pairs(), steps)
def test_slerp_turns_evenly(pair: tuple[Tensor, Tensor], count: int) -> None:
    a, b = (latent.double() for latent in pair)
    assume(len(a) > 1 and a.norm() > 0 and b.norm() > 0)
    path = slerp(a, b, count)
    directions = path / path.norm(dim=1, keepdim=True)
    chords = (directions[1:] - directions[:-1]).norm(dim=1)  # between neighbours
    torch.testing.assert_close(chords, chords.mean().expand(count - 1), rtol=1e-6, atol=1e-7)


@unhurried
@given(pairs(), steps)
def test_slerp_backwards_is_the_same_way(pair: tuple[Tensor, Tensor], count: int) -> None:
    a, b = (latent.double() for latent in pair)
    assume(a.norm() > 0 and b.norm() > 0)
    assume((a / a.norm() + b / b.norm()).norm() > 1e-3)  # opposite ends choose their own way round
    torch.testing.assert_close(
        slerp(b, a, count).flip(0), slerp(a, b, count), rtol=1e-6, atol=1e-6 * float(a.norm() + b.norm())
    )


def test_slerp_between_axes() -> None:
    path = slerp(torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0]), 3)
    torch.testing.assert_close(path[1], torch.full((2,), 2**0.5))


def test_slerp_of_parallel_latents_is_straight() -> None:
    a = torch.tensor([1.0, 2.0, 2.0])
    torch.testing.assert_close(slerp(a, 3 * a, 5), torch.linspace(1, 3, 5)[:, None] * a)


def test_slerp_of_opposite_latents_goes_round_not_through_zero() -> None:
    a = latents([0], 100)[0]
    path = slerp(a, -a, 9)
    torch.testing.assert_close(path.norm(dim=1), a.norm().expand(9))
    assert abs(path[4] @ a) < 1e-3
    assert torch.equal(path, slerp(a, -a, 9))


def test_slerp_of_nearly_opposite_latents_keeps_its_norm() -> None:
    a = latents([0], 100)[0]
    path = slerp(a, -a + 1e-6 * latents([1], 100)[0], 9)
    torch.testing.assert_close(path.norm(dim=1), a.norm().expand(9))


def test_zero_has_no_direction() -> None:
    zero, b = torch.zeros(3), torch.tensor([1.0, 2.0, 3.0])
    assert torch.equal(slerp(zero, b, 5), lerp(zero, b, 5))
    assert torch.equal(slerp(zero, zero, 3), torch.zeros(3, 3))


def test_lerp_is_the_straight_line() -> None:
    path = lerp(torch.tensor([0.0, 4.0]), torch.tensor([1.0, 0.0]), 5)
    assert path.tolist() == [[0.0, 4.0], [0.25, 3.0], [0.5, 2.0], [0.75, 1.0], [1.0, 0.0]]


@pytest.fixture(scope="module")
def model() -> Generator:
    torch.manual_seed(0)
    model = dcgan_networks((1, 28, 28), width=4, z_dim=6)[0].eval()
    list(model.parameters())[-1].data.mul_(20)  # contrast, as training gives
    return model


@pytest.mark.parametrize("method", ["slerp", "lerp"])
def test_the_ends_are_the_images_of_the_seeds(method: str, model: Generator) -> None:
    path = interpolate(model, 3, 14, 7, method)  # type: ignore[arg-type]
    assert path.shape == (7, 1, 28, 28)
    assert (path[[0, -1]] - sample(model, [3, 14])).abs().max() <= 2 / 255


def test_from_a_seed_to_itself_nothing_moves(model: Generator) -> None:
    path = interpolate(model, 5, 5, 4)
    assert (path - path[0]).abs().max() <= 2 / 255


@pytest.mark.parametrize("count", [1, 0, -3, 2.5, "4", True, None])
def test_steps_out_of_range(count: int, model: Generator) -> None:
    with pytest.raises(ValueError, match="whole number of steps, at least 2"):
        interpolate(model, 0, 1, count)


def test_unknown_method(model: Generator) -> None:
    with pytest.raises(ValueError, match="no interpolation method 'cubic': choose slerp or lerp"):
        interpolate(model, 0, 1, 4, "cubic")  # type: ignore[arg-type]


@pytest.mark.parametrize("seeds", [(-1, 0), (0, 2**32)])
def test_seeds_out_of_range(seeds: tuple[int, int], model: Generator) -> None:
    with pytest.raises(ValueError, match="A seed is a whole number"):
        interpolate(model, *seeds)
