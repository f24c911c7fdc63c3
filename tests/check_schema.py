#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The JSON Schema of templates, judged by others: by the validator `jsonschema`, and by an editor's language server.

usage: tests/check_schema.py [--server COMMAND] [path of paracosm]
Without the module jsonschema it makes a virtual environment with it for itself. --server is a JSON language server that
speaks over stdio, such as `vscode-json-language-server`; without one npm is asked to fetch it, and where there is neither
node nor npm that half is left out, and told. Last line: `N passed, N failed`.
"""

from __future__ import annotations

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
PACKAGE = "vscode-langservers-extracted@4"

# What a schema can refuse: the form of an object, not whether names, numbers by chance and members make sense.
STRUCTURAL = ("P005", "P006", "P009", "P012", "P013", "P014", "P015", "P016", "P019", "P020", "P021", "P022")
passed = failed = 0


def claim(what: str, holds: bool, more: str = "") -> None:
    global passed, failed
    passed, failed = passed + holds, failed + (not holds)
    if not holds:
        print(f"FAILED: {what}{': ' + more if more else ''}")


def schema_of(paracosm: pathlib.Path) -> dict:
    return json.loads(subprocess.run([paracosm, "schema"], capture_output=True, text=True, check=True).stdout)


# ---------------------------------------------------------------------------------------------
# By a validator.


def good_files(paracosm: pathlib.Path, scratch: pathlib.Path) -> list[pathlib.Path]:
    found = []
    for folder in ("worlds/library", "worlds/parts", "docs/cookbook", "tests/fuzz/seeds"):
        found += sorted((ROOT / folder).rglob("*.json"))
    for template in sorted((ROOT / "worlds/library").rglob("*.json"))[:12]:  # levels, as they are saved
        subprocess.run([paracosm, "sample", template, "--out", scratch, "--quiet"], capture_output=True, check=True)
    return found + sorted(scratch.glob("*.json"))


def judge(paracosm: pathlib.Path) -> None:
    import jsonschema

    schema = schema_of(paracosm)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
        claim("the schema is one of draft 2020-12", schema["$schema"].endswith("draft/2020-12/schema"))
    except jsonschema.SchemaError as error:
        claim("the schema is one of draft 2020-12", False, error.message)
    validator = jsonschema.Draft202012Validator(schema)
    with tempfile.TemporaryDirectory() as scratch:
        for path in good_files(paracosm, pathlib.Path(scratch)):
            errors = sorted(validator.iter_errors(json.loads(path.read_text())), key=lambda e: list(e.absolute_path))
            errors = [jsonschema.exceptions.best_match([e]) for e in errors]
            claim(f"{path} is valid", not errors, "; ".join(f"{e.json_path}: {e.message[:120]}" for e in errors[:2]))
    refused, beyond = {code: 0 for code in STRUCTURAL}, []
    for path in sorted((ROOT / "tests/bad_templates").glob("*.json")):
        if path.name[:4] not in STRUCTURAL:
            continue
        try:
            template = json.loads(path.read_text())
        except ValueError:
            continue
        if validator.is_valid(template):
            beyond.append(path.stem)  # such as a field that asks for another, or counts of two lists that must be equal
        else:
            refused[path.name[:4]] += 1
    for code, count in refused.items():
        claim(f"a bad template of {code} is refused", count > 0)
    count = sum(refused.values())
    claim("most of what is wrong in form is refused", count >= 32 and count > 2 * len(beyond), f"{count}, not {beyond}")
    print(f"   jsonschema refuses {count} bad templates; beyond it: {', '.join(beyond)}")


# ---------------------------------------------------------------------------------------------
# By an editor's language server.


class Server:
    """A language server over stdio."""

    def __init__(self, command: list[str], schema: dict) -> None:
        self.child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.number = 0
        self.schema = schema
        self.request("initialize", {
            "processId": None, "rootUri": None,
            "capabilities": {"textDocument": {"completion": {"completionItem": {"snippetSupport": False}}},
                             "workspace": {"configuration": False}},
            "initializationOptions": {"provideFormatter": False},
        })  # fmt: skip
        self.send("initialized", {})
        self.send("workspace/didChangeConfiguration", {"settings": {"json": {
            "validate": {"enable": True},
            "schemas": [{"fileMatch": ["*.json"], "url": "file:///schema.json", "schema": schema}]}}})  # fmt: skip

    def write(self, message: dict) -> None:
        text = json.dumps({"jsonrpc": "2.0"} | message).encode()
        self.child.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(text), text))
        self.child.stdin.flush()

    def read(self) -> dict:
        size = 0
        while (line := self.child.stdout.readline().strip()) != b"":
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
        if size == 0:
            raise RuntimeError("the language server has ended")
        return json.loads(self.child.stdout.read(size))

    def send(self, method: str, params: dict) -> None:
        self.write({"method": method, "params": params})

    def request(self, method: str, params: dict) -> dict:
        self.number += 1
        self.write({"id": self.number, "method": method, "params": params})
        while True:
            message = self.read()
            if "method" in message and "id" in message:  # it asks us something: nothing is known
                self.write({"id": message["id"], "result": None})
            elif message.get("id") == self.number:
                return message.get("result")

    def complete(self, text: str) -> set[str]:
        """What is offered at the `|` of a text."""
        before, after = text.split("|")
        uri = f"file:///level{self.number}.json"
        self.send("textDocument/didOpen", {"textDocument": {
            "uri": uri, "languageId": "json", "version": 1, "text": before + after}})  # fmt: skip
        lines = before.split("\n")
        answer = self.request("textDocument/completion", {
            "textDocument": {"uri": uri}, "position": {"line": len(lines) - 1, "character": len(lines[-1])}})  # fmt: skip
        items = answer.get("items", []) if isinstance(answer, dict) else answer or []
        return {item["label"].strip('"') for item in items}


HEAD = '{"paracosm": 1, "name": "a", '
# A text with the cursor, what must be offered there, what must not.
PLACES = [
    ("{|}", {"paracosm", "name", "bodies", "goal", "player", "groups", "constraints", "events"}, {"fritcion"}),
    (HEAD + '"bodies": [{|}]}', {"name", "at", "shape", "friction", "repeat", "shatters"}, {"goal", "actuators"}),
    (HEAD + '"bodies": [{"shape": {|}}]}', {"circle", "box", "polygon", "chain", "radius"}, {"repeat"}),
    (HEAD + '"bodies": [{"shape": {"chain": {"terrain": "|"}}}]}', {"rolling", "stairs", "caves"}, {"name"}),
    (HEAD + '"goal": {|}}', {"touch", "inside", "near", "all", "for"}, {"bodies"}),
    (HEAD + '"world": {"friction_rule": "|"}}', {"product", "root_of_squares"}, {"circle"}),
    (HEAD + '"player": {"actuators": [{"motor": "axle", |}]}}', {"rate", "torque", "channel"}, {"shape"}),
    (HEAD + '"events": [{"do": [{|}]}]}', {"gravity", "spawn", "say", "over"}, {"circle"}),
    (HEAD + '"groups": [{|}]}', {"as", "repeat", "bodies", "groups"}, {"player"}),
    (HEAD + '"silence": ["|"]}', {"solved-by-nothing", "camera-small"}, {"circle"}),
    ('{"paracosm-part": 1, |}', {"params", "bodies", "include", "goal"}, {"tiers", "world"}),
]  # fmt: skip


def fetch_server(folder: str) -> list[str] | None:
    if not shutil.which("node") or not shutil.which("npm"):
        print("   left out: completion in a language server, as there is no node or npm here")
        return None
    got = subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", "--prefix", folder, PACKAGE],
                         capture_output=True, text=True, check=False)  # fmt: skip
    program = pathlib.Path(folder) / "node_modules/.bin/vscode-json-language-server"
    if got.returncode != 0 or not program.exists():
        print(f"   left out: completion in a language server, as npm cannot fetch {PACKAGE}: {got.stderr.strip()[-200:]}")
        return None
    return [str(program), "--stdio"]


def ask_editor(paracosm: pathlib.Path, command: list[str] | None) -> None:
    with tempfile.TemporaryDirectory() as folder:
        command = command or fetch_server(folder)
        if not command:
            return
        server = Server(command, schema_of(paracosm))
        for text, wanted, unwanted in PLACES:
            offered = server.complete(text)
            claim(f"completion at {text}", wanted <= offered and not unwanted & offered,
                  f"missing {sorted(wanted - offered)}, too much {sorted(unwanted & offered)}")  # fmt: skip
        server.child.kill()
        server.child.wait()
        print(f"   {len(PLACES)} places completed by {pathlib.Path(command[0]).name}")


def main() -> int:
    words = sys.argv[1:]
    server = None
    if words[:1] == ["--server"]:
        server, words = [*words[1].split(), "--stdio"], words[2:]
    paracosm = pathlib.Path(words[0] if words else ROOT / "build/paracosm").resolve()
    try:
        import jsonschema  # noqa: F401
    except ImportError:  # as in a clean checkout: fetched for this run alone
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-m", "venv", folder], check=True)
            python = f"{folder}/bin/python"
            subprocess.run([python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "jsonschema>=4.18"], check=True)
            return subprocess.run([python, __file__, *sys.argv[1:]], check=False).returncode
    judge(paracosm)
    ask_editor(paracosm, server)
    print(f"{passed} passed, {failed} failed")
    return failed > 0


if __name__ == "__main__":
    sys.exit(main())
