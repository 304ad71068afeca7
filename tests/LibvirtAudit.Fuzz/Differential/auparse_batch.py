#!/usr/bin/python3
"""What libauparse makes of each line of standard input by itself: an object in JSON a line, null where it finds no event."""
import json
import sys

import auparse


def text(read):
    try:
        return read()
    except (UnicodeDecodeError, EnvironmentError, LookupError, RuntimeError):
        return None


def fields(parser):
    found = []
    while True:
        name = text(parser.get_field_name)
        if name not in ("type", "node"):
            found.append([name, text(parser.get_field_str), text(parser.interpret_field)])
        if not parser.next_field():
            return found


def read(number, line):
    try:
        parser = auparse.AuParser(auparse.AUSOURCE_BUFFER, line + "\n")
        if not parser.parse_next_event():
            return None
        stamp = parser.get_timestamp()
        if stamp is None:
            return None
        return {
            "sec": stamp.sec, "milli": stamp.milli, "serial": stamp.serial, "node": text(lambda: stamp.host),
            "type": text(parser.get_type_name), "line": number, "fields": fields(parser),
        }
    except (EnvironmentError, LookupError, RuntimeError):
        return None


sys.stdin.reconfigure(encoding="utf-8", newline="\n")
for number, line in enumerate(sys.stdin, 1):
    print(json.dumps(read(number, line.rstrip("\n"))))
