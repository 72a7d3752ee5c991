"""A part of a benchmark in a process of its own, without what came before it left in memory."""

from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from typing import Any


def apart(module: str, function: str, *given: Any) -> Any:
    """What the function answers; arguments and answer are pickled."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_call, module, function, *given).result()


def _call(module: str, function: str, *given: Any) -> Any:
    import django

    django.setup()
    return getattr(import_module(module), function)(*given)
