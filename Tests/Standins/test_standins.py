"""The stand-ins keep the manners that bundles, first boot and the lab count on."""

import json
import os
import pathlib
import random
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request

PROFILES = pathlib.Path(__file__).resolve().parents[2] / "profiles"
STANDIN = PROFILES / "plasmacloud/payloads/standin"
PATIENCE = 60  # seconds a condition is waited for; met much sooner


def openssl(*words):
    subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def mint(folder):
    """An authority and a certificate for the loopback addresses, as the nodes would have them."""
    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc")
    openssl("req", "-x509", *curve, "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.crt", "-subj", "/CN=test authority",
            "-addext", "keyUsage=critical,keyCertSign")
    names = ",".join(f"IP:127.0.0.{last}" for last in range(1, 6))
    openssl("req", "-x509", *curve, "-keyout", f"{folder}/node.key", "-out", f"{folder}/node.crt", "-subj", "/CN=node",
            "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key", "-addext", f"subjectAltName={names}",
            "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth,clientAuth")


def free_ports(count):
    """Ports that nobody has; below those that the kernel gives to whoever connects, which it may do at any moment."""
    ports = []
    while len(ports) < count:
        port = random.randrange(10000, 32000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        if port not in ports:
            ports.append(port)
    return ports


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def toml(table):
    """TOML of scalars and lists first, tables after: JSON's strings, numbers and lists are TOML's too."""
    plain = [f"{key} = {json.dumps(value)}\n" for key, value in table.items() if not isinstance(value, dict)]
    nested = [f"[{key}]\n" + toml(value) for key, value in table.items() if isinstance(value, dict)]
    return "".join(plain + nested)


class StandinCase(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="standin-")
        self.addCleanup(folder.cleanup)
        self.folder, self.certificates = pathlib.Path(folder.name), None

    def tls(self):
        if not self.certificates:
            mint(self.folder)
            self.certificates = ssl.create_default_context(cafile=f"{self.folder}/ca.crt")
        return {"certificate": "node.crt", "key": "node.key", "authority": "ca.crt"}

    def write(self, name, table):
        path = self.folder / f"{name}.toml"
        path.write_text(toml(table))
        return path

    def spawn(self, *words, **environment):
        process = subprocess.Popen(
            [str(word) for word in words], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL,
            env={"PATH": os.environ["PATH"], "CREDENTIALS_DIRECTORY": str(self.folder)} | environment)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        return process

    def start(self, name, table, **environment):
        return self.spawn(STANDIN, "--config", self.write(name, table), **environment)

    def call(self, address, path, method="GET", body=None):
        """The status and the parsed body; (0, None) where nothing answers."""
        scheme = "https" if self.certificates else "http"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{scheme}://{address}{path}", data=data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE, context=self.certificates) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as answer:
            status, text = answer.code, answer.read()
            answer.close()
        except OSError:
            return 0, None
        try:
            return status, json.loads(text)
        except ValueError:
            return status, text.decode()

    def eventually(self, expected, look):
        end = time.monotonic() + PATIENCE
        while (found := look()) != expected and time.monotonic() < end:
            time.sleep(0.05)
        self.assertEqual(found, expected)

    def end(self, process):
        process.send_signal(signal.SIGTERM)
        return process.wait(PATIENCE)


class ClusterTests(StandinCase):
    """Three chainfires over mutual TLS, a fourth that joins."""

    def setUp(self):
        super().setUp()
        self.tls()
        self.ports = free_ports(2)
        self.apis = [f"127.0.0.{last}:{self.ports[0]}" for last in range(1, 5)]
        self.rafts = [f"127.0.0.{last}:{self.ports[1]}" for last in range(1, 5)]

    def node(self, number, **more):
        table = {
            "service": "chainfire", "node": f"node0{number + 1}", "peers": self.rafts[:3],
            "advertise": self.rafts[number], "listen": {"api": self.apis[number], "raft": self.rafts[number]},
            "tls": self.tls()}
        state = self.folder / f"state{number}"
        state.mkdir(exist_ok=True)
        return self.start(f"node{number}", table | more, STATE_DIRECTORY=str(state))

    def status(self, number):
        status, body = self.call(self.apis[number], "/health")
        return status, body and body["status"], body and body["raft"], body and body["cluster_size"]

    def healthy(self, number):
        """What a node says of each member; nothing where it does not listen yet."""
        body = self.call(self.apis[number], "/admin/cluster/members")[1]
        return body and [member["healthy"] for member in body["members"]]

    def test_lone_node_is_never_healthy_and_two_of_three_are(self):
        self.node(0)
        self.eventually((503, "forming", "candidate", 3), lambda: self.status(0))
        time.sleep(3)
        self.assertEqual(self.status(0), (503, "forming", "candidate", 3))
        self.assertEqual(self.call(self.apis[0], "/api/v1/kv/a", "PUT", {"value": 1})[0], 503)
        self.node(1)
        self.eventually((200, "healthy", "leader", 3), lambda: self.status(0))
        self.eventually((200, "healthy", "follower", 3), lambda: self.status(1))

    def test_values_reach_every_node_and_outlive_one(self):
        nodes = [self.node(number) for number in range(3)]
        for number in range(3):
            self.eventually(200, lambda number=number: self.status(number)[0])
        put = (self.apis[0], "/api/v1/kv/test-key", "PUT", {"value": "hello"})
        self.eventually(200, lambda: self.call(*put)[0])
        expected = (200, {"key": "test-key", "value": "hello"})
        self.eventually(expected, lambda: self.call(self.apis[2], "/api/v1/kv/test-key"))
        self.assertEqual(self.end(nodes[0]), 0)
        self.eventually((200, "healthy", "leader", 3), lambda: self.status(1))
        self.eventually(expected, lambda: self.call(self.apis[1], "/api/v1/kv/test-key"))
        self.assertEqual(self.end(nodes[1]), 0)
        self.eventually((503, "forming", "candidate", 3), lambda: self.status(2))

    def test_fourth_node_joins_once_and_leaves(self):
        nodes = [self.node(number) for number in range(3)]
        fourth = self.node(3, bootstrap=False)
        self.eventually((503, "joining", 3), lambda: self.status(3)[:2] + self.status(3)[3:])
        for number in range(3):
            self.eventually([True] * 3, lambda number=number: self.healthy(number))
        body = {"id": "node04", "raft_addr": self.rafts[3]}
        self.assertEqual(self.call(self.apis[1], "/admin/member/add", "POST", body)[0], 503, "node02 does not lead")
        self.assertEqual(self.call(self.apis[0], "/admin/member/add", "POST", body)[0], 201)
        self.assertEqual(self.call(self.apis[0], "/admin/member/add", "POST", body)[0], 409)
        self.eventually((200, "healthy", "follower", 4), lambda: self.status(3))
        self.eventually([True] * 4, lambda: self.healthy(0))
        for process in [*nodes, fourth]:
            self.assertEqual(self.end(process), 0)
        for number in range(3):
            self.node(number)
        self.node(3, bootstrap=False)
        self.eventually((200, "healthy", "follower", 4), lambda: self.status(3))
        self.eventually((200, "healthy", "leader", 4), lambda: self.status(0))
        self.assertEqual(self.call(self.apis[0], "/admin/member/node04", "DELETE")[0], 200)
        self.eventually((503, "joining"), lambda: self.status(3)[:2])
        self.assertEqual(self.call(self.apis[0], "/admin/member/node04", "DELETE")[0], 404)

    def test_raft_port_wants_a_certificate(self):
        self.node(0)
        self.eventually(True, lambda: listens(self.ports[1]))
        with socket.create_connection(("127.0.0.1", self.ports[1]), PATIENCE) as plain:
            with self.certificates.wrap_socket(plain, server_hostname="127.0.0.1") as stream:
                with self.assertRaises(ssl.SSLError):
                    stream.sendall(b"{}\n")
                    if not stream.recv(1):
                        raise ssl.SSLError("hung up")

    def test_clients_need_a_certificate_where_that_is_asked(self):
        self.node(0, tls=self.tls() | {"clients": "required"})
        self.eventually(True, lambda: listens(self.ports[0]))
        self.assertEqual(self.status(0)[0], 0)
        self.certificates.load_cert_chain(f"{self.folder}/node.crt", f"{self.folder}/node.key")
        self.assertEqual(self.status(0)[0], 503)


class MannersTests(StandinCase):
    """One daemon without peers."""

    def setUp(self):
        super().setUp()
        (self.port,) = free_ports(1)
        self.address = f"127.0.0.1:{self.port}"
        self.table = {"service": "iam", "node": "node01", "listen": {"api": self.address}}

    def test_health_has_what_the_configuration_adds(self):
        process = self.start("a", self.table | {"health": {"database": "connected", "version": "1.0.0"}})
        expected = {"status": "healthy", "database": "connected", "version": "1.0.0"}
        self.eventually((200, expected), lambda: self.call(self.address, "/health"))
        self.assertEqual(self.call(self.address, "/healthz"), (200, "ok"))
        self.assertEqual(self.call(self.address, "/admin/cluster/members")[0], 404, "it is not clustered")
        self.assertEqual(self.end(process), 0)

    def test_setup_is_done_once(self):
        self.start("a", self.table)
        self.eventually(200, lambda: self.call(self.address, "/health")[0])
        statuses = [self.call(self.address, "/admin/setup", "POST", {"admin": "root"})[0] for _ in range(2)]
        self.assertEqual(statuses, [201, 409])
        self.assertEqual(self.call(self.address, "/api/v1/kv/x", "PUT", ["no value"])[0], 400)

    def test_ready_is_notified_after_the_delay(self):
        path = f"{self.folder}/notify"
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(PATIENCE)
            began = time.monotonic()
            self.start("a", self.table | {"start": {"delay": 0.6}}, NOTIFY_SOCKET=path)
            self.assertEqual(manager.recv(100), b"READY=1")
            self.assertGreaterEqual(time.monotonic() - began, 0.6)
        self.assertEqual(self.call(self.address, "/health")[0], 200)

    def test_notify_ready_waits_for_health(self):
        path, (raft,) = f"{self.folder}/notify", free_ports(1)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
            manager.bind(path)
            manager.settimeout(1.5)
            table = self.table | {"peers": ["127.0.0.1:1", "127.0.0.1:2"], "start": {"notify": "ready"}}
            table["listen"] = {"api": self.address, "raft": f"127.0.0.1:{raft}"}
            self.start("a", table, NOTIFY_SOCKET=path)
            with self.assertRaises(TimeoutError):
                manager.recv(100)
        self.eventually(503, lambda: self.call(self.address, "/health")[0])

    def takes_port(self):
        """Whether the port could be taken, for as long as the test lasts."""
        try:
            self.addCleanup(socket.create_server(("127.0.0.1", self.port)).close)
        except OSError:
            return False
        return True

    def test_fork_returns_once_it_listens(self):
        pid = self.folder / "pid"
        process = self.spawn(STANDIN, "--config", self.write("a", self.table | {"pid_file": str(pid)}), "--fork")
        self.assertEqual(process.wait(PATIENCE), 0)
        child = int(pid.read_text())
        self.assertEqual(self.call(self.address, "/health")[0], 200)
        os.kill(child, signal.SIGTERM)
        self.eventually(0, lambda: self.call(self.address, "/health")[0])
        self.eventually(True, self.takes_port)
        self.assertEqual(self.spawn(STANDIN, "--config", self.folder / "a.toml", "--fork").wait(PATIENCE), 1)

    def test_faults(self):
        faults = {
            "unhealthy": (True, lambda: self.call(self.address, "/health"), (503, {"status": "unhealthy"})),
            "unhealthy_after": (0.5, lambda: self.call(self.address, "/health")[0], 503),
            "already_member": (True, lambda: self.call(self.address, "/admin/member/add", "POST", {})[0], 409),
        }
        for name, (value, look, expected) in faults.items():
            with self.subTest(name):
                process = self.start("a", self.table | {"faults": {name: value}})
                self.eventually(expected, look)
                self.assertEqual(self.end(process), 0)
        with self.subTest("exit_after"):
            self.assertEqual(self.start("a", self.table | {"faults": {"exit_after": 0.2}}).wait(PATIENCE), 1)
        with self.subTest("slow"):
            process = self.start("a", self.table | {"faults": {"slow": 0.7}})
            self.eventually(200, lambda: self.call(self.address, "/health")[0])
            began = time.monotonic()
            self.call(self.address, "/health")
            self.assertGreaterEqual(time.monotonic() - began, 0.7)
            self.end(process)
        with self.subTest("refuse"):
            process = self.start("a", self.table | {"faults": {"refuse": True, "ignore_term": True}})
            self.eventually(True, lambda: listens(self.port))
            self.assertEqual(self.call(self.address, "/health")[0], 0)
        with self.subTest("ignore_term"):
            process.send_signal(signal.SIGTERM)
            with self.assertRaises(subprocess.TimeoutExpired):
                process.wait(0.7)

    def test_nonsense_is_refused(self):
        for wrong in ({"nodes": 3}, {"faults": {"slwo": 1}}, {"listen": {"api": "2379"}}, {"tls": {"key": "a"}},
                      {"listen": 3}, {"start": {"notify": "ready", "dealy": 1}}):
            with self.subTest(wrong):
                self.assertEqual(self.start("a", self.table | wrong).wait(PATIENCE), 2)
        lost = self.table | {"tls": {"certificate": "no.crt", "key": "no.key", "authority": "no.crt"}}
        self.assertEqual(self.start("a", lost).wait(PATIENCE), 1)

    def test_hostile_bytes_end_alone(self):
        self.start("a", self.table | {"listen": {"api": self.address, "dns": self.address, "raft": "127.0.0.2:1024"}}) \
            .wait(PATIENCE)  # one port twice: it cannot run
        (dns, raft) = free_ports(2)
        self.start("a", self.table | {"listen": {
            "api": self.address, "dns": f"127.0.0.1:{dns}", "raft": f"127.0.0.1:{raft}"}})
        for port in (self.port, dns, raft):
            self.eventually(True, lambda port=port: listens(port))
            for text in (b"", b"\xff" * 4096, b"[]\n", b"{}\n", b'{"version": "x", "keys": 3}\n', b"GET\r\n\r\n"):
                with socket.create_connection(("127.0.0.1", port), PATIENCE) as stream:
                    stream.sendall(text)
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
                datagrams.sendto(b"\xc0" * 20, ("127.0.0.1", dns))
        self.assertEqual(self.call(self.address, "/health")[0], 200)


class NameTests(StandinCase):
    def question(self, name):
        labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
        return struct.pack("!6H", 7, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack("!HH", 1, 1)

    def test_names_over_datagrams_and_streams(self):
        port, health = free_ports(2)
        self.start("a", {"service": "flashdns", "node": "node01", "listen": {
            "dot": f"127.0.0.1:{health}", "dns": f"127.0.0.1:{port}"}})
        self.eventually(200, lambda: self.call(f"127.0.0.1:{health}", "/health")[0])
        found = []
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
            client.settimeout(1)

            def ask():
                client.sendto(self.question("health.local"), ("127.0.0.1", port))
                try:
                    return client.recv(512)
                except (TimeoutError, ConnectionRefusedError):
                    return b""  # a datagram may be lost, as where nobody listens yet

            self.eventually(True, lambda: bool(found.append(ask()) or found[-1]))
            answer = found[-1]
        self.assertEqual(answer[:8], struct.pack("!4H", 7, 0x8500, 1, 1))
        self.assertEqual(answer[-4:], bytes([127, 0, 0, 1]))
        self.eventually(True, lambda: listens(port))
        with socket.create_connection(("127.0.0.1", port), PATIENCE) as client:
            client.sendall(struct.pack("!H", len(self.question("other.local"))) + self.question("other.local"))
            answer = client.makefile("rb").read()[2:]
        self.assertEqual(answer[:8], struct.pack("!4H", 7, 0x8503, 1, 0))



if __name__ == "__main__":
    unittest.main()
