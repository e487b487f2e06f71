"""Draws curves over two logarithmic axes as SVG, for light and dark backgrounds."""
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 860, 480
LEFT, RIGHT, TOP, BOTTOM = 70, 190, 50, 55
COLOURS = ["#e5484d", "#0090a8", "#7d8590", "#d97706", "#a16207", "#8b5cf6", "#16a34a", "#3b82f6", "#db2777", "#65a30d"]
LABEL_HEIGHT = 17

STYLE = """
text { font: 13px system-ui, sans-serif; fill: #24292f }
.title { font-weight: 600; font-size: 15px }
.grid { stroke: #8b949e; stroke-opacity: .3 }
.axis { stroke: #8b949e }
@media (prefers-color-scheme: dark) { text { fill: #d0d7de } }
"""


class Axis:
    """A logarithmic axis: whole powers of ten from end to end, and where a value is between them."""

    def __init__(self, values, start, end):
        self._low, self._high = floor(log10(min(values))), ceil(log10(max(values)))
        self._high = max(self._high, self._low + 1)
        self._start, self._end = start, end

    def at(self, value):
        return self._start + (log10(value) - self._low) / (self._high - self._low) * (self._end - self._start)

    def ticks(self):
        return [10 ** power for power in range(self._low, self._high + 1)]


def svg(title, x_title, y_title, curves):
    """The picture. curves: for each name its points (x, y), all above zero."""
    points = [point for curve in curves.values() for point in curve]
    across = Axis([x for x, _ in points], LEFT, WIDTH - RIGHT)
    up = Axis([y for _, y in points], HEIGHT - BOTTOM, TOP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img">',
        f"<title>{escape(title)}</title>", f"<style>{STYLE}</style>",
        _text(LEFT, 24, title, "start", "title"),
        *_grid(across, up),
        _text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, x_title), _text(LEFT - 8, TOP - 12, y_title, "end"),
        *_curves(curves, across, up), "</svg>"]
    return "\n".join(parts) + "\n"


def _grid(across, up):
    for tick in up.ticks():
        yield _line("grid", LEFT, up.at(tick), WIDTH - RIGHT, up.at(tick))
        yield _text(LEFT - 8, up.at(tick) + 4, _count(tick), "end")
    for tick in across.ticks():
        yield _line("grid", across.at(tick), TOP, across.at(tick), HEIGHT - BOTTOM)
        yield _text(across.at(tick), HEIGHT - BOTTOM + 20, _count(tick))
    yield _line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM)
    yield _line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM)


def _curves(curves, across, up):
    """Each curve, thicker for the first, and its name at the right, as near to its end as the other names let it."""
    labels = _spaced(sorted((up.at(curve[-1][1]), name) for name, curve in curves.items()))
    for number, (name, curve) in enumerate(curves.items()):
        colour, dots = COLOURS[number % len(COLOURS)], [(across.at(x), up.at(y)) for x, y in curve]
        yield f'<polyline fill="none" stroke="{colour}" stroke-width="{4 if number == 0 else 2}" points="{" ".join(f"{x:.1f},{y:.1f}" for x, y in dots)}"/>'
        for x, y in dots:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{5 if number == 0 else 3.5}" fill="{colour}"/>'
        edge, height = WIDTH - RIGHT, labels[name]
        yield f'<polyline fill="none" stroke="{colour}" stroke-dasharray="2 3" points="{dots[-1][0]:.1f},{dots[-1][1]:.1f} {edge + 14},{height:.1f}"/>'
        yield f'<circle cx="{edge + 18}" cy="{height:.1f}" r="4" fill="{colour}"/>'
        yield _text(edge + 28, height + 4, name, "start")


def _spaced(labels):
    """Heights for labels, given from the top down, so that none covers another or leaves the picture."""
    heights, least = {}, TOP
    for height, name in labels:
        least = heights[name] = max(height, least)
        least += LABEL_HEIGHT
    most = HEIGHT - BOTTOM
    for _, name in reversed(labels):
        most = heights[name] = min(heights[name], most)
        most -= LABEL_HEIGHT
    return heights


def _count(value):
    return f"{value:,.0f}".replace(",", " ") if value >= 1 else f"{value:g}"


def _line(kind, x1, y1, x2, y2):
    return f'<line class="{kind}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'


def _text(x, y, text, anchor="middle", kind=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"' + (f' class="{kind}"' if kind else "") + f">{escape(text)}</text>"
