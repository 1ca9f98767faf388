"""The tutorials' networks by name, and the histories that the tutorials print."""

from dataclasses import dataclass, replace

from core.config.network import CNN, MLP, ConvolutionBlock
from core.config.run import RunConfig

PRESETS: dict[str, RunConfig] = {
    config.preset: config
    for config in (
        RunConfig(preset="mlp-512", network=MLP(hidden_units=(512,)), optimizer="rmsprop", batch_size=128, epochs=5),
        RunConfig(
            preset="mlp-512-overfit",
            network=MLP(hidden_units=(512,)),
            optimizer="rmsprop",
            batch_size=128,
            epochs=20,
            validation="test",
        ),
        RunConfig(
            preset="lenet-20-50",
            network=CNN(
                blocks=(ConvolutionBlock(20, 5, "valid", "max"), ConvolutionBlock(50, 5, "same", "max")),
                pool_padding="same",
                dense_units=(500,),
            ),
            optimizer="rmsprop",
            batch_size=32,
            epochs=2,
        ),
        RunConfig(
            preset="cnn-16-36",
            network=CNN(
                blocks=(ConvolutionBlock(16, 5, "same", "max"), ConvolutionBlock(36, 5, "same", "max")),
                convolution_dropout=0.25,
                dense_units=(128,),
                dense_dropout=0.5,
            ),
            optimizer="adam",
            batch_size=300,
            epochs=20,
            validation="last-20",
        ),
        RunConfig(
            preset="mlp",
            network=MLP(hidden_units=(256, 128), dropout=0.2),
            optimizer="adam",
            batch_size=128,
            epochs=10,
            validation="last-20",
        ),
        RunConfig(
            preset="cnn",
            network=CNN(
                blocks=(ConvolutionBlock(16, 3, "same", "max"), ConvolutionBlock(32, 3, "same", "max")),
                batch_normalization=True,
                convolution_dropout=0.25,
                dense_units=(128,),
            ),
            optimizer="adam",
            batch_size=128,
            epochs=10,
            validation="last-20",
        ),
    )
}
FREE_PRESETS = ("mlp", "cnn")
"""The presets whose network the user designs."""


@dataclass(frozen=True, slots=True)
class PrintedHistory:
    """What a tutorial prints for its run, one value per epoch; test is (loss, accuracy)."""

    loss: tuple[float, ...]
    accuracy: tuple[float, ...]
    val_loss: tuple[float, ...] = ()
    val_accuracy: tuple[float, ...] = ()
    test: tuple[float, float] | None = None


# fmt: off
PRINTED_HISTORIES: dict[str, PrintedHistory] = {
    "mlp-512": PrintedHistory(
        loss=(.2544, .1024, .0678, .0485, .0368),
        accuracy=(.9271, .9697, .9799, .9857, .9890),
        test=(.0742, .9758),
    ),
    "cnn-16-36": PrintedHistory(
        loss=(.4736, .1326, .0980, .0791, .0698, .0616, .0531, .0496, .0455, .0417,
              .0375, .0357, .0347, .0314, .0298, .0260, .0255, .0243, .0241, .0214),
        accuracy=(.8517, .9604, .9700, .9761, .9779, .9813, .9835, .9843, .9863, .9870,
                  .9880, .9891, .9894, .9902, .9907, .9914, .9923, .9924, .9922, .9933),
        val_loss=(.1006, .0652, .0555, .0479, .0442, .0434, .0370, .0363, .0347, .0319,
                  .0309, .0341, .0332, .0312, .0296, .0312, .0270, .0305, .0299, .0311),
        val_accuracy=(.9694, .9813, .9838, .9862, .9873, .9875, .9893, .9904, .9908, .9920,
                      .9912, .9907, .9909, .9921, .9923, .9920, .9933, .9921, .9925, .9918),
        test=(.0220, .9926),
    ),
}
# fmt: on


def printed_history(config: RunConfig) -> PrintedHistory | None:
    """The tutorial's history, cut to the run's epochs; None where the run changes its preset's network or data set."""
    preset = PRESETS[config.preset]
    printed = PRINTED_HISTORIES.get(config.preset)
    if printed is None or (config.network, config.dataset) != (preset.network, preset.dataset):
        return None
    lines = ("loss", "accuracy", "val_loss", "val_accuracy")
    return replace(printed, **{name: getattr(printed, name)[: config.epochs] for name in lines})
