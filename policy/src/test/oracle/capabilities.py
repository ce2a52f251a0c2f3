#!/usr/bin/env python3
"""Writes capabilities.json from a real `opa capabilities --current`, without its prose: names, types, categories and flags
of all built-ins, keywords and features. One built-in a line.

    OPA=opa python3 capabilities.py
"""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).parent
OUT = HERE.parent.parent / "main/resources/io/outrider/policy/builtin/capabilities.json"


def without_prose(value):
    if isinstance(value, dict):
        return {k: without_prose(v) for k, v in value.items() if k != "description"}
    return [without_prose(v) for v in value] if isinstance(value, list) else value


def main():
    opa = os.environ.get("OPA", "opa")
    found = json.loads(subprocess.run([opa, "capabilities", "--current"], capture_output=True, check=True).stdout)
    rows = ",\n".join("    " + json.dumps(without_prose(b), separators=(", ", ": ")) for b in found.pop("builtins"))
    rest = "".join(f',\n  "{k}": {json.dumps(found[k])}' for k in sorted(found))
    OUT.write_text('{\n  "builtins": [\n' + rows + "\n  ]" + rest + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
