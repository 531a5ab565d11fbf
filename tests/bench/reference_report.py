"""The reference of P5: json.loads and a recursive merge, as a Python dashboard does it. Answers each
line "full SECONDS" or "delta SECONDS" on standard input with nanoseconds of CPU a report."""

import json
import sys
import time

from reference_report_merge import merge


def measure(text, seconds):
    state = {}
    rounds = 0
    started = time.process_time()
    while True:
        for _ in range(50):
            merge(state, json.loads(text)["print"])
        rounds += 50
        used = time.process_time() - started
        if used >= seconds:
            return used / rounds * 1e9


def main():
    full = open(sys.argv[1], encoding="utf-8").read()
    delta = open(sys.argv[2], encoding="utf-8").read()
    for line in sys.stdin:
        kind, seconds = line.split()
        print(measure(full if kind == "full" else delta, float(seconds)), flush=True)


main()
