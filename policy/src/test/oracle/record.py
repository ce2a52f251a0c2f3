#!/usr/bin/env python3
"""Records what a real OPA answers to calls of built-in functions.

Reads the calls of cases.py (written by hand) and generate.py (made from a seed) and writes the answers to
../resources/io/outrider/policy/builtin/oracle.jsonl and generated.jsonl.gz, which BuiltinOracleTest replays. Run by hand where
../go/opa-oracle has been built; the build needs only the recordings.

    OPA_ORACLE=opa-oracle python3 record.py [oracle|generated]
"""

import gzip
import json
import os
import pathlib
import subprocess
import sys

from cases import CASES, N, S
from generate import generated

ORACLE = os.environ.get("OPA_ORACLE", "opa-oracle")
HERE = pathlib.Path(__file__).parent
OUT = HERE.parent / "resources/io/outrider/policy/builtin"
INFIX = {"plus": "+", "minus": "-", "mul": "*", "div": "/", "rem": "%", "and": "&", "or": "|"}

def has_set(value):
    if isinstance(value, S):
        return True
    if isinstance(value, list):
        return any(map(has_set, value))
    if isinstance(value, dict):
        return any(map(has_set, value.values()))
    return False


def rego(value):
    if isinstance(value, S):
        return "{" + ", ".join(map(rego, value.items)) + "}" if value.items else "set()"
    if isinstance(value, list):
        return "[" + ", ".join(map(rego, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + rego(v) for k, v in value.items()) + "}"
    return text(value)


def text(value):
    return value.text if isinstance(value, N) else json.dumps(value)


def encoded(value):
    """JSON text in which sets are {"$set": [...]}."""
    if isinstance(value, S):
        return '{"$set": [' + ", ".join(map(encoded, value.items)) + "]}"
    if isinstance(value, list):
        return "[" + ", ".join(map(encoded, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(json.dumps(k) + ": " + encoded(v) for k, v in value.items()) + "}"
    return text(value)


def question(name, args):
    """The arguments stand in the input, where OPA's type checker does not see what they are."""
    parts = [f"input[{i}]" for i in range(len(args))]
    call = f"{parts[0]} {INFIX[name]} {parts[1]}" if name in INFIX else f"{name}({', '.join(parts)})"
    asked = {"cmd": "eval", "query": f"x = {call}", "timeout_ms": 20000}
    asked["input_term" if has_set(args) else "input"] = rego(args) if has_set(args) else json.loads(encoded(args))
    if not has_set(args):
        # Number texts must reach OPA as they are written.
        return json.dumps({k: v for k, v in asked.items() if k != "input"})[:-1] + ', "input": ' + encoded(args) + "}"
    return json.dumps(asked)


def answer(line):
    found = json.loads(line)
    if found.get("errors"):
        error = found["errors"][0]
        return ', "e": ' + json.dumps(error["code"] + ": " + error["message"])
    results = found["results"]
    return ', "r": ' + json.dumps("[" + results[0]["x"] + "]") if results else ', "u": true'


def record(file, calls):
    """Asks for all calls and writes those that were answered. One that OPA ends its process at is left out."""
    lines = []
    oracle = None
    for name, args in calls:
        if oracle is None:
            oracle = subprocess.Popen([ORACLE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            oracle.stdin.write(question(name, args) + "\n")
            oracle.stdin.flush()
            said = oracle.stdout.readline()
        except BrokenPipeError:
            said = ""
        if said:
            lines.append('{"f": ' + json.dumps(name) + ', "a": ' + encoded(args) + answer(said) + "}\n")
        else:
            print("OPA ended at", name, encoded(args))
            oracle.wait()
            oracle = None
    if oracle is not None:
        oracle.stdin.close()
        oracle.wait()
    data = "".join(lines).encode()
    (OUT / file).write_bytes(gzip.compress(data, mtime=0) if file.endswith(".gz") else data)
    print(f"{len(lines)} calls recorded in {file}")


def main():
    which = sys.argv[1:] or ["oracle", "generated"]
    if "oracle" in which:
        record("oracle.jsonl", [(name, args) for name, lists in CASES.items() for args in lists])
    if "generated" in which:
        record("generated.jsonl.gz", generated())


if __name__ == "__main__":
    main()
