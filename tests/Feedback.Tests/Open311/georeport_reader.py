"""Reads a GeoReport v2 endpoint by the specification alone: standard library, another language, no word of ours.

Prints one JSON object of what it read, or fails with what is not as specified. Usage: georeport_reader.py BASE JURISDICTION
"""
import datetime
import json
import sys
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree as tree

BASE, JURISDICTION = sys.argv[1], sys.argv[2]
SERVICE = {"service_code": str, "service_name": str, "description": str, "metadata": bool, "type": ("realtime", "batch", "blackbox"), "keywords": str, "group": str}
MOMENTS = ("requested_datetime", "updated_datetime", "expected_datetime")


def get(path, **query):
    address = BASE + path + ("?" + urllib.parse.urlencode(query) if query else "")
    try:
        with urllib.request.urlopen(address, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


def need(condition, what):
    if not condition:
        raise SystemExit("not as specified: " + what)


def rows_of_xml(path, root, item, expected=200, **query):
    code, headers, body = get(path + ".xml", **query)
    need(code == expected, f"{path}.xml answers {code}")
    need(headers.get_content_type() in ("text/xml", "application/xml"), f"{path}.xml is {headers.get_content_type()}")
    need(headers.get_content_charset() == "utf-8", f"{path}.xml is in {headers.get_content_charset()}")
    need(body.lstrip().lower().startswith(b'<?xml version="1.0" encoding="utf-8"'), f"{path}.xml has no declaration of its encoding")
    document = tree.fromstring(body)
    need(document.tag == root, f"the root of {path} is {document.tag}")
    for element in document:
        need(element.tag == item, f"{element.tag} in {root}")
    return [{field.tag: (field.text or "") for field in element} for element in document]


def rows_of_json(path, **query):
    code, headers, body = get(path + ".json", **query)
    need(code == 200 and headers.get_content_type() == "application/json", f"{path}.json answers {code} as {headers.get_content_type()}")
    rows = json.loads(body.decode("utf-8"))
    need(isinstance(rows, list), f"{path}.json is no array")
    return rows


def moment(text, field):
    parsed = datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
    need(parsed.tzinfo is not None, f"{field} {text} has no zone")
    return parsed


services = rows_of_xml("services", "services", "service", jurisdiction_id=JURISDICTION)
need(services, "no services")
for service in services:
    need(service["service_code"] and service["service_name"], "a service without code or name")
    need(service["metadata"] in ("true", "false"), f"metadata {service['metadata']}")
    need(service["type"] in SERVICE["type"], f"type {service['type']}")
    need(set(service) <= set(SERVICE), f"fields {set(service) - set(SERVICE)}")
need([s["service_code"] for s in services] == [s["service_code"] for s in rows_of_json("services", jurisdiction_id=JURISDICTION)], "services differ between the formats")
code, _, body = get("services/" + services[0]["service_code"] + ".xml", jurisdiction_id=JURISDICTION)
need(code == 200 and tree.fromstring(body).tag == "service_definition", "no service definition")

requests = rows_of_xml("requests", "service_requests", "request", jurisdiction_id=JURISDICTION, status="open,closed")
codes = {s["service_code"] for s in services}
for request in requests:
    need(request["service_request_id"], "a request without id")
    need(request["status"] in ("open", "closed"), f"status {request['status']}")
    need(request["service_code"] in codes, f"service_code {request['service_code']} is in no list")
    for field in MOMENTS:
        if request.get(field):
            moment(request[field], field)
    need(bool(request["lat"]) == bool(request["long"]), "lat without long")
    if request["lat"]:
        need(-90 <= float(request["lat"]) <= 90 and -180 <= float(request["long"]) <= 180, "a place outside the world")
    need(request["lat"] or request["address"] or request["address_id"], "a request without a place")
as_json = rows_of_json("requests", jurisdiction_id=JURISDICTION, status="open,closed")
need([r["service_request_id"] for r in requests] == [r["service_request_id"] for r in as_json], "requests differ between the formats")
for row in as_json:
    need(row["lat"] is None or isinstance(row["lat"], (int, float)), "lat is no number in JSON")
if requests:
    one = requests[0]["service_request_id"]
    need(rows_of_xml("requests/" + one, "service_requests", "request") == [requests[0]], "one request differs from the list")
    both = rows_of_xml("requests", "service_requests", "request", service_request_id=one + ",nothing")
    need([r["service_request_id"] for r in both] == [one], "service_request_id does not choose")
    begun = moment(requests[0]["requested_datetime"], "requested_datetime")
    ranged = rows_of_xml("requests", "service_requests", "request", start_date=begun.isoformat(), end_date=(begun + datetime.timedelta(days=1)).isoformat(), service_code=requests[0]["service_code"])
    need(one in [r["service_request_id"] for r in ranged], "a range leaves out what lies in it")
error = rows_of_xml("requests/nothing", "errors", "error", expected=404)
need(error[0]["code"] == "404" and error[0]["description"], "an error without code or description")
print(json.dumps({"services": len(services), "requests": len(requests), "closed": sum(r["status"] == "closed" for r in requests)}))
