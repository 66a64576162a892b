"""Which canvases stay cached, with numbers and bytes in place of canvases."""

from itertools import count
from types import SimpleNamespace

from backend.canvas_cache import CachedCanvas, CanvasCache


def a_model():
    numbers = count()
    return SimpleNamespace(canvas=lambda: SimpleNamespace(number=next(numbers), nbytes=0))


def paint(canvases, owner, model, nbytes=100):
    canvas = canvases.take(owner, model)
    canvas.nbytes = nbytes
    canvases.put(owner, CachedCanvas(model, canvas))
    return canvas.number


def test_an_owner_gets_its_canvas_again():
    canvases, model = CanvasCache(300), a_model()
    assert [paint(canvases, owner, model) for owner in "abab"] == [0, 1, 0, 1]


def test_another_model_and_a_canvas_that_was_not_given_back_mean_a_new_one():
    canvases, model = CanvasCache(300), a_model()
    assert paint(canvases, "a", model) == 0
    paint(canvases, "a", a_model())
    assert paint(canvases, "a", model) == 1
    canvases.take("a", model)
    assert paint(canvases, "a", model) == 2


def test_the_least_recently_used_are_evicted():
    canvases, model = CanvasCache(300), a_model()
    for owner in "abc":
        paint(canvases, owner, model)
    assert paint(canvases, "a", model) == 0
    paint(canvases, "d", model)
    assert paint(canvases, "b", model) > 3, "b was used longest ago"
    assert paint(canvases, "a", model) == 0
    paint(canvases, "e", model, nbytes=400)
    assert paint(canvases, "a", model) > 3, "one that is too large leaves no room"


def test_the_canvas_of_a_disconnected_owner_is_dropped():
    canvases, model = CanvasCache(300), a_model()
    paint(canvases, "a", model)
    canvases.drop("a")
    assert paint(canvases, "a", model) == 1


def test_a_canvas_counts_for_what_it_holds_now():
    canvases, model = CanvasCache(300), a_model()
    assert [paint(canvases, owner, model) for owner in "abc"] == [0, 1, 2]
    paint(canvases, "c", model, nbytes=200)
    assert paint(canvases, "b", model) == 1
    assert paint(canvases, "a", model) > 2, "a busy map of c's left it no room"
