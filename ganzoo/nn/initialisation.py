"""How the descriptions initialise their weights. Functions of modules are for ``module.apply(...)``."""

from torch import Tensor, nn

WEIGHTED = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)
BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


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
    fill_normal(module.weight, mean, 0.02)
    if module.bias is not None:
        nn.init.zeros_(module.bias)


def fill_normal(tensor: Tensor, mean: float = 0.0, std: float = 1.0) -> Tensor:
    """The tensor, with numbers of N(mean, std²) in it."""
    if not tensor.is_meta:  # there is nothing to fill, and torch would import its compiler for it: two seconds
        nn.init.normal_(tensor, mean, std)
    return tensor
