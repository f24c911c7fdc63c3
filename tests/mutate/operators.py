# SPDX-License-Identifier: MIT
"""The single faults that mutate.py plants: where in a C file each of its operators fits.

A file is read as text with comments, strings and characters blanked out (`Source`), lines are cut into
what the operators need, and each place where one fits becomes a `Site`. Nothing here knows how a mutant is
built or tested. What is left out on purpose: asserts, texts for people, and calls that could harm the
machine of whoever runs this (unlink, kill and their like).
"""
import bisect
import re
from typing import NamedTuple


class Site(NamedTuple):
    """One place and what stands there instead."""
    path: str
    line: int  # from 0
    column: int  # from 0
    operator: str
    old: str
    new: str

    def what(self):
        return f"{self.old.strip() or self.old} -> {self.new.strip() or 'nothing'}"


SWAPS = {
    "arithmetic": {"+": "-", "-": "+", "*": "/", "/": "*", "%": "*", "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*="},
    "comparison": {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "=="},
    "logic": {"&&": "||", "||": "&&"},
    "bits": {"&": "|", "|": "&", "^": "|", "<<": ">>", ">>": "<<", "|=": "&=", "&=": "|="},
}
OPERATOR_OF = {old: (name, new) for name, swaps in SWAPS.items() for old, new in swaps.items()}
# Parts of a name (between underscores) whose exchange makes the name of its twin.
TWINS = {}
for one, two in [("x", "y"), ("vx", "vy"), ("ax", "ay"), ("bx", "by"), ("dx", "dy"), ("a", "b"), ("ma", "mb"),
                 ("ia", "ib"), ("sin", "cos"), ("min", "max"), ("low", "high"), ("lower", "upper"),
                 ("width", "height"), ("rows", "columns"), ("positive", "negative"), ("left", "right"),
                 ("source", "target"), ("terminated", "truncated"), ("floor", "ceil"), ("first", "last"),
                 ("linear", "angular"), ("mean", "variance"), ("solved", "failed"), ("timeout", "diverged"),
                 ("target", "hazard"), ("joint", "body"), ("velocity", "position"), ("above", "below")]:
    TWINS.setdefault(one, two)
    TWINS.setdefault(two, one)
OF_TABLES = ("constant", "truth", "twin", "axis", "arguments", "sign")  # fit where values stand, not code
ASSERTS = r"PARA_ASSERT\w*|PARA_NEVER|_?[Ss]tatic_assert|assert"
FOR_PEOPLE = r"para_log_line|para_problem|para_diag_add|para_diag_print|para_app_fail|para_app_misused|perror"
HARMFUL = re.compile(r"\b(unlink|rmdir|remove|rename|kill|killpg|raise|fork|exec[lv]\w*|system|popen|f?truncate)\s*\(")
CONTROL = {"if", "for", "while", "switch", "return", "sizeof", "else", "do", "case", "defined", "__attribute__"}
EITHER_WAY = re.compile(r"(.*_)?f?(min|max|dot)f?")  # functions whose two arguments may change places
BINARY = re.compile(r"(?<=[\w)\]\"'}]) ([-+*/%&|^]=?|[<>]=?|[=!]=|&&|\|\||<<|>>)(?= |$)")
NUMBER = re.compile(r"(?<![\w.])(0[xX][0-9a-fA-F]+|(?:\d+\.\d*|\.\d+|\d+)(?:[eE][-+]?\d+)?)([fFuUlL]*)(?![\w.])")
WORD = re.compile(r"(?<![\w\"'])[A-Za-z_]\w*")
DECLARATION = re.compile(r"^\s*(?:(?:const|static|unsigned|struct|enum|union|volatile|register|extern|inline) )*"
                         r"\w+(?: \**|\** )\**\w+\s*(?:=(?!=)|;|\[|,|\()")
REAL = re.compile(r"^\s*(const |static )*(float|double|Vf|return)\b")
STATEMENT = re.compile(r"^\s*(?!\(void\))(\**\w[^{}]*|\+\+.*|--.*|\(.*);$")
STARTS_NO_STATEMENT = re.compile(r"^\s*(return|break|continue|goto|case|default|else|if|for|while|do|switch|"
                                 r"typedef|static|const|struct|extern|unsigned|union|enum|_Static_assert)\b")


def blank(text):
    """The text with comments as spaces and the inside of strings and characters as NULs; same length."""
    out, i, n = list(text), 0, len(text)
    while i < n:
        two = text[i:i + 2]
        if two in ("//", "/*"):
            end = text.find("\n", i) if two == "//" else text.find("*/", i + 2) + 2
            end = n if end < i + 2 else end
            for k in range(i, end):
                if text[k] != "\n":
                    out[k] = " "
            i = end
        elif text[i] in "\"'":
            k = i + 1
            while k < n and text[k] not in (text[i], "\n"):
                skip = 2 if text[k] == "\\" else 1
                for m in range(k, min(k + skip, n)):
                    if text[m] != "\n":
                        out[m] = "\0"
                k += skip
            i = k + 1
        else:
            i += 1
    return "".join(out)


def closing(text, at):
    """Index of the bracket that closes the one at `at`, -1 if there is none."""
    depth = 0
    for i in range(at, len(text)):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if depth == 0:
            return i
    return -1


class Source:
    """A file as the operators see it: lines, blanked lines, and for every character what it belongs to:
    f a function's body, v values of a table, t a type's members, - the rest; x what stays as it is."""

    def __init__(self, path, text):
        self.path = path
        self.lines = text.split("\n")
        blanked = blank(text)
        blanked, self.defines = self._without_directives(blanked)
        self.code = blanked.split("\n")
        self.starts = [0]
        for line in self.lines:
            self.starts.append(self.starts[-1] + len(line) + 1)
        self.belongs = self._belongings(blanked)
        self._leave_out(text, blanked)
        self.words = set(WORD.findall(blanked))

    @staticmethod
    def _without_directives(blanked):
        """Blanks preprocessor lines; also lists (line, first column of the value) of named numbers."""
        lines, defines, inside = blanked.split("\n"), [], False
        for i, line in enumerate(lines):
            named = re.match(r"\s*#define \w+ +(?=[-\d.(]+[fFuUlL]*\)?\s*$)", line)
            if inside or re.match(r"\s*#", line):
                inside = line.endswith("\\")
                if named:
                    defines.append((i, named.end(), line[named.end():]))
                lines[i] = " " * len(line)
        return "\n".join(lines), defines

    def _belongings(self, blanked):
        if self.path.endswith(".def"):
            return list("v" * len(blanked))
        out, stack, since = [], [], 0
        for i, c in enumerate(blanked):
            if c == "{":
                before = blanked[since:i].strip()
                if stack:
                    stack.append("f" if stack[-1] == "f" else stack[-1])
                elif before.endswith(")"):
                    stack.append("f")
                else:
                    stack.append("v" if "=" in before else "t")
            out.append(stack[-1] if stack else "-")
            if c == "}" and stack:
                stack.pop()
            if not stack and c in ";}":
                since = i + 1
        return out

    def _leave_out(self, text, blanked):
        """Marks asserts, texts for people and whole lines of harmful calls."""
        for call in re.finditer(r"(?<!\w)([A-Za-z_]\w*)\(", blanked):
            end = closing(blanked, call.end() - 1)
            if end < 0 or call.group(1) in CONTROL or self.path.endswith(".def"):
                continue
            name, inside = call.group(1), range(call.end(), end)
            says = any(blanked[k] == "\0" and text[k] == " " and text[k - 1].isalpha() for k in inside)
            if re.fullmatch(ASSERTS + "|" + FOR_PEOPLE, name) or says or text[call.end():].startswith("stderr"):
                for k in range(call.start(), end + 1):
                    self.belongs[k] = "x"
        for i, line in enumerate(self.code):
            if HARMFUL.search(line):
                for k in range(self.starts[i], self.starts[i + 1] - 1):
                    self.belongs[k] = "x"

    def at(self, line, column):
        place = self.starts[line] + column
        return self.belongs[place] if place < len(self.belongs) else "-"


def other_numbers(number, suffix):
    """What a constant becomes: one more, one less, twice, 1.4 times, nothing."""
    if number[:2].lower() == "0x":
        return [f"{hex(int(number, 16) + 1)}{suffix}"]
    if re.fullmatch(r"\d+", number) and not re.search("[fF]", suffix):
        n = int(number)
        values = [n + 1] + ([n - 1] if n > 0 else []) + ([2 * n, 0] if n > 1 else [])
        return [f"{v}{suffix}" for v in values]
    v = float(number)
    values = [1.0] if v == 0 else [2 * v, 1.4 * v, 0.0]
    return [(f"{w!r}" if "." in f"{w!r}" or "e" in f"{w!r}" else f"{w!r}.0") + suffix for w in values]


def split_arguments(text, first, end):
    """(column, text) of the parts between commas of text[first:end], brackets kept whole."""
    parts, depth, begin = [], 0, first
    for i in range(first, end):
        depth += (text[i] in "([{") - (text[i] in ")]}")
        if text[i] == "," and depth == 0:
            parts.append((begin, text[begin:i]))
            begin = i + 1
    parts.append((begin, text[begin:end]))
    return [(at + len(p) - len(p.lstrip()), p.strip()) for at, p in parts]


def twin(word):
    """The name with one of its parts exchanged for that part's twin, or None: body_a -> body_b."""
    parts = word.split("_")
    for i in reversed(range(len(parts))):
        other = TWINS.get(parts[i].lower())
        if other:
            other = other.upper() if parts[i].isupper() else other
            return "_".join(parts[:i] + [other] + parts[i + 1:])
    return None


def number_sites(source, i, code):
    for m in NUMBER.finditer(code):
        before = code[:m.start()].rstrip()
        if before.endswith("case") or (DECLARATION.match(code) and before.endswith("[") and "=" not in before):
            continue
        for new in other_numbers(m.group(1), m.group(2)):
            yield Site(source.path, i, m.start(), "constant", m.group(0), new)


def word_sites(source, i, code):
    for m in WORD.finditer(code):
        word, column = m.group(0), m.start()
        if word in ("true", "false"):
            yield Site(source.path, i, column, "truth", word, "false" if word == "true" else "true")
        other = twin(word)
        member = code[:column].endswith((".", "->"))
        if other and (other in source.words or (member and other in ("x", "y"))):
            yield Site(source.path, i, column, "axis" if {word, other} == {"x", "y"} else "twin", word, other)
    for m in re.finditer(r"!(?=[\w(])", code):
        yield Site(source.path, i, m.start(), "condition", "!", "")
    for m in re.finditer(r"(?:(?<=[(\[{])|(?<=[=,?:] )|(?<=return ))-(?=[A-Za-z_(])", code):
        yield Site(source.path, i, m.start(), "sign", "-", "")


def bracket_sites(source, i, code):
    for m in re.finditer(r"\b(if|while) \(", code):
        end = closing(code, m.end() - 1)
        if end > 0:
            inside = code[m.end():end]
            yield Site(source.path, i, m.end(), "condition", inside, f"!({inside})")
    for m in re.finditer(r"\[([^\[\]]+)\]", code):
        declared = DECLARATION.match(code) and "=" not in code[:m.start()]
        if not declared and not code[m.end():].startswith(" = ") or "->" in code[:m.start()]:
            yield Site(source.path, i, m.start(1), "index", m.group(1), m.group(1) + " + 1")
    for m in re.finditer(r"\b(\w+)?([({])(?=[^)}])", code):
        end = closing(code, m.end() - 1)
        if end < 0 or m.group(1) in CONTROL or (m.group(2) == "{" and ";" in code[m.end():end]):
            continue
        parts = split_arguments(code, m.end(), end)
        for (at, one), (later, two) in zip(parts, parts[1:]):
            if one and two and one != two and not EITHER_WAY.fullmatch(m.group(1) or ""):
                old = code[at:later + len(two)]
                yield Site(source.path, i, at, "arguments", old, f"{two}, {one}")
        if m.group(1) in ("memset", "memcpy", "memmove", "memcmp") and len(parts) == 3:
            at, size = parts[2]
            yield Site(source.path, i, at, "size", size, f"({size}) / 2")


def statement_sites(source, i, code, before):
    m = re.search(r"(?:(?<= = )|(?<=return ))(?![-{(]*[\"{&])(?!NULL|true|false|[-\d])([^;]+)(?=;$)", code)
    whole = m and code.count("(") == code.count(")") and len(split_arguments(m.group(1), 0, len(m.group(1)))) == 1
    if whole and (REAL.match(code) or not DECLARATION.match(code)):
        yield Site(source.path, i, m.start(1), "sign", m.group(1), f"-({m.group(1)})")
    for m in re.finditer(r"\b(break|continue|return);", code):
        yield Site(source.path, i, m.start(), "jump", m.group(0), ";")
    if (STATEMENT.match(code) and not STARTS_NO_STATEMENT.match(code) and not DECLARATION.match(code)
            and re.search(r"[(=]|\+\+|--", code) and code.count("(") == code.count(")")
            and re.search(r"(^|[;{}:)]|\belse|\bdo)$", before)):
        column = len(code) - len(code.lstrip())
        yield Site(source.path, i, column, "deletion", code.strip(), ";")


def binary_sites(source, i, code):
    for m in BINARY.finditer(code):
        operator, new = OPERATOR_OF.get(m.group(1), (None, None))
        if operator:
            yield Site(source.path, i, m.start(1), operator, m.group(1), new)


def line_sites(source, i, before):
    """Every place of line `i` where an operator fits. `before`: the last line with code above it."""
    code = source.code[i].rstrip()
    for site in (*number_sites(source, i, code), *word_sites(source, i, code), *binary_sites(source, i, code),
                 *bracket_sites(source, i, code), *statement_sites(source, i, code, before)):
        where = source.at(i, site.column)
        if "\0" in site.old: # a string stands in it: take the true text
            true = source.lines[i][site.column:site.column + len(site.old)]
            if site.operator != "arguments":
                site = site._replace(old=true, new=site.new.replace(site.old, true))
            else:
                one, two = split_arguments(site.old, 0, len(site.old))[:2]
                site = site._replace(old=true, new=f"{true[two[0]:]}, {true[one[0]:one[0] + len(one[1])]}")
        if where == "f" or (where == "v" and site.operator in OF_TABLES):
            yield site


def file_sites(path, text):
    """All sites of a file, by line: {line: [Site]}. Headers count where they hold code."""
    source, sites, before = Source(path, text), {}, ""
    for i, code in enumerate(source.code):
        found = list(line_sites(source, i, before)) if code.strip() else []
        if found:
            sites[i] = found
        if code.strip():
            before = code.strip()
    for i, column, value in source.defines:
        found = [s for s in number_sites(source, i, " " * column + value)]
        if found and (path.endswith(".c") or re.search(r"[.]", value)):
            sites[i] = found
    return sites


class Draws:
    """An endless, seeded series of sites without repeats: a line by weight, an operator, a place."""

    def __init__(self, rng, files, weight):
        """files: {path: text}; weight(path) of a line of that file."""
        self.rng, self.files, self.taken, self.lines, self.sums, total = rng, files, set(), [], [], 0.0
        for path in sorted(files):
            for _, sites in sorted(file_sites(path, files[path]).items()):
                total += weight(path)
                self.lines.append(sites)
                self.sums.append(total)

    def __iter__(self):
        free = sum(len(sites) for sites in self.lines)
        while len(self.taken) < free:
            sites = self.lines[bisect.bisect(self.sums, self.rng.random() * self.sums[-1])]
            kinds = sorted({s.operator for s in sites})
            kind = kinds[int(self.rng.random() * len(kinds))]
            of_kind = [s for s in sites if s.operator == kind]
            site = of_kind[int(self.rng.random() * len(of_kind))]
            if site not in self.taken:
                self.taken.add(site)
                yield site


def planted(text, site):
    """The file's text with the fault in it. Lines keep their numbers."""
    lines = text.split("\n")
    line = lines[site.line]
    assert line[site.column:site.column + len(site.old)] == site.old, site
    lines[site.line] = line[:site.column] + site.new + line[site.column + len(site.old):]
    return "\n".join(lines)
