"""What the tests of the first boot talk to: an authority, HTTPS that fails as it is told to, and a name server."""

import http.server
import socket
import ssl
import struct
import subprocess
import threading


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def mint(folder, name, days="2"):
    """An authority and a certificate for 127.0.0.1 and `leader.example`."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    openssl("req", "-x509", *curve, "-keyout", f"{folder}/{name}-ca.key", "-out", f"{folder}/{name}-ca.crt", "-subj",
            "/CN=authority", "-addext", "keyUsage=critical,keyCertSign")
    openssl("req", "-x509", *curve, "-keyout", f"{folder}/{name}.key", "-out", f"{folder}/{name}.crt", "-subj",
            "/CN=node", "-CA", f"{folder}/{name}-ca.crt", "-CAkey", f"{folder}/{name}-ca.key", "-days", days, "-addext",
            "subjectAltName=IP:127.0.0.1,DNS:leader.example", "-addext", "basicConstraints=critical,CA:FALSE")


class Server:
    """HTTPS that answers each request with the next of its answers, and the last one from then on: a status and a
    body; `cut`, the connection closed in the middle of an answer; `hang`, no answer at all."""

    def __init__(self, certificate, answers, port=0):
        self.answers, self.requests, self.done = list(answers), [], threading.Event()
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length", 0))
                owner.requests.append((self.command, self.path, self.rfile.read(length).decode()))
                answer = owner.answers.pop(0) if len(owner.answers) > 1 else owner.answers[0]
                if answer == "hang":
                    owner.done.wait(60)
                    return
                if answer == "cut":
                    self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
                    self.wfile.flush()
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                status, body = answer
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body.encode())

            do_GET = do_POST = answer

            def log_message(self, *_):
                pass

        class Quiet(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass

        self.server = Quiet(("127.0.0.1", port), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate + ".crt", certificate + ".key")
            # The handshake in the request's own thread: a client that hangs up ends nothing else.
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    def close(self):
        if self.thread.is_alive():
            self.done.set()
            self.server.shutdown()
            self.thread.join()
            self.server.server_close()


class NameServer:
    """DNS over datagrams: an address for every name, and SRV records."""

    def __init__(self, address="127.0.0.1", services=()):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.settimeout(0.05)
        self.port = self.socket.getsockname()[1]
        self.address, self.services, self.ends = address, services, False
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self):
        while not self.ends:
            try:
                query, sender = self.socket.recvfrom(512)
            except TimeoutError:
                continue
            kind, = struct.unpack("!H", query[-4:-2])
            records = []
            if kind == 1 and self.address:
                records.append(socket.inet_aton(self.address))
            if kind == 33:
                for priority, weight, port, target in self.services:
                    name = b"".join(bytes([len(part)]) + part.encode() for part in target.split("."))
                    records.append(struct.pack("!HHH", priority, weight, port) + name + b"\0")
            answer = query[:2] + b"\x81\x80" + struct.pack("!HHHH", 1, len(records), 0, 0) + query[12:]
            for record in records:
                answer += b"\xc0\x0c" + struct.pack("!HHIH", kind, 1, 60, len(record)) + record
            self.socket.sendto(answer, sender)

    def close(self):
        self.ends = True
        self.thread.join()
        self.socket.close()
