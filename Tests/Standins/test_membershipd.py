"""The stand-in of membershipd: posture, quorum, the flags of its unit."""

import time
import unittest

from test_standins import PATIENCE, PROFILES, StandinCase, free_ports

MEMBERSHIPD = PROFILES / "unibus/payloads/membershipd-standin"


class MembershipdTests(StandinCase):
    def setUp(self):
        super().setUp()
        self.tls()
        self.ports = free_ports(3)

    def node(self, number, password="secret\n", **changes):
        secret = self.folder / f"pass{number}"
        secret.write_text(password)
        identity = self.folder / f"id{number}"
        others = [f"nats-route://127.0.0.{last}:{self.ports[2]}" for last in range(1, 4) if last != number]
        flags = {
            "bind": f"127.0.0.{number}", "bus-auth": "enforce", "http-port": self.ports[0], "nats-port": self.ports[1],
            "tls-cert": self.folder / "node.crt", "tls-key": self.folder / "node.key", "cluster-name": "unibus",
            "server-name": f"node{number}", "cluster-port": self.ports[2], "routes": ",".join(others),
            "cluster-user": "cluster", "cluster-pass-file": secret, "route-tls-cert": self.folder / "node.crt",
            "route-tls-key": self.folder / "node.key", "route-tls-ca": self.folder / "ca.crt",
            "internal-id-file": identity, "store": "kv", "kv-replicas": 3}
        flags |= {name.replace("_", "-"): value for name, value in changes.items()}
        words = [word for name, value in flags.items() if value is not None for word in (f"--{name}", value)]
        return self.spawn(MEMBERSHIPD, *words)

    def health(self, number):
        status, body = self.call(f"127.0.0.{number}:{self.ports[0]}", "/healthz")
        return status, body and body["status"], body and body["peers"]

    def test_posture_and_quorum(self):
        first = self.node(1)
        self.eventually((503, "forming", 0), lambda: self.health(1))
        time.sleep(3)
        self.assertEqual(self.health(1), (503, "forming", 0), "a lone node of three never serves")
        second = self.node(2)
        self.eventually((200, "healthy", 1), lambda: self.health(1))
        self.assertEqual(self.call(f"127.0.0.1:{self.ports[0]}", "/healthz")[1], {
            "status": "healthy", "auth": "enforce", "acl": True, "tls": True, "cluster": True, "store": "kv",
            "replicas": 3, "peers": 1})
        self.assertEqual(len((self.folder / "id1").read_text()), 65)
        self.assertEqual((self.folder / "id1").stat().st_mode & 0o777, 0o600)
        self.assertEqual(self.end(second), 0)
        self.eventually((503, "forming", 0), lambda: self.health(1))
        self.assertEqual(self.end(first), 0)

    def test_another_password_is_no_peer(self):
        self.node(1)
        self.node(2, password="other")
        for number in (1, 2):
            self.eventually(503, lambda number=number: self.health(number)[0])
        time.sleep(2)
        self.assertEqual([self.health(1), self.health(2)], [(503, "forming", 0)] * 2)

    def test_flags_are_those_of_the_unit(self):
        for changes in ({"store": None}, {"store": "sqlite"}, {"kv_replicas": 2}, {"verbose": "1"},
                        {"routes": "nats-route://user:word@127.0.0.2:1"}, {"bus_auth": "off", "bind": "0.0.0.0"}):
            with self.subTest(changes):
                self.assertEqual(self.node(1, **changes).wait(PATIENCE), 2)
        for changes in ({"cluster_pass_file": "/nowhere"}, {"tls_key": "/nowhere"}):
            with self.subTest(changes):
                self.assertEqual(self.node(1, **changes).wait(PATIENCE), 1)


if __name__ == "__main__":
    unittest.main()
