"""How the descriptions initialise their weights. Each function is for ``module.apply(...)``."""

from torch import nn

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
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, BATCH_NORMS):
        nn.init.normal_(module.weight, 1.0, 0.02)
    else:
        return
    if module.bias is not None:
        nn.init.zeros_(module.bias)
