"""Known theory of how much depth, or memory, should help on our data sets, with its source."""

THEORY = {
    "nnbench.data.ladder.parity": (
        "One hidden layer needs a unit for each of the bits, a deep network two units in each of "
        "log2(bits) layers (Telgarsky 2016); but gradients say next to nothing of which bits count "
        "(Shalev-Shwartz et al. 2017)."
    ),
    "nnbench.data.ladder.xor": (
        "No line puts more than three of the four corners on their sides (Minsky & Papert 1969); "
        "one hidden layer of two units is enough (Rumelhart et al. 1986)."
    ),
    "nnbench.data.ladder.sawtooth": (
        "A deep network makes it with two units a layer and a layer a fold; one hidden layer needs "
        "as many units as there are slopes, 2^folds (Telgarsky 2016)."
    ),
    "nnbench.data.ladder.composition": (
        "What is composed of functions of two numbers needs a number of units that grows with the "
        "number of inputs in a network as deep as the tree, and exponentially in a shallow one "
        "(Mhaskar & Poggio 2016)."
    ),
    "nnbench.data.ladder.spirals": (
        "One hidden layer can draw any boundary, but needs a unit for each of its pieces; a deeper "
        "network can unwind the arms step by step."
    ),
    "nnbench.data.ladder.checkerboard": (
        "A network can fold the board along each of its lines, halving it with every layer, where "
        "one hidden layer needs a unit for every line and cell (Montufar et al. 2014)."
    ),
    "nnbench.data.ladder.deep_linear": (
        "Depth adds nothing to what a linear function needs, only to how it is learnt: one "
        "strength after the other (Saxe et al. 2014)."
    ),
    "nnbench.data.ladder.deep_relu": (
        "A student as deep and wide as the teacher can be the teacher; some deep functions are out "
        "of reach of any shallow network of a size that grows less than exponentially (Eldan & "
        "Shamir 2016), though a random teacher need not be one of them."
    ),
    "nnbench.data.sequences.temporal_parity": (
        "A recurrent network needs one bit of memory for any number of steps; a feed-forward one "
        "as much as for parity of as many inputs."
    ),
    "nnbench.data.sequences.adding": (
        "Two numbers must be kept over half of the steps, which gates are made for (Hochreiter & "
        "Schmidhuber 1997)."
    ),
    "nnbench.data.sequences.copy": (
        "What is shown must survive the gap, over which gradients fade without gates."
    ),
    "nnbench.data.sequences.dyck": (
        "Needs a stack as deep as brackets are nested; with one kind a counter is enough, which "
        "gated networks learn (Weiss et al. 2018)."
    ),
    "nnbench.data.mnist1d.mnist1d": (
        "A stroke is the same wherever it stands, which convolutions are made for; without the "
        "order of the steps they lose what they gain by it (Greydanus & Kobak 2024)."
    ),
    "nnbench.data.sequences.waveforms": (
        "What tells waves apart is local and at any place, which convolutions are made for."
    ),
}
"""Function that makes a data set → the theory of it."""
