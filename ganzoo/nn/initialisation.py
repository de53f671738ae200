"""How the descriptions initialise their weights. What takes a module is for ``module.apply(...)``."""

from torch import Tensor, nn

WEIGHTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def normal(weight: Tensor, deviation: float, mean: float = 0.0) -> None:
    """Fill a weight with numbers of N(mean, deviation²)."""
    if not weight.is_meta:  # there is nothing to fill, and torch would import its compiler for it: two seconds
        nn.init.normal_(weight, mean, deviation)


def glorot_uniform(module: nn.Module) -> None:
    """Keras' default: weights uniform within ±√(6 / (fan in + fan out)), biases zero (Glorot & Bengio 2010)."""
    if isinstance(module, WEIGHTED):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)


def dcgan_normal(module: nn.Module) -> None:
    """Weights N(0, 0.02), batch-norm gains N(1, 0.02), biases zero (Radford et al. 2016, section 4; authors' code)."""
    if isinstance(module, WEIGHTED):
        mean = 0.0
    elif isinstance(module, BATCH_NORMS):
        mean = 1.0
    else:
        return
    normal(module.weight, 0.02, mean)
    if module.bias is not None:
        nn.init.zeros_(module.bias)
