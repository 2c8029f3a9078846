"""LIF neurons that run through all steps of a sequence at once.

Signals are [steps * samples, ...], the steps one after the other. A constant current is
[samples, ...] and stands for all steps.
"""
from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

ALPHA = 4.0


def fire(current: Tensor, steps: int, spikes: Tensor) -> None:
    """Runs LIF neurons through all steps and keeps their spikes only, possibly over the current.

    What is followed is u = 2 H, so that charging is one operation: u = X + V / 2, with V = H
    where no spike was, that is u / 2; fired is u >= 2.
    """
    inputs = [current] * steps if current.shape != spikes.shape else current.chunk(steps)
    membrane = torch.zeros_like(inputs[0])
    for charge, spike in zip(inputs, spikes.chunk(steps)):
        torch.add(charge, membrane, alpha=0.5, out=membrane)
        torch.ge(membrane, 2.0, out=spike)
        membrane.addcmul_(membrane, spike, value=-1.0)


class Lif(torch.autograd.Function):
    """LIF neurons (tau 2, decaying input, threshold 1, hard reset to 0) through all steps.

    The surrogate is the sigmoid with alpha 4; the reset is not detached. The current's memory is
    used for the membrane (u = 2 H, as above), and that for the current's gradient, which is also
    the gradient of the V before: gX = gH / 2 with gH = (gS - gV H) alpha s (1 - s) + gV (1 - S)
    and s = sigmoid(alpha (H - 1)).
    """

    @staticmethod
    def forward(ctx: Any, current: Tensor, steps: int, constant: bool) -> Tensor:
        count = len(current) * (steps if constant else 1)
        membrane = new_like(current, count) if constant else current
        spikes = new_like(current, count)
        inputs = [current] * steps if constant else current.chunk(steps)
        before = spiked = None
        for charge, u, spike in zip(inputs, membrane.chunk(steps), spikes.chunk(steps)):
            if before is not None:
                torch.add(charge, before, alpha=0.5, out=u)
                u.addcmul_(before, spiked, value=-0.5)
            elif constant:
                u.copy_(charge)
            torch.ge(u, 2.0, out=spike)
            before, spiked = u, spike
        ctx.save_for_backward(membrane, spikes)
        ctx.steps, ctx.constant = steps, constant
        return spikes

    @staticmethod
    def backward(ctx: Any, slope: Tensor) -> tuple[Tensor, None, None]:
        membrane, spikes = ctx.saved_tensors
        slope = slope.contiguous(memory_format=layout(membrane))
        parts = [tensor.chunk(ctx.steps) for tensor in (membrane, spikes, slope)]
        scratch, factor = (torch.empty_like(parts[0][0]) for _ in range(2))
        total = torch.zeros_like(scratch) if ctx.constant else None
        after, shift = None, torch.tensor(-ALPHA)
        for u, spike, outer in reversed(list(zip(*parts))):
            torch.add(shift, u, alpha=ALPHA / 2.0, out=factor).sigmoid_()
            if after is not None:
                torch.addcmul(outer, after, u, value=-0.5, out=scratch)
                outer = scratch
            torch.ops.aten.sigmoid_backward(outer, factor, grad_input=factor)
            if after is None:
                torch.mul(factor, ALPHA / 2.0, out=u)
            else:
                torch.add(factor, after, alpha=1.0 / ALPHA, out=u)
                u.addcmul_(after, spike, value=-1.0 / ALPHA).mul_(ALPHA / 2.0)
            after = u
            if total is not None:
                total.add_(u)
        return membrane if total is None else total, None, None


def layout(tensor: Tensor) -> torch.memory_format:
    return torch.channels_last if tensor.dim() == 4 else torch.contiguous_format


def new_like(tensor: Tensor, count: int) -> Tensor:
    return torch.empty((count, *tensor.shape[1:]), memory_format=layout(tensor))
