"""The first boot's verbs against servers on loopback that fail as real ones do: exit statuses, log lines, markers.

$IMAGEGEN_INSTALL is the program. Each test has a node's root and servers of its own, on ports that the kernel chose.
"""

import json
import os
import pathlib
import signal
import socket
import subprocess
import tempfile
import time
import unittest

from servers import NameServer, Server, mint, openssl

PROGRAM = os.environ["IMAGEGEN_INSTALL"]
STATE = "var/lib/first-boot-automation"
TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"


class FirstBoot(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.minted = tempfile.TemporaryDirectory(prefix="first-boot-")
        cls.addClassCleanup(cls.minted.cleanup)
        for name in ("good", "other"):
            mint(cls.minted.name, name)

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="first-boot-")
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        self.good, self.other = f"{self.minted.name}/good", f"{self.minted.name}/other"
        for path in ("etc/imagegen", "etc/ssl", "var/lib"):
            (self.root / path).mkdir(parents=True)
        for end, mode in (("-ca.crt", 0o644), (".crt", 0o644), (".key", 0o600)):
            (self.root / f"etc/ssl/node{end}").write_bytes(pathlib.Path(self.good + end).read_bytes())
            (self.root / f"etc/ssl/node{end}").chmod(mode)
        # What liveness asks: a port that takes connections.
        self.life = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.life.close)
        self.live = {"tcp": self.life.getsockname()[1]}

    def serve(self, *answers, certificate=None, port=0):
        server = Server(certificate or self.good, answers or [(200, "{}")], port)
        self.addCleanup(server.close)
        return server

    def closed_port(self):
        """A port that nobody gets while the test runs, and that takes no connection."""
        held = socket.socket()
        # A server of ours may take it over; the kernel gives it to nobody else.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        self.addCleanup(held.close)
        return held.getsockname()[1]

    def configure(self, leader="https://127.0.0.1:1", *, attempts=3, ready=None, live=None, bootstrap=False, when="after-live",
                  patience=15000, setup=None, peers=("127.0.0.1:1",), more=None, longest=4):
        step = {"json": {"id": "node04"}, "ok": [200, 201], "health_timeout_ms": patience,
                "retry": {"attempts": attempts, "first_delay_ms": 1, "longest_delay_ms": longest}}
        join = dict(step, when=when, post="/admin/member/add", leader_url=leader, member=[409])
        steps = {"chainfire": {"join": join}}
        health = {"chainfire": {"live": live or self.live} | ({"ready": ready} if ready else {})}
        if setup:
            steps["iam"] = {"setup": dict(step, post="/admin/setup", port=setup, done=[409])}
            health["iam"] = {"ready": {"http": f"https://127.0.0.1:{setup}/health", "json": {"status": "healthy"}}}
        plan = {"version": 1, "node": "node04", "mode": "bootstrap" if bootstrap else "join",
                "cluster_config": "/etc/cluster-config.json", "state_directory": "/" + STATE,
                "cluster_health_timeout_ms": patience, "steps": steps, "health": health}
        facts = {"leader_url": leader, "raft_addr": "127.0.0.1:2380", "initial_peers": list(peers)}
        config = dict(facts, node_id="node04", node_role="control-plane", bootstrap=bootstrap, cluster_name="lab",
                      services={"chainfire": facts},
                      tls={"enabled": True, "ca_cert_path": "/etc/ssl/node-ca.crt", "node_cert_path": "/etc/ssl/node.crt",
                           "node_key_path": "/etc/ssl/node.key"})
        (self.root / "etc/imagegen/first-boot.json").write_text(json.dumps(plan))
        (self.root / "etc/cluster-config.json").write_text(json.dumps(config | (more or {})))

    def run_step(self, *words, environment=None):
        ran = subprocess.run([PROGRAM, *words, "--root", str(self.root), "--json"], capture_output=True, text=True,
                             timeout=120, env=dict(os.environ, **(environment or {})))
        lines = [json.loads(line) for line in ran.stderr.splitlines()]
        for line in lines:
            self.assertEqual(list(line)[:5], ["timestamp", "level", "service", "operation", "message"])
            self.assertRegex(line["timestamp"], f"^{TIME}Z$")
        return ran.returncode, [f"{line['level']} {line['message']}" for line in lines], ran.stdout, lines

    def marker(self, name):
        path = self.root / STATE / f".{name}"
        return path.read_text() if path.exists() else None

    def assert_marked(self, name):
        self.assertRegex(self.marker(name) or "", rf"^{TIME}\+00:00\n$")
        left = sorted(path.name for path in (self.root / STATE).iterdir())
        self.assertNotIn(f".{name}.new", left)

    # Joining

    def test_a_node_joins_once(self):
        leader = self.serve((201, "{}"))
        self.configure(f"https://127.0.0.1:{leader.port}/")
        status, said, _, lines = self.run_step("join", "chainfire")
        self.assertEqual((status, said), (0, ["INFO Successfully joined cluster"]))
        self.assertEqual((lines[0]["service"], lines[0]["operation"]), ("chainfire", "cluster-join"))
        self.assertEqual(leader.requests, [("POST", "/admin/member/add", '{"id":"node04"}')])
        self.assert_marked("chainfire-joined")
        before = self.marker("chainfire-joined")
        # After a reboot, and by hand: nobody is asked again.
        for verb in ("join", "bootstrap"):
            status, said, _, _ = self.run_step(verb, "chainfire")
            self.assertEqual((status, said), (2, ["WARN Node already member of cluster (marker .chainfire-joined)"]))
        self.assertEqual((len(leader.requests), self.marker("chainfire-joined")), (1, before))

    def test_who_is_a_member_already_is_marked(self):
        self.configure(f"https://127.0.0.1:{self.serve((409, '{}')).port}")
        status, said, _, _ = self.run_step("join", "chainfire")
        self.assertEqual((status, said), (2, ["WARN Node already member of cluster (HTTP 409)"]))
        self.assert_marked("chainfire-joined")

    def test_leaders_that_do_not_help(self):
        gone = f"https://127.0.0.1:{self.closed_port()}"
        untrusted = f"https://127.0.0.1:{self.serve(certificate=self.other).port}"
        plain = Server(None, [(200, "{}")])
        self.addCleanup(plain.close)
        cases = [
            (gone, "connection error"), (untrusted, "certificate error"),
            (f"https://127.0.0.1:{plain.port}", "certificate error"),
            (f"https://127.0.0.1:{self.serve((503, 'no leader')).port}", "HTTP 503"),
            (f"https://127.0.0.1:{self.serve('cut').port}", None),
            # A leader is not followed elsewhere.
            (f"https://127.0.0.1:{self.serve((307, '')).port}", "HTTP 307"),
        ]
        for leader, reason in cases:
            with self.subTest(leader=leader, reason=reason):
                self.configure(leader)
                status, said, _, lines = self.run_step("join", "chainfire")
                self.assertEqual((status, len(said), said[-1]), (1, 4, "ERROR Failed to join cluster after 3 attempts"))
                if reason:
                    self.assertEqual(said[:3], [f"ERROR Join request failed: {reason}"] * 3)
                self.assertEqual([line["attempt"] for line in lines[:3]], [1, 2, 3])
                self.assertIsNone(self.marker("chainfire-joined"))

    def test_an_answer_that_is_lost_is_asked_for_again(self):
        # The leader takes the node in and dies before it says so; the one that comes back knows the node.
        leader = self.serve("cut", (503, "election"), (409, "{}"))
        self.configure(f"https://127.0.0.1:{leader.port}", attempts=5)
        status, said, _, _ = self.run_step("join", "chainfire")
        self.assertEqual((status, len(leader.requests)), (2, 3))
        self.assertEqual(said[1:], ["ERROR Join request failed: HTTP 503", "WARN Node already member of cluster (HTTP 409)"])
        self.assert_marked("chainfire-joined")

    def test_a_leader_that_is_killed_and_comes_back(self):
        leader = self.serve("hang", port=self.closed_port())
        self.configure(f"https://127.0.0.1:{leader.port}", attempts=400, longest=500)
        words = [PROGRAM, "join", "chainfire", "--root", str(self.root), "--json"]
        with subprocess.Popen(words, stderr=subprocess.PIPE, text=True) as joining:
            self.wait_until(lambda: leader.requests)
            leader.close()
            self.assertIn("Join request failed", joining.stderr.readline())
            again = self.serve((200, "{}"), port=leader.port)
            rest = joining.stderr.read()
        self.assertEqual((joining.returncode, len(again.requests)), (0, 1))
        self.assertIn('"message":"Successfully joined cluster"', rest.splitlines()[-1])
        self.assert_marked("chainfire-joined")

    def wait_until(self, holds):
        deadline = time.monotonic() + 60
        while not holds():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)

    def test_a_step_that_is_killed_leaves_no_marker(self):
        leader = self.serve("hang")
        self.configure(f"https://127.0.0.1:{leader.port}")
        joining = subprocess.Popen([PROGRAM, "join", "chainfire", "--root", str(self.root)], stderr=subprocess.DEVNULL)
        self.wait_until(lambda: leader.requests)
        joining.send_signal(signal.SIGKILL)
        joining.wait()
        self.assertIsNone(self.marker("chainfire-joined"))
        leader.answers = [(409, "{}")]
        self.assertEqual(self.run_step("join", "chainfire")[0], 2)

    def test_the_dns_names_leaders(self):
        dead = self.closed_port()
        leader = self.serve((200, "{}"))
        names = NameServer(services=[(20, 0, leader.port, "leader.example"), (10, 0, dead, "leader.example")])
        self.addCleanup(names.close)
        (self.root / "etc/resolv.conf").write_text(f"# a lab's\nnameserver [127.0.0.1]:{names.port}\n")
        self.configure()
        # curl resolves names as this machine does: the records lead to a name that it does not know.
        status, said, _, lines = self.run_step("join", "chainfire", "--leader-srv", "_chainfire._tcp.example")
        self.assertEqual(status, 1)
        self.assertEqual([line["url"].split("/")[2] for line in lines[:3]],
                         [f"leader.example:{port}" for port in (dead, leader.port, dead)])
        names.address = None
        status, said, _, _ = self.run_step("join", "chainfire", "--leader-srv", "_chainfire._tcp.example")
        self.assertEqual((status, said), (1, ["ERROR Preflight failed: leader.example, leader.example cannot be resolved"]))
        names.services = [(10, 0, leader.port, "127.0.0.1")]
        status, said, _, _ = self.run_step("join", "chainfire", "--leader-srv", "_chainfire._tcp.example")
        self.assertEqual((status, said), (0, ["INFO Successfully joined cluster"]))

    # Health

    def test_a_service_that_never_lives(self):
        leader = self.serve()
        self.configure(f"https://127.0.0.1:{leader.port}", live={"tcp": self.closed_port()}, patience=300)
        status, said, _, _ = self.run_step("join", "chainfire")
        self.assertEqual((status, said), (1, ["INFO Waiting for health", "ERROR Health check timeout"]))
        self.assertEqual(leader.requests, [])

    def test_a_step_before_the_start_waits_for_no_life(self):
        leader = self.serve()
        self.configure(f"https://127.0.0.1:{leader.port}", live={"tcp": self.closed_port()}, patience=0, when="before-start")
        self.assertEqual(self.run_step("join", "chainfire")[0], 0)

    def test_health(self):
        healthy, ill = '{"status":"healthy"}', '{"status":"starting"}'
        url = lambda server: {"http": f"https://127.0.0.1:{server.port}/health", "json": {"status": "healthy"}}
        names = NameServer("127.0.0.53")
        self.addCleanup(names.close)
        dns = {"dns": names.port, "name": "health.local"}
        cases = [
            (url(self.serve((503, ""), (200, ill), (200, healthy))), "30", 0), (url(self.serve((200, ill))), "0", 1),
            (url(self.serve("hang")), "0", 1), (url(self.serve((200, healthy), certificate=self.other)), "0", 1),
            (dict(dns, answer="127.0.0.53"), "30", 0), (dict(dns, answer="127.0.0.54"), "0", 1), (dns, "30", 0),
            ({"command": ["true"]}, "30", 0), ({"command": ["false"]}, "0", 1), (self.live, "30", 0),
            ({"tcp": self.closed_port()}, "0", 1),
        ]
        for probe, patience, expected in cases:
            with self.subTest(probe=probe):
                self.configure(ready=probe)
                status, said, _, _ = self.run_step("health", "chainfire", "--timeout", patience)
                self.assertEqual((status, said[-1]),
                                 (expected, ["INFO Service healthy", "ERROR Health check timeout"][expected]))
                # A node alone lives, whatever it cannot do yet.
                self.assertEqual(self.run_step("health", "chainfire", "--live", "--timeout", "30")[0], 0)

    # Forming a cluster

    def test_a_node_alone_waits_for_the_others_and_says_for_whom(self):
        here = f"127.0.0.1:{self.live['tcp']}"
        gone = f"127.0.0.1:{self.closed_port()}"
        ready = self.serve((503, "no quorum"))
        probe = {"http": f"https://127.0.0.1:{ready.port}/health", "json": {"status": "healthy"}, "quorum": "chainfire"}
        self.configure(bootstrap=True, ready=probe, peers=(here, gone), patience=400)
        status, said, _, lines = self.run_step("bootstrap", "chainfire")
        self.assertEqual((status, said), (1, ["INFO Waiting for a quorum", "ERROR Health check timeout"]))
        self.assertEqual((lines[0]["waiting_for"], lines[0]["reason"]), ([gone], "HTTP 503"))
        self.assertIsNone(self.marker("chainfire-initialized"))
        ready.answers = [(200, '{"status":"healthy"}')]
        self.configure(bootstrap=True, ready=probe, peers=(here, gone))
        status, said, _, _ = self.run_step("bootstrap", "chainfire")
        self.assertEqual((status, said), (0, ["INFO Cluster initialized"]))
        self.assert_marked("chainfire-initialized")
        # A member stays one, even if its node's mode changes.
        self.assertEqual(self.run_step("join", "chainfire")[0], 2)

    # First accounts

    def test_setup_is_done_once(self):
        for answer, message in ((201, "Initial setup complete"), (409, "Initial setup was done before (HTTP 409)")):
            with self.subTest(answer=answer):
                service = self.serve((200, '{"status":"healthy"}'), (500, ""), (answer, ""))
                self.configure(setup=service.port)
                status, said, _, _ = self.run_step("setup", "iam")
                self.assertEqual((status, said), (0, ["ERROR Setup request failed: HTTP 500", f"INFO {message}"]))
                self.assert_marked("iam-initialized")
                asked = len(service.requests)
                self.assertEqual(self.run_step("setup", "iam")[:2], (0, ["INFO Initial setup was done before"]))
                self.assertEqual(len(service.requests), asked)
                (self.root / STATE / ".iam-initialized").unlink()
        refused = self.serve((200, '{"status":"healthy"}'), (500, ""))
        self.configure(setup=refused.port)
        status, said, _, _ = self.run_step("setup", "iam")
        self.assertEqual((status, said[-1]), (1, "ERROR Initial setup failed after 3 attempts"))

    # The whole

    def test_cluster_health_tells_everybody(self):
        hook = self.serve((200, ""))
        ready = self.serve((200, "ok"))
        here, gone = f"127.0.0.1:{self.live['tcp']}", f"127.0.0.1:{self.closed_port()}"
        probe = {"http": f"https://127.0.0.1:{ready.port}/healthz", "body": "ok"}
        more = {"webhook_url": f"https://127.0.0.1:{hook.port}/hook?token=s3cret"}
        self.configure(ready=probe, peers=(here, f"127.0.0.1:{ready.port}", gone), more=more)
        (self.root / STATE).mkdir()
        (self.root / STATE / ".chainfire-joined").write_text("2025-12-10T10:30:45+00:00\n")
        status, said, output, _ = self.run_step("cluster-health")
        self.assertEqual((status, said), (0, ["INFO Cluster healthy"]))
        report = json.loads(output)
        self.assertEqual(report["services"], [
            {"service": "chainfire", "live": True, "ready": True, "joined": "2025-12-10T10:30:45+00:00"}])
        self.assertEqual(report["clusters"], [
            {"service": "chainfire", "voters": 3, "present": 2, "needed": 2, "absent": [gone]}])
        self.assertEqual((hook.requests[0][:2], json.loads(hook.requests[0][2])), (("POST", "/hook?token=s3cret"), report))
        metrics = (self.root / STATE / "cluster-health.prom").read_text()
        self.assertIn('imagegen_node_healthy{node="node04"} 1\n', metrics)
        self.assertIn('imagegen_cluster_voters_present{node="node04",cluster="chainfire"} 2\n', metrics)
        # Without a majority it is ill, whoever else is well.
        self.configure(ready=probe, peers=(here, gone), more={"webhook_url": f"https://{gone}/"}, patience=0)
        status, said, output, _ = self.run_step("cluster-health")
        self.assertEqual((status, json.loads(output)["healthy"]), (1, False))
        self.assertIn(f"ERROR Cluster not healthy: chainfire has 1 of 2 voters, without {gone}", said)
        self.assertIn("WARN the report could not be sent: connection error", said)

    # Configuration

    def test_detect(self):
        for bootstrap, expected in ((True, 0), (False, 1)):
            self.configure(bootstrap=bootstrap)
            self.assertEqual(self.run_step("detect")[:3], (expected, [], '{"mode":"%s"}\n' % ("bootstrap" if bootstrap else "join")))
        # The unit's credential counts before the file.
        (self.root / "cluster-config").write_text((self.root / "etc/cluster-config.json").read_text())
        (self.root / "etc/cluster-config.json").unlink()
        self.assertEqual(self.run_step("detect", environment={"CREDENTIALS_DIRECTORY": str(self.root)})[0], 1)
        self.assertEqual(self.run_step("detect")[:2], (2, ["ERROR Configuration file not found: /etc/cluster-config.json"]))

    def test_configurations_that_do_not_hold(self):
        self.configure()
        whole = json.loads((self.root / "etc/cluster-config.json").read_text())
        wrong = [
            {"bootstrap": "yes"}, {"node_id": ""}, {"node_role": "boss"}, {"cluster_name": None}, {"leader_url": "ftp://a"},
            {"leader_url": 'https://a" \n--insecure'}, {"raft_addr": "a"}, {"raft_addr": "-a:1"}, {"initial_peers": "a:1"},
            {"initial_peers": ["a:1", "a:1"]}, {"services": {"chainfire": {}}}, {"tls": {}},
            {"tls": {"enabled": True, "ca_cert_path": "a"}}, {"webhook_url": "file:///etc/passwd"},
        ]
        for change in wrong:
            with self.subTest(change=change):
                text = json.dumps({key: value for key, value in (whole | change).items() if value is not None})
                (self.root / "etc/cluster-config.json").write_text(text)
                for words, expected in ((("detect",), 2), (("join", "chainfire"), 3), (("setup", "iam"), 3)):
                    status, said, _, _ = self.run_step(*words)
                    self.assertEqual((status, len(said)), (expected, 1))
        (self.root / "etc/cluster-config.json").write_text(json.dumps(whole))
        for words in (("join",), ("join", "nobody"), ("join", "chainfire", "more"), ("join", "chainfire", "--no-such"),
                      ("bootstrap",), ("setup", "chainfire"), ("join", "chainfire", "--timeout", "-1")):
            self.assertEqual(self.run_step(*words)[0], 3, words)
        self.assertEqual(self.run_step("detect", "more")[0], 2)

    def test_preflight(self):
        leader = self.serve()
        cases = [
            (lambda: (self.root / "etc/ssl/node.key").chmod(0o644), "/etc/ssl/node.key can be read by others"),
            (lambda: (self.root / "etc/ssl/node-ca.crt").write_text("-----"), "/etc/ssl/node-ca.crt is no certificate"),
            (lambda: (self.root / "etc/ssl/node.crt").unlink(), "/etc/ssl/node.crt is missing"),
        ]
        self.configure(f"https://127.0.0.1:{leader.port}")
        for damage, _ in cases:
            damage()
        status, said, _, _ = self.run_step("join", "chainfire")
        self.assertEqual(status, 1)
        for _, problem in cases:
            self.assertIn(f"ERROR Preflight failed: {problem}", said)
        key, certificate = self.root / "etc/ssl/node.key", self.root / "etc/ssl/node.crt"
        key.chmod(0o600)
        (self.root / "etc/ssl/node-ca.crt").write_text(pathlib.Path(self.good + "-ca.crt").read_text())
        request = str(self.root / "request")
        openssl("req", "-new", "-key", str(key), "-subj", "/CN=node", "-out", request)
        openssl("x509", "-req", "-in", request, "-key", str(key), "-days", "-1", "-out", str(certificate))
        end = subprocess.run(["openssl", "x509", "-in", str(certificate), "-noout", "-enddate"], capture_output=True, text=True)
        end = time.strptime(end.stdout.strip().removeprefix("notAfter="), "%b %d %H:%M:%S %Y GMT")
        status, said, _, _ = self.run_step("join", "chainfire")
        self.assertEqual((status, said), (1, [
            f"ERROR Preflight failed: /etc/ssl/node.crt expired {time.strftime('%Y-%m-%dT%H:%M:%SZ', end)}"]))
        self.assertEqual(leader.requests, [])

    def test_secrets_are_in_no_list_of_processes(self):
        hook = self.serve("hang", (200, ""))
        self.configure(more={"webhook_url": f"https://127.0.0.1:{hook.port}/token-s3cret"}, patience=0)
        words = [PROGRAM, "cluster-health", "--root", str(self.root)]
        with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
            self.wait_until(lambda: hook.requests)
            children = pathlib.Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
            lines = [pathlib.Path(f"/proc/{child}/cmdline").read_bytes() for child in children]
            hook.close()
        self.assertEqual(lines, [b"curl\0-q\0--config\0-\0"])


if __name__ == "__main__":
    unittest.main()
