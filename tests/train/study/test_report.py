import pytest

from train.study.report import with_spread


@pytest.mark.parametrize(
    ("values", "text"),
    [
        ((0.5,), "0.5"),
        ((2.0, 4.0, 6.0), "4 ± 2"),
        ((0.0266, 0.0268), "0.0267 ± 0.00014"),
        ((1234.0, 1236.0), "1,235 ± 1.4"),
        ((0.0, 0.0), "0 ± 0"),
        ((999.6,), "1,000"),
        ((0.0, 140.86), "70.4 ± 100"),
    ],
)
def test_a_number_has_its_spread_beside_it(values: tuple[float, ...], text: str) -> None:
    assert with_spread(values) == text
