"""Counts the virtualization records of a log with libauparse's binding for Python and looks at all of their fields."""
import sys

import auparse

log = auparse.AuParser(auparse.AUSOURCE_FILE, sys.argv[1])
count = fields = 0
while log.parse_next_event():
    while True:
        if 2500 <= log.get_type() <= 2599:
            count += 1
            while True:
                fields += log.interpret_field() != ""
                if not log.next_field():
                    break
        if not log.next_record():
            break
print(f"{count} records, {fields} fields")
