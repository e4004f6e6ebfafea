"""One picture in steps: first the series, then the event, then the normal range, then the verdict.

A step is the whole figure's spec over a frame that lacks the rows of later stages. Scales, axes and the
room for labels stay, so nothing jumps when rows are added. Each module says beside its drawing to which
stage a layer belongs (`Plot.stage`) and with which words each stage is shown.
"""

from dataclasses import replace

from charts.figure import STAGES, Figure, Step

__all__ = ["STAGES", "staged"]


def staged(figure: Figure) -> tuple[Figure, ...]:
    """The figure by its stages, each adding rows to the one before; the last is the figure itself."""
    held = [step for step in figure.steps if step.layers < set(figure.frame["layer"])]
    return (*(_by(figure, step) for step in held), figure)


def _by(figure: Figure, step: Step) -> Figure:
    return replace(
        figure,
        key=f"{figure.key}-{step.stage}",
        # the same layers and scales as objects: only what is read aloud is another
        spec={**figure.spec, "description": step.alt},
        frame=figure.frame[figure.frame["layer"].isin(step.layers)].reset_index(drop=True),
        title=step.title,
        subtitle=step.subtitle,
        alt=step.alt,
        stage=step.stage,
        steps=(),
    )
