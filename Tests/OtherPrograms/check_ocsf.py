"""Checks JSON lines against OCSF's own schema of the version and class that each names.

Usage: check_ocsf.py < events.jsonl

Prints a line for each fault, "LINE: PLACE: what is wrong", and a last one, "EVENTS checked".
"""

import json
import sys

from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema


def main():
    validators = {}
    count = 0
    for count, line in enumerate(sys.stdin, start=1):
        event = json.loads(line)
        kind = (event["metadata"]["version"], event["class_uid"])
        if kind not in validators:
            schema = OcsfJsonSchemaEmbedded(get_ocsf_schema(version=kind[0]))
            name = schema.lookup_class_name_from_uid(kind[1])
            validators[kind] = Draft202012Validator(schema.get_class_schema(name))
        for error in validators[kind].iter_errors(event):
            print(f"{count}: {error.json_path}: {error.message}")
    print(f"{count} checked")


main()
