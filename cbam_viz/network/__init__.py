"""4 NETWORK: the module, the network that carries it, what its positions see, and how it is kept and trained."""
