"""Makes the report of compare.sh out of its runs.

report.py rate RUNS                         prints a quarter of the lines a second that Chat had in B; nothing when B was not measured
report.py tables RUNS FACTS REPORT PLOT     writes the report and, if M was measured, the plot; exit code 1 when Chat did wrong
"""
import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import median

import plot

OURS, LIMIT = "chat", "reference"
NOTHING = "–"


class Run:
    """One run of the load tool beside one server."""

    def __init__(self, record):
        self.scenario, self.title, self.kind = record["scenario"], record["title"], record["kind"]
        self.server, self.name, self.round = record["server"], record["name"], record["round"]
        self.flags, self.error, self.found = record["flags"], record["error"], record["run"]

    def __str__(self):
        return f"{self.scenario}, {self.name}, round {self.round}"

    def figure(self, path):
        """A number of the load tool's by its path, as "server.ns_per_delivery"; None when there is none."""
        found = self.found
        for key in path.split("."):
            found = found.get(key) if found else None
        return found

    @property
    def wrong_lines(self):
        return {what: self.figure(key) for what, key in (("lost", "lost"), ("doubled", "dup"), ("reordered", "reordered")) if self.figure(key)}


class Results:
    """All runs, by scenario and server, and how the figures of several rounds become one."""

    def __init__(self, path):
        self.scenarios, self.names, self._runs = {}, {}, defaultdict(dict)
        self.all = [Run(json.loads(line)) for line in Path(path).read_text().splitlines()]
        self.all.sort(key=lambda run: run.title[0])
        for run in self.all:
            self.names[run.server] = run.name
            if run.round > 0:
                self.scenarios.setdefault(run.scenario, run)
                self._runs[run.scenario, run.server][run.round] = run

    def servers(self, scenario):
        return [server for server in self.names if (scenario, server) in self._runs]

    def runs(self, scenario, server):
        return list(self._runs.get((scenario, server), {}).values())

    def values(self, scenario, server, path):
        figures = [run.figure(path) for run in self.runs(scenario, server)]
        return [figure for figure in figures if figure is not None]

    def middle(self, scenario, server, path):
        values = self.values(scenario, server, path)
        return median(values) if values else None

    def ratio(self, scenario, server, path, to_server, to_scenario=None):
        """The median of the ratios that were measured in the same round."""
        others = self._runs.get((to_scenario or scenario, to_server), {})
        pairs = [(run.figure(path), others[run.round].figure(path)) for run in self.runs(scenario, server) if run.round in others]
        ratios = [mine / other for mine, other in pairs if mine is not None and other]
        return median(ratios) if ratios else None


def number(value, digits=None, scale=1.0):
    if value is None:
        return NOTHING
    whole = scale == 1 and isinstance(value, int)
    value /= scale
    if digits is None:
        digits = 0 if whole or abs(value) >= 100 else 1 if abs(value) >= 10 else 2
    return f"{value:,.{digits}f}".replace(",", " ")


def times(value):
    return NOTHING if value is None else f"{number(value)}×"


def per_second(value):
    if value is None:
        return NOTHING
    return f"{number(value, scale=1e6)} M" if value >= 1e6 else f"{number(value, scale=1e3)} k" if value >= 1e3 else number(value)


def spread(values, scale=1.0):
    if not values:
        return NOTHING
    middle = number(median(values), scale=scale)
    return middle if len(values) == 1 else f"{middle} ({number(min(values), scale=scale)}–{number(max(values), scale=scale)})"


def table(head, rows):
    lines = [head, ["---"] + ["--:"] * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


class Column:
    """One column of a scenario's table: its head, and the cell of a server."""

    def __init__(self, head, cell):
        self.head, self.cell = head, cell

    @staticmethod
    def of(head, path, scale=1.0):
        return Column(head, lambda results, scenario, server: spread(results.values(scenario, server, path), scale))

    @staticmethod
    def ratio(head, path, to_server):
        return Column(head, lambda results, scenario, server: times(results.ratio(scenario, server, path, to_server)))

    @staticmethod
    def total(head, path):
        return Column(head, lambda results, scenario, server: number(sum(results.values(scenario, server, path)), 0))


NS, LAST, LAST_P99, EACH_P99 = "server.ns_per_delivery", "complete_us.p50", "complete_us.p99", "lat_us.p99"
COST = [Column.of("ns CPU per delivery", NS), Column.ratio("× reference", NS, LIMIT), Column.ratio("× Chat", NS, OURS)]
THROUGHPUT = Column("deliveries/s", lambda results, scenario, server: per_second(results.middle(scenario, server, "deliveries_per_s")))
LINES = [Column.total("lost", "lost"), Column.total("doubled", "dup"), Column.total("reordered", "reordered")]
COLUMNS = {
    "cost": [*COST, THROUGHPUT, Column.of("p50 ms", "lat_us.p50", 1e3), Column.of("p99 ms", EACH_P99, 1e3), *LINES],
    "latency": [
        Column.of("last receiver p50 ms", LAST, 1e3), Column.ratio("× reference", LAST, LIMIT),
        Column.of("last receiver p99 ms", LAST_P99, 1e3), Column.ratio("× reference", LAST_P99, LIMIT),
        Column.of("all p50 ms", "lat_us.p50", 1e3), Column.of("all p99 ms", EACH_P99, 1e3), *COST, THROUGHPUT, *LINES],
    "idle": [
        Column.of("bytes per connection", "server.rss_bytes_per_conn"),
        Column.of("a line to the last p50 ms", LAST, 1e3), Column.ratio("× reference", LAST, LIMIT), Column.of("max ms", "complete_us.max", 1e3), *LINES],
    "stalled": [
        Column.of("the others' p50 ms", "lat_us.p50", 1e3), Column.of("p99 ms", EACH_P99, 1e3),
        Column("p99 × with nobody stalled", lambda results, scenario, server: times(results.ratio(scenario, server, EACH_P99, server, "F0"))),
        Column.of("memory before MB", "server.rss_joined_kb", 1024), Column.of("at its peak MB", "server.rss_peak_kb", 1024),
        Column.of("stalled ones closed", "stalled_closed"), Column.of("others disconnected", "disconnected"), *LINES],
}
NOTES = {
    "latency": "Who delivers less than the others cannot keep up: its times are those of a queue that grows. "
               "Where the server's core is busy all the time, a delivery costs what the pace leaves for it.",
    "idle": "Memory is the process's resident memory, with the connections less without them.",
}


def overview(results):
    """The cost of a delivery everywhere: a row for each scenario, a column for each server."""
    scenarios = [scenario for scenario, run in results.scenarios.items() if run.kind == "cost" or scenario == "C"]
    rows = [[results.scenarios[scenario].title, *(number(results.middle(scenario, server, NS)) for server in results.names)] for scenario in scenarios]
    return "## ns of the server's CPU time per delivery\n\n" + table(["", *results.names.values()], rows) if rows else ""


def against_itself(results):
    """What Chat costs in one scenario against another."""
    pairs = [
        ("B, five hooks to none", results.ratio("B", "chat-hooks", NS, OURS)),
        ("10 000 members to 100", results.ratio("M10000", OURS, NS, OURS, "M100")),
        ("1 000 members to 100", results.ratio("M1000", OURS, NS, OURS, "M100")),
        ("D, with 900 silent rooms to without", results.ratio("D", OURS, NS, OURS, "Dbusy")),
        ("D, two cores to one", results.ratio("D2", OURS, NS, OURS, "D")),
    ]
    rows = [[what, times(ratio)] for what, ratio in pairs if ratio is not None]
    return "## Chat against itself\n\n" + table(["CPU per delivery", ""], rows) if rows else ""


def section(results, scenario):
    first = results.scenarios[scenario]
    servers = [server for server in results.servers(scenario) if any(run.found for run in results.runs(scenario, server))]
    columns = COLUMNS[first.kind]
    rows = [[results.names[server], *(column.cell(results, scenario, server) for column in columns)] for server in servers]
    parts = [f"## {first.title}", f"`{first.flags}`", table(["", *(column.head for column in columns)], rows)]
    failed = [f"- {results.names[server]}: {run.error}" for server in results.servers(scenario) for run in results.runs(scenario, server) if not run.found]
    if failed:
        parts.append("Not measured:\n\n" + "\n".join(failed))
    if first.kind in NOTES:
        parts.append(NOTES[first.kind])
    return "\n\n".join(parts)


def faults(results):
    """What the runs of Chat have to be blamed for, one sentence each."""
    for run in results.all:
        if not run.server.startswith(OURS):
            continue
        if not run.found:
            yield f"{run} could not be measured: {run.error}"
        elif run.wrong_lines:
            yield f"{run}: " + ", ".join(f"{count} lines {what}" for what, count in run.wrong_lines.items())


def cost_curves(results):
    """Cost per delivery against members: for each server, the points of the group M."""
    members = {int(scenario[1:]): scenario for scenario in results.scenarios if scenario[0] == "M"}
    curves = {}
    for server, name in results.names.items():
        points = [(count, results.middle(scenario, server, NS)) for count, scenario in sorted(members.items())]
        points = [(count, cost) for count, cost in points if cost]
        if points:
            curves[name] = points
    return curves


def write_report(results, facts, report, picture):
    wrong = list(faults(results))
    rounds = max((run.round for run in results.all), default=0)
    parts = ["# The chat server beside its peers", "\n".join(f"- {fact}" for fact in facts)]
    medians = "One round: differences of less than a quarter may be noise. " if rounds == 1 else f"Medians of {rounds} rounds (least–most); a ratio is the median of the ratios within each round. "
    parts.append(
        f"{medians}A delivery is one line received by one client; its cost is the server's CPU time, user and system. "
        "`reference` is a bare C server: batched, the least that can be done.")
    parts.append("Lost, doubled or reordered lines of Chat: " + ("**" + "; ".join(wrong) + "**" if wrong else f"none in {sum(run.server.startswith(OURS) for run in results.all)} runs."))
    parts += [overview(results), against_itself(results)]
    curves = cost_curves(results)
    if curves:
        picture.write_text(plot.svg("CPU per delivery against members of one room", "members", "ns", curves))
        parts.append(f"![CPU per delivery against members]({picture.name})")
    parts += [section(results, scenario) for scenario in results.scenarios]
    report.write_text("\n\n".join(part for part in parts if part) + "\n")
    print(f"The report is in {report}" + (f", the plot in {picture}" if curves else ""))
    for sentence in wrong:
        print(f"compare.sh: {sentence}", file=sys.stderr)
    return 1 if wrong else 0


def main(command, runs, *rest):
    results = Results(runs)
    if command == "rate":
        lines = [run.figure("lines_per_s") for run in results.all if run.scenario == "B" and run.server == OURS and run.found]
        print(round(median(lines) / 4) if lines else "")
        return 0
    facts, report, picture = (Path(path) for path in rest)
    return write_report(results, facts.read_text().splitlines(), report, picture)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
