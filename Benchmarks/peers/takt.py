"""The process of ta-lib-takt: its module has the name of TA-Lib's, so the two cannot be loaded together.

    load PATH.npz | time ID CALLS | values ID PATH.npz | version
"""

import sys
from importlib.metadata import version

import numpy as np

from plans import PLANS, TALib

PLAN = {plan.id: plan for plan in PLANS}


def main():
    library, market, outputs = TALib(), {}, {}
    for line in sys.stdin:
        command, *words = line.split()
        answer = "ok"
        if command == "version":
            answer = f"ta-lib-takt {version('ta-lib-takt')}"
        elif command == "load":
            with np.load(words[0]) as stored:
                market = {key: stored[key] for key in stored.files}
            outputs = {}
        else:
            plan, shape = PLAN[words[0]], market["close"].shape
            if words[0] not in outputs:  # the last plan's arrays only
                outputs = {words[0]: {o: np.full(shape, np.nan) for o in plan.outputs}}
            out = outputs[words[0]]
            if command == "time":
                answer = library.time(plan, market, out, shape[0], int(words[1]))
            else:
                library.run(plan, market, out, shape[0])
                np.savez(words[1], **out)
        print(answer, flush=True)


main()
