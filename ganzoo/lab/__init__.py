"""The lab: games so small that they are learnt while somebody looks, played by the same code as all others."""
