"""Which input samples a position of a block sees on the local path, worked out from the config alone.

The local path is the convolutions, the pools and the convolution of the spatial gate, of this block and those before.
The channel gate pools over the whole window, so through it every position also depends on every sample, a little.
"""

from dataclasses import dataclass

from cbam_viz.network.config import ModelConfig


@dataclass(frozen=True)
class ReceptiveField:
    """Where the positions of one block lie in the window, in samples.

    Parameters
    ----------
    first_sample : where the field of position 0 begins; negative when it begins in the padding.
    size : samples one position sees.
    stride : samples between neighbouring positions.
    positions : L, how many there are.
    """

    first_sample: int
    size: int
    stride: int
    positions: int

    def centre(self, position: int) -> float:
        """Sample in the middle of the field of a position."""
        return self.first_sample + position * self.stride + (self.size - 1) / 2

    def then(self, kernel: int, stride: int, padding: int) -> "ReceptiveField":
        """The field after a convolution or a pool that reads this one."""
        return ReceptiveField(
            first_sample=self.first_sample - padding * self.stride,
            size=self.size + (kernel - 1) * self.stride,
            stride=self.stride * stride,
            positions=(self.positions + 2 * padding - kernel) // stride + 1,
        )


def receptive_fields(config: ModelConfig) -> tuple[ReceptiveField, ...]:
    """The receptive field of each block's spatial attention and refined features, first block first."""
    field = ReceptiveField(first_sample=0, size=1, stride=1, positions=config.window)
    fields = []
    for block in config.blocks:
        field = field.then(block.kernel, block.stride, block.padding)
        if block.cbam and block.has_spatial:
            field = field.then(block.cbam.kernel, 1, block.cbam.kernel // 2)
        fields.append(field)
        field = field.then(block.pool, block.pool, 0)
    return tuple(fields)
