"""Runs name themselves by what differs from their preset."""

import re
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from itertools import count

from core.config.network import CNN, ConvolutionBlock, widths
from core.config.presets import PRESETS
from core.config.run import RunConfig, setting_text
from core.config.setting_table import changed_settings
from core.text import ENGLISH, catalogue, language, one_line, say, shortened, speaking

LONGEST_NAME = 72
"""The most characters of a name before its number; with one, it still fits a manifest."""
_JOINED = " · "


def run_name(config: RunConfig, *, after: int | None = None) -> str:
    """The preset and what differs from it, such as `mlp-512 · rate 0.003`, in at most LONGEST_NAME characters.

    `after` is the epoch of another run from which this one goes on.
    """
    parts = list(_parts(config))
    if after is not None:
        parts.append(say("run_name.after", epoch=after))
    name = _JOINED.join([config.preset, *parts])
    while len(name) > LONGEST_NAME and len(parts) > 1:
        # the last part, such as the seed, distinguishes a run from its siblings
        del parts[-2]
        name = _JOINED.join([config.preset, *parts[:-1], "…", parts[-1]])
    # a name has what a person can type
    return one_line(shortened(name, LONGEST_NAME))


def unique_name(config: RunConfig, taken: Collection[str], *, after: int | None = None) -> str:
    """The run's name for its folder, as in `run_name` but in English, numbered from 2 where it is taken."""
    with speaking(ENGLISH):
        name = run_name(config, after=after)
    numbered = (f"{name} ({number})" for number in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def worded_name(name: str, config: RunConfig, *, after: int | None = None) -> str:
    """A name of `unique_name` in the reader's language; a name that a person gave stays as it is."""
    return name if language() == ENGLISH else _worded(name, config, after, language())


@lru_cache(maxsize=10_000)
def _worded(name: str, config: RunConfig, after: int | None, tag: str) -> str:
    with speaking(ENGLISH):
        own = re.fullmatch(rf"{re.escape(run_name(config, after=after))}( \(\d+\))?", name)
    with speaking(tag):
        return f"{run_name(config, after=after)}{own[1] or ''}" if own else name


def _parts(config: RunConfig) -> Iterator[str]:
    for name in changed_settings(config):
        if name == "blocks":
            yield from _block_parts(config)
            continue
        if name == "kind":
            yield say(f"options.kind.{config.network.kind}")
            continue
        if name == "layers":
            yield say("run_name.layers", value="-".join(map(str, widths(config.network))))
            continue
        text = setting_text(config, name).replace(",", "-") or "none"
        special = f"run_name.is.{name}.{text}"
        yield say(special) if special in catalogue() else say(f"run_name.{name}", value=text)


def _block_parts(config: RunConfig) -> Iterator[str]:
    """What differs between the convolution blocks and the preset's."""
    base = PRESETS[config.preset].replace(kind=config.network.kind).network
    if not isinstance(base, CNN) or not isinstance(config.network, CNN):
        return
    for name in ConvolutionBlock.rules:
        own, preset = (_values(network.blocks, name) for network in (config.network, base))
        if own != preset:
            yield say(f"run_name.{name}", value=own)


def _values(blocks: Sequence[ConvolutionBlock], name: str) -> str:
    """An attribute of all blocks: `16-36`, or a value once if it is the same in all; the filters of each."""
    values = [str(getattr(block, name)) for block in blocks]
    return values[0] if name != "filters" and len(set(values)) == 1 else "-".join(values)
