"""Checks a downloaded range of an audit chain with nothing but Python 3: python3 verify_audit.py FILE

The same as "dotnet run --project Standalone -- verify-audit FILE", written from the description in ServiceDefaults/README.md.
"""
import hashlib
import json
import sys


def digest(*texts):
    parts = [(text or "").encode() for text in texts]
    return hashlib.sha256(b"".join(b"%d:%s" % (len(part), part) for part in parts)).digest()


def digest_of(force, entry):
    if "sealed" in entry:
        return bytes.fromhex(entry["sealed"])
    withheld = entry.get("withheld") or digest(entry["id"], entry.get("reason")).hex()
    names = ("at", "actor", "action", "subjectType", "subjectId", "fields")
    return digest(str(entry["sequence"]), force, *(entry.get(name) for name in names), withheld)


def check(lines):
    first = json.loads(next(lines))
    if "before" not in first or (first["from"] == 1 and first["before"] != "0" * 64):
        return "what the range begins after is missing"
    sequence, previous = first["from"] - 1, bytes.fromhex(first["before"])
    for line in lines:
        entry = json.loads(line)
        sequence += 1
        if entry["sequence"] != sequence:
            return "entry %d is missing" % sequence
        previous = hashlib.sha256(previous + digest_of(first["force"], entry)).digest()
        if previous.hex() != entry["hash"]:
            return "entry %d does not follow from the one before it" % sequence
    if sequence != first["to"] or previous.hex() != first["head"]:
        return "the file does not end where its first line says"
    return None


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        broken = check(iter(file))
    print("BROKEN: " + broken if broken else "OK")
    sys.exit(1 if broken else 0)
