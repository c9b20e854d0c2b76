#!/usr/bin/env python3
"""A schema registry in memory, with Confluent's REST interface and faults on demand. Standard library only.

  stub_registry.py [--cert FILE --key FILE [--client-ca FILE]]

Prints `PORT n CONTROL m` when it is ready. On the control port, always plain HTTP:

  POST /set      JSON object merged into the faults:
                   status: answer everything with this code       slow_ms: wait before each answer
                   basic: user:password that is wanted            bearer: token that is wanted
                   forbid: 403 for everything                     incompatible: 409 when registering
                   page: answer with this text instead of JSON    null takes a fault away
  POST /add      {"id": n, "schema": text, "subject"?, "schemaType"?}; answers {"guid": text}
  POST /reset    no faults, no schemas, no counts
  GET /count     {"requests": n}: how many the registry's port has answered
"""
import argparse
import base64
import hashlib
import json
import re
import ssl
import sys
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

LOCK = threading.Lock()
faults, schemas, subjects, count = {}, {}, {}, {"requests": 0}


def guid_of(schema):
    return str(uuid.UUID(bytes=hashlib.md5(schema["schema"].encode()).digest()))


def add(text, subject=None, schema_id=None, schema_type="AVRO"):
    """Registers a schema; the same text keeps its id."""
    for known, schema in schemas.items():
        if schema["schema"] == text and schema_id in (None, known):
            schema_id = known
    if schema_id is None:
        schema_id = max(schemas, default=1000) + 1
    schemas[schema_id] = {"schema": text, "schemaType": schema_type}
    if subject and schema_id not in subjects.setdefault(subject, []):
        subjects[subject].append(schema_id)
    return schema_id


def error(code, message):
    return code // 100 if code > 999 else code, {"error_code": code, "message": message}


def shown(schema):
    answer = {"schema": schema["schema"], "guid": guid_of(schema)}
    if schema["schemaType"] != "AVRO":
        answer["schemaType"] = schema["schemaType"]
    return 200, answer


def by_id(schema_id):
    schema = schemas.get(int(schema_id))
    return shown(schema) if schema else error(40403, "Schema %s not found" % schema_id)


def by_guid(guid):
    for schema in schemas.values():
        if guid_of(schema) == guid:
            return shown(schema)
    return error(40403, "Schema %s not found" % guid)


def lookup(subject, body):
    subject = unquote(subject)
    if subject not in subjects:
        return error(40401, "Subject '%s' not found." % subject)
    for version, schema_id in enumerate(subjects[subject], 1):
        if schemas[schema_id]["schema"] == body["schema"]:
            return 200, {"subject": subject, "id": schema_id, "version": version}
    return error(40403, "Schema not found")


def register(subject, body):
    if faults.get("incompatible"):
        return error(409, "Schema being registered is incompatible with an earlier schema")
    return 200, {"id": add(body["schema"], unquote(subject))}


ROUTES = [
    ("GET", re.compile(r"/schemas/ids/(\d+)$"), lambda match, body: by_id(match[1])),
    ("GET", re.compile(r"/schemas/guids/([0-9a-f-]+)$"), lambda match, body: by_guid(match[1])),
    ("POST", re.compile(r"/subjects/([^/]+)$"), lambda match, body: lookup(match[1], body)),
    ("POST", re.compile(r"/subjects/([^/]+)/versions$"), lambda match, body: register(match[1], body)),
    ("GET", re.compile(r"/subjects$"), lambda match, body: (200, sorted(subjects))),
]


def wanted_authorization():
    if faults.get("basic"):
        return "Basic " + base64.b64encode(faults["basic"].encode()).decode()
    return "Bearer " + faults["bearer"] if faults.get("bearer") else None


def answer_registry(method, path, body, authorization):
    wanted = wanted_authorization()
    if wanted and authorization != wanted:
        return error(401, "Unauthorized")
    if faults.get("forbid"):
        return error(40301, "User is denied operation Read on Subject")
    if faults.get("status"):
        return error(faults["status"], "as ordered")
    for wanted_method, pattern, route in ROUTES:
        match = pattern.match(path.partition("?")[0])
        if match and method == wanted_method:
            return route(match, body)
    return error(404, "HTTP 404 Not Found")


def answer_control(method, path, body, authorization):
    if path == "/set":
        faults.update(body)
    elif path == "/add":
        schema_id = add(body["schema"], body.get("subject"), body["id"], body.get("schemaType", "AVRO"))
        return 200, {"guid": guid_of(schemas[schema_id])}
    elif path == "/reset":
        for table in (faults, schemas, subjects):
            table.clear()
        count["requests"] = 0
    return 200, dict(count)


def handler(answer, is_registry):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1  # head and body in one packet: two would wait for each other

        def reply(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else {}
            if is_registry and faults.get("slow_ms"):
                time.sleep(faults["slow_ms"] / 1000)
            with LOCK:
                if is_registry:
                    count["requests"] += 1
                code, content = answer(self.command, self.path, body, self.headers.get("Authorization"))
                page = faults.get("page") if is_registry else None
            text = (page or json.dumps(content)).encode()
            self.send_response(code)
            self.send_header("Content-Type", "application/vnd.schemaregistry.v1+json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)
            self.wfile.flush()

        def do_GET(self):
            self.reply()

        def do_POST(self):
            self.reply()

        def log_message(self, *arguments):
            pass

    return Handler


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A client that went away is what the tests are about."""


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--client-ca")
    options = parser.parse_args()
    registry = Server(("127.0.0.1", 0), handler(answer_registry, True))
    control = Server(("127.0.0.1", 0), handler(answer_control, False))
    if options.cert:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(options.cert, options.key)
        if options.client_ca:
            context.load_verify_locations(options.client_ca)
            context.verify_mode = ssl.CERT_REQUIRED
        registry.socket = context.wrap_socket(registry.socket, server_side=True)
    threading.Thread(target=control.serve_forever, daemon=True).start()
    print("PORT %d CONTROL %d" % (registry.server_port, control.server_port), flush=True)
    registry.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
