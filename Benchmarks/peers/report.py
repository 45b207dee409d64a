"""What the comparisons share: times, figures and tables."""

import os
import platform
import time


def elapsed(work):
    start = time.perf_counter_ns()
    work()
    return time.perf_counter_ns() - start


def number(value):
    if value is None:
        return ""
    return f"{value:.2f}" if value < 99.5 else f"{value:,.0f}"


def table(header, rows):
    lines = ["| " + " | ".join(header) + " |", "|" + "|".join(["---"] * len(header)) + "|"]
    return "\n".join(lines + ["| " + " | ".join(str(c) for c in row) + " |" for row in rows]) + "\n"


def processor():
    if os.path.exists("/proc/cpuinfo"):
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    return platform.processor()


def keep_to(cores):
    """Runs this process, and those that it starts, on the first `cores` processors where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
