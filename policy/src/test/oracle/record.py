#!/usr/bin/env python3
"""Records what a real `opa` answers to calls of built-in functions.

Reads the calls of cases.py and writes ../resources/io/outrider/policy/builtin/oracle.jsonl, which BuiltinOracleTest
replays. Run by hand where `opa` is installed; the build needs only the recording.

    OPA=opa python3 record.py
"""

import json
import os
import pathlib
import subprocess
import tempfile

from cases import CASES, N, S

OPA = os.environ.get("OPA", "opa")
HERE = pathlib.Path(__file__).parent
OUT = HERE.parent / "resources/io/outrider/policy/builtin/oracle.jsonl"
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


def expression(index, name, args):
    # object.get hides the types of literals from OPA's type checker, which would not run the call.
    parts = [
        f'object.get({{"v": {rego(a)}}}, "v", 0)' if has_set(a) else f"input[{index}][{j}]"
        for j, a in enumerate(args)
    ]
    if name in INFIX:
        return f"{parts[0]} {INFIX[name]} {parts[1]}"
    return f"{name}({', '.join(parts)})"


def plain(value):
    """Args with sets stand in the module, so the input needs only a place holder."""
    return "null" if has_set(value) else encoded(value)


def run(arguments, **kwargs):
    return subprocess.run([OPA, "eval", *arguments], capture_output=True, text=True, check=False, **kwargs)


def main():
    calls = [(name, args) for name, lists in CASES.items() for args in lists]
    with tempfile.TemporaryDirectory() as folder:
        module, data = f"{folder}/m.rego", f"{folder}/i.json"
        with open(data, "w", encoding="utf-8") as f:
            f.write("[" + ",\n".join("[" + ", ".join(map(plain, a)) + "]" for _, a in calls) + "]")
        with open(module, "w", encoding="utf-8") as f:
            f.write("package t\n")
            for i, (name, args) in enumerate(calls):
                f.write(f'r["{i}"] := sprintf("%v", [[x]]) if x := {expression(i, name, args)}\n')
        done = run(["-d", module, "-i", data, "data.t.r"])
        answer = json.loads(done.stdout)
        if "errors" in answer:
            raise SystemExit(done.stdout)
        results = answer["result"][0]["expressions"][0]["value"]
        lines = []
        for i, (name, args) in enumerate(calls):
            line = f'"f": {json.dumps(name)}, "a": {encoded(args)}'
            if str(i) in results:
                line += f', "r": {json.dumps(results[str(i)])}'
            else:
                strict = run(["--strict-builtin-errors", "-i", data, "x := " + expression(i, name, args)])
                errors = json.loads(strict.stdout).get("errors")
                line += f', "e": {json.dumps(errors[0]["code"] + ": " + errors[0]["message"])}' if errors else ', "u": true'
            lines.append("{" + line + "}\n")
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text("".join(lines), encoding="utf-8")
    print(f"{len(lines)} calls recorded in {OUT}")


if __name__ == "__main__":
    main()
