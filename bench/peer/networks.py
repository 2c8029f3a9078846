"""The networks that are compared, spiking and with rectifiers, and their calibration."""
from __future__ import annotations

import functools
from typing import Any, Callable, Optional

import torch
from torch import Tensor, nn
from torch.nn import functional

from lif import Lif, fire, new_like

BATCH = 16
CLASSES = 10
FIRING = 0.1
EVENT_SHARE = 0.05  # of the values of a frame of events that are not zero


class Spiking(nn.Module):
    """LIF neurons; `gain` is the parameter that their current is proportional to."""

    def __init__(self, steps: int, gain: nn.Parameter) -> None:
        super().__init__()
        self.steps = steps
        self.gain = (gain,)  # no parameter of this module
        self.calibrating = self.counting = False
        self.rate = 0.0

    def forward(self, current: Tensor, constant: bool = False,
                shortcut: Optional[Tensor] = None) -> Tensor:
        if self.calibrating:
            current = self.calibrate(current, constant, shortcut)
        if shortcut is not None:
            current = current.add_(shortcut)
        if torch.is_grad_enabled():
            return Lif.apply(current, self.steps, constant)
        spikes = new_like(current, len(current) * self.steps) if constant else current
        fire(current, self.steps, spikes)
        if self.counting:
            self.rate = round(spikes.mean().item(), 4)
        return spikes

    def calibrate(self, current: Tensor, constant: bool, shortcut: Optional[Tensor]) -> Tensor:
        """Looks for the gain at which the wanted share fires."""
        low, high = 1e-4, 1e4
        spikes = new_like(current, len(current) * (self.steps if constant else 1))
        for _ in range(20):
            scale = (low * high) ** 0.5
            trial = current * scale
            fire(trial if shortcut is None else trial.add_(shortcut), self.steps, spikes)
            low, high = (low, scale) if spikes.mean() > FIRING else (scale, high)
        self.gain[0].mul_(low)
        return current * low


class Rectifier(nn.Module):
    """What stands in the place of neurons in an ANN."""

    def __init__(self, gain: nn.Parameter) -> None:
        super().__init__()

    def forward(self, current: Tensor, constant: bool = False,
                shortcut: Optional[Tensor] = None) -> Tensor:
        return functional.relu_(current if shortcut is None else current.add_(shortcut))


Neuron = Callable[[nn.Parameter], nn.Module]


def convolution(inputs: int, outputs: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, outputs, size, stride, padding=size // 2, bias=False)


class Plain(nn.Module):
    """Convolutions and poolings ("M"), then layers of neurons, then the classes."""

    def __init__(self, neuron: Neuron, steps: int, image: tuple[int, int, int],
                 features: list[Any], hidden: list[int], dropout: float,
                 events: bool = False) -> None:
        super().__init__()
        self.events = events
        channels, height, width = image
        self.steps, self.image, self.dropout = steps, image, dropout
        self.features, self.neurons = nn.ModuleList(), nn.ModuleList()
        for feature in features:
            if feature == "M":
                self.features.append(nn.MaxPool2d(2))
                height, width = height // 2, width // 2
            else:
                self.features.append(convolution(channels, feature))
                self.neurons.append(neuron(self.features[-1].weight))
                channels = feature
        self.hidden, values = nn.ModuleList(), channels * height * width
        for units in hidden:
            self.hidden.append(nn.Linear(values, units, bias=False))
            self.neurons.append(neuron(self.hidden[-1].weight))
            values = units
        self.classes = nn.Linear(values, CLASSES, bias=False)

    def forward(self, signal: Tensor) -> Tensor:
        neurons = iter(self.neurons)
        # Images do not change: their convolution is needed once.
        constant = not self.events
        for layer in self.features:
            signal = layer(signal)
            if isinstance(layer, nn.Conv2d):
                signal = next(neurons)(signal, constant)
                constant = False
        signal = signal.flatten(1)
        for layer in self.hidden:
            signal = next(neurons)(layer(signal))
            if self.dropout > 0.0 and self.training:
                signal = self.drop(signal)
        # The mean of the last layer's outputs is its output for the mean.
        return self.classes(signal.unflatten(0, (self.steps, BATCH)).mean(0))

    def drop(self, signal: Tensor) -> Tensor:
        """Drops the same units at all steps."""
        mask = functional.dropout(torch.ones_like(signal[:BATCH]), self.dropout)
        return (signal.unflatten(0, (self.steps, BATCH)) * mask).flatten(0, 1)


class Normalised(nn.Module):
    """A convolution and its batch normalisation, which inference folds into one."""

    def __init__(self, *sizes: int) -> None:
        super().__init__()
        self.convolution = convolution(*sizes)
        self.normalisation: Optional[nn.BatchNorm2d] = nn.BatchNorm2d(sizes[1])

    def forward(self, signal: Tensor) -> Tensor:
        current = self.convolution(signal)
        return current if self.normalisation is None else self.normalisation(current)

    def fold(self) -> None:
        self.convolution = nn.utils.fusion.fuse_conv_bn_eval(self.convolution, self.normalisation)
        self.normalisation = None


class Block(nn.Module):
    def __init__(self, neuron: Neuron, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.first = Normalised(inputs, outputs, 3, stride)
        self.first_neuron = neuron(self.first.normalisation.weight)
        self.second = Normalised(outputs, outputs)
        self.second_neuron = neuron(self.second.normalisation.weight)
        self.shortcut = Normalised(inputs, outputs, 1, stride) if stride > 1 else nn.Identity()

    def forward(self, signal: Tensor) -> Tensor:
        inner = self.first_neuron(self.first(signal))
        return self.second_neuron(self.second(inner), shortcut=self.shortcut(signal))


class ResNet18(nn.Module):
    image = (3, 32, 32)
    events = False

    def __init__(self, neuron: Neuron, steps: int) -> None:
        super().__init__()
        self.steps = steps
        self.stem = Normalised(3, 64)
        self.stem_neuron = neuron(self.stem.normalisation.weight)
        self.pool = nn.MaxPool2d(2)
        self.blocks = nn.ModuleList()
        inputs = 64
        for outputs in (64, 128, 256, 512):
            for stride in (1 if outputs == inputs else 2, 1):
                self.blocks.append(Block(neuron, inputs, outputs, stride))
                inputs = outputs
        self.classes = nn.Linear(inputs, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        signal = self.pool(self.stem_neuron(self.stem(images), constant=True))
        for block in self.blocks:
            signal = block(signal)
        return self.classes(signal.unflatten(0, (self.steps, BATCH)).mean((0, 3, 4)))


NETS: dict[str, Callable[[Neuron, int], nn.Module]] = {
    "vgg11": lambda neuron, steps: Plain(
        neuron, steps, (3, 32, 32),
        [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], [4096, 4096], 0.5),
    "resnet18": ResNet18,
    "mnist": lambda neuron, steps: Plain(
        neuron, steps, (1, 28, 28), [32, "M", 64, "M"], [256], 0.0),
    "vgg11_34": lambda neuron, steps: Plain(
        neuron, steps, (2, 34, 34),
        [64, "M", 128, "M", 256, 256, "M", 512, 512, "M", 512, 512, "M"], [4096, 4096], 0.5, True),
    "events_34": lambda neuron, steps: Plain(
        neuron, steps, (2, 34, 34), [16, "M", 32, "M"], [128], 0.0, True),
    "events_128": lambda neuron, steps: Plain(
        neuron, steps, (2, 128, 128), [16, "M", 32, "M"], [128], 0.0, True),
}
EVENT_NETS = ("vgg11_34", "events_34", "events_128")


def batch(net: nn.Module, steps: int) -> Tensor:
    """Noise: images, or a frame of events at each step, counts from 1 to 4."""
    if not net.events:
        images = torch.rand(BATCH, *net.image)
    else:
        shape = (steps * BATCH, *net.image)
        images = torch.randint(1, 5, shape) * (torch.rand(shape) < EVENT_SHARE)
    return images.float().contiguous(memory_format=torch.channels_last)


def build(name: str, spiking: bool, steps: int) -> nn.Module:
    torch.manual_seed(1)
    net = NETS[name](functools.partial(Spiking, steps) if spiking else Rectifier, steps)
    for parameter in net.parameters():
        if parameter.dim() > 1:
            nn.init.kaiming_normal_(parameter)
    return net.to(memory_format=torch.channels_last)


def neurons(net: nn.Module) -> list[Spiking]:
    return [module for module in net.modules() if isinstance(module, Spiking)]


@torch.no_grad()
def calibrate(net: nn.Module, images: Tensor) -> None:
    """Scales weights until each layer fires as wanted.

    Batch normalisation is left with the statistics of this very batch, so that the layers fire
    alike in training and in inference.
    """
    for module in net.modules():
        if isinstance(module, nn.BatchNorm2d):
            module.train()
            module.momentum = 1.0
    for neuron in neurons(net):
        neuron.calibrating = True
    net(images)
    for neuron in neurons(net):
        neuron.calibrating = False


@torch.no_grad()
def rates(net: nn.Module, images: Tensor) -> list[float]:
    """The share that fires, for each layer of neurons."""
    for neuron in neurons(net):
        neuron.counting = True
    net(images)
    return [neuron.rate for neuron in neurons(net)]


def fold(net: nn.Module) -> None:
    for module in list(net.modules()):
        if isinstance(module, Normalised):
            module.fold()
