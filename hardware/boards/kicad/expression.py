"""KiCad's text format: nested lists of symbols, numbers and quoted strings."""

import re


class Text(str):
    """A string that KiCad writes in quotes."""


_TOKEN = re.compile(r'\s*(?:(\()|(\))|"((?:[^"\\]|\\.)*)"|([^\s()"]+))', re.DOTALL)


def parse(source):
    """The one expression in `source` as nested lists; quoted strings are `Text`, everything else is `str`."""
    stack = [[]]
    for opened, closed, quoted, atom in _TOKEN.findall(source):
        if opened:
            stack.append([])
        elif closed:
            inner = stack.pop()
            stack[-1].append(inner)
        elif atom:
            stack[-1].append(atom)
        else:
            stack[-1].append(Text(quoted.replace('\\"', '"').replace("\\n", "\n").replace("\\\\", "\\")))
    (expression,) = stack[0]
    return expression


def serialize(expression, depth=0):
    """The text of `expression`, one list a line, as KiCad indents it."""
    indent = "\t" * depth
    if not isinstance(expression, list):
        return indent + _atom(expression)
    if not any(isinstance(item, list) for item in expression):
        return indent + "(" + " ".join(_atom(item) for item in expression) + ")"
    first_list = next(i for i, item in enumerate(expression) if isinstance(item, list))
    head = " ".join(_atom(item) for item in expression[:first_list])
    body = "\n".join(serialize(item, depth + 1) for item in expression[first_list:])
    return f"{indent}({head}\n{body}\n{indent})"


def children(expression, name):
    """The lists directly in `expression` that begin with `name`."""
    return [item for item in expression if isinstance(item, list) and item and item[0] == name]


def child(expression, name):
    """The first list in `expression` that begins with `name`, or None."""
    found = children(expression, name)
    return found[0] if found else None


def _atom(value):
    if isinstance(value, Text):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        # Without this, sums of binary fractions would end in ...0000001 and differ from what KiCad writes.
        rounded = f"{value:.4f}".rstrip("0").rstrip(".")
        return "0" if rounded == "-0" else rounded
    return str(value)
