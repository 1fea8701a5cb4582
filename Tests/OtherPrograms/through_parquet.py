"""Runs a statement on DuckDB that writes a Parquet file, and prints the file's rows as JSON lines.

Usage: through_parquet.py STATEMENT FILE
"""

import json
import sys

import duckdb


def main():
    statement, path = sys.argv[1:]
    duckdb.execute(statement)
    rows = duckdb.execute("FROM read_parquet(?)", [path])
    columns = [column[0] for column in rows.description]
    for row in rows.fetchall():
        print(json.dumps(dict(zip(columns, row)), ensure_ascii=False, default=repr))


main()
