"""Runs statements on DuckDB over the views of cases, and prints what they yield.

Usage: on_duckdb.py < jobs.json

jobs.json: a list of {"case": PATH, "statements": [{"sql": …, "parameters": {NAME: [TYPE, VALUE]},
"repeated": [{NAME: [TYPE, VALUE]}, …]}]}; a statement is run once, or once for each of `repeated`,
whose parameters are added. TYPE is integer, real or text.

Prints a list with, for each job, a list with, for each statement, a list with, for each run of it,
{"rows": [[[TAG, VALUE], …], …]} or {"error": …}. TAG is integer, real or text; null for NULL; else
the name of a type that no investigation may yield, such as bool.

A view becomes a table of the same columns. A column's type is what its values are, in any of the
cases: an engine other than SQLite has one type for it, rows or none. One without a value anywhere
has the type that SQLite says it was declared with.
"""

import json
import re
import sqlite3
import sys

import duckdb

TYPES = {"integer": "BIGINT", "real": "DOUBLE", "text": "VARCHAR"}
# What is left alone: comments, texts, quoted names, casts of DuckDB's; and what is bound.
TOKEN = re.compile(r"--[^\n]*|'(?:[^']|'')*'|\"[^\"]*\"|::|:([A-Za-z_][A-Za-z0-9_]*)")


class Case:
    """The views of one case, as SQLite yields them."""

    def __init__(self, path):
        self.sqlite = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        self.views = {}
        for (name,) in self.sqlite.execute("SELECT name FROM sqlite_schema WHERE type = 'view'"):
            described = self.sqlite.execute(f'PRAGMA table_info("{name}")').fetchall()
            self.views[name] = [(column[1], column[2].lower()) for column in described]

    def named_in(self, texts):
        words = set(re.findall(r"\w+", "\n".join(texts)))
        return [name for name in self.views if name in words]

    def rows(self, view):
        return self.sqlite.execute(f'SELECT * FROM "{view}"').fetchall()


def kind(value):
    return {int: "integer", float: "real", str: "text"}.get(type(value), type(value).__name__)


def column_types(cases):
    """(view, column) to a type's name, by the values of all cases."""
    seen, declared = {}, {}
    for case, tables in cases:
        for view, rows in tables.items():
            for index, (column, declaration) in enumerate(case.views[view]):
                declared[view, column] = declaration
                kinds = {kind(row[index]) for row in rows if row[index] is not None}
                seen.setdefault((view, column), set()).update(kinds)
    types = {}
    for key, kinds in seen.items():
        if not kinds:
            types[key] = declared[key] if declared[key] in TYPES else "text"
        elif kinds <= {"integer", "real"}:
            types[key] = "real" if "real" in kinds else "integer"
        elif kinds == {"text"}:
            types[key] = "text"
        else:
            sys.exit(f"on_duckdb.py: {'.'.join(key)} holds {sorted(kinds)}: no engine has such a column")
    return types


def load(engine, case, tables, types):
    for view, rows in tables.items():
        columns = [(name, TYPES[types[view, name]]) for name, _ in case.views[view]]
        engine.execute(
            f'CREATE TABLE "{view}" ({", ".join(f"{name} {type}" for name, type in columns)})')
        if not rows:
            continue
        lists = ", ".join(f"unnest(CAST(? AS {type}[]))" for _, type in columns)
        engine.execute(f'INSERT INTO "{view}" SELECT {lists}', [list(c) for c in zip(*rows)])


def bound(sql, parameters):
    """The statement with DuckDB's parameters, each of its declared type, and their values."""
    used = {}

    def replace(match):
        name = match.group(1)
        if name is None:
            return match.group(0)
        type, used[name] = parameters[name]
        return f"CAST(${name} AS {TYPES[type]})"

    return TOKEN.sub(replace, sql), used


def run(engine, sql, parameters):
    try:
        text, values = bound(sql, parameters)
        rows = engine.execute(text, values).fetchall()
    except (duckdb.Error, KeyError) as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {
        "rows": [
            [None if value is None else [kind(value), value if kind(value) in TYPES else str(value)]
             for value in row]
            for row in rows
        ]
    }


def main():
    jobs = json.load(sys.stdin)
    cases = []
    for job in jobs:
        case = Case(job["case"])
        named = case.named_in(statement["sql"] for statement in job["statements"])
        cases.append((case, {view: case.rows(view) for view in named}))
    types = column_types(cases)
    results = []
    for job, (case, tables) in zip(jobs, cases):
        engine = duckdb.connect(config={"threads": 1})
        load(engine, case, tables, types)
        results.append(
            [
                [
                    run(engine, statement["sql"], {**statement["parameters"], **more})
                    for more in statement.get("repeated", [{}])
                ]
                for statement in job["statements"]
            ])
        engine.close()
    json.dump(results, sys.stdout)


main()
