#!/usr/bin/env python3
"""Opens pages in a headless Chromium and says what a reader would meet.

    look.py [--shots DIR] FILE...

Speaks the DevTools protocol over a pipe: one browser for all pages and widths, and nothing but the
standard library. Prints one JSON document: for every page its title, what went wrong (script errors,
refused or requested addresses, messages of the console), for each width how far it scrolls sideways,
and for each picture and colour scheme how many colours and how much that is not background it has, in percent.
"""

import argparse
import base64
import collections
import json
import os
import pathlib
import struct
import subprocess
import sys
import tempfile
import zlib

WIDTHS = {1280: False, 390: True}
TIMEOUT = 60


class Browser:
    """A Chromium that is told what to do over its standard pipes 3 and 4."""

    def __init__(self, folder):
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def place_pipes():
            # Moved out of the way first: either may be 3 or 4 itself.
            ends = [os.dup(to_browser), os.dup(from_browser)]
            for target, end in zip((3, 4), ends):
                os.dup2(end, target, inheritable=True)

        self.process = subprocess.Popen(
            ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
             "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking",
             f"--user-data-dir={folder}", "--remote-debugging-pipe", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            close_fds=False, preexec_fn=place_pipes)
        os.close(to_browser)
        os.close(from_browser)
        self.pending = b""
        self.number = 0
        self.events = []
        self.session = None

    def message(self):
        """The next message of the browser's."""
        while b"\0" not in self.pending:
            piece = os.read(self.read_end, 1 << 20)
            if not piece:
                sys.exit("the browser went away")
            self.pending += piece
        text, self.pending = self.pending.split(b"\0", 1)
        return json.loads(text)

    def call(self, method, **parameters):
        """Asks for something and waits for the answer; what happens meanwhile is kept."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write_end, json.dumps(request).encode() + b"\0")
        while True:
            message = self.message()
            if message.get("id") == self.number:
                if "error" in message:
                    sys.exit(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        """Waits for an event."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def value(self, expression):
        """The value of a JavaScript expression; the browser's own, the page needs no scripts for it."""
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"]["value"]

    def close(self):
        self.session = None
        self.call("Browser.close")
        self.process.wait(TIMEOUT)


def pixels(png):
    """Rows of pixels of a PNG with eight bits a channel and no interlacing (W3C PNG, 9.2)."""
    offset, data = 8, b""
    while offset < len(png):
        length, kind = struct.unpack_from(">I4s", png, offset)
        body = png[offset + 8:offset + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
            assert depth == 8 and interlace == 0 and colour in (2, 6)
            size = 3 if colour == 2 else 4
        if kind == b"IDAT":
            data += body
        offset += 12 + length
    data, above = zlib.decompress(data), bytearray(width * size)
    for row in range(height):
        start = row * (width * size + 1)
        kind, line = data[start], bytearray(data[start + 1:start + 1 + width * size])
        for index in range(len(line)):
            left = line[index - size] if index >= size else 0
            up = above[index]
            if kind == 1:
                line[index] = line[index] + left & 255
            elif kind == 2:
                line[index] = line[index] + up & 255
            elif kind == 3:
                line[index] = line[index] + (left + up) // 2 & 255
            elif kind == 4:
                corner = above[index - size] if index >= size else 0
                guess = left + up - corner
                nearest = min((abs(guess - value), order, value)
                              for order, value in enumerate((left, up, corner)))
                line[index] = line[index] + nearest[2] & 255
        above = line
        yield [bytes(line[place:place + 3]) for place in range(0, len(line), size)]


def statistics(png):
    """How many colours a picture has, and how much of it is not of its commonest colour."""
    counts = collections.Counter(pixel for row in pixels(png) for pixel in row)
    total = sum(counts.values())
    return {"colours": len(counts), "percent": 100 - 100 * counts.most_common(1)[0][1] // total}


def problems(events):
    """What went wrong while a page was loaded and looked at."""
    found = []
    for event in events:
        method, body = event.get("method"), event.get("params", {})
        if method == "Runtime.exceptionThrown":
            found.append("exception: " + body["exceptionDetails"]["text"])
        elif method == "Runtime.consoleAPICalled":
            found.append("console: " + json.dumps(body["args"]))
        elif method == "Log.entryAdded":
            found.append(f"{body['entry']['source']}: {body['entry']['text']}")
        elif method == "Network.requestWillBeSent" and not body["request"]["url"].startswith("file:"):
            found.append("request: " + body["request"]["url"])
        elif method == "Network.loadingFailed":
            found.append("failed: " + body["errorText"])
    return found


def look(browser, path, shots):
    """All about one page."""
    browser.events.clear()
    result = {"file": str(path), "widths": {}, "pictures": []}
    for width, is_phone in WIDTHS.items():
        browser.call("Emulation.setDeviceMetricsOverride", width=width, height=800, deviceScaleFactor=1,
                     mobile=is_phone)
        browser.events = [event for event in browser.events if event.get("method") != "Page.loadEventFired"]
        browser.call("Page.navigate", url=pathlib.Path(path).resolve().as_uri())
        browser.wait("Page.loadEventFired")
        result["widths"][width] = {
            "view": browser.value("window.innerWidth"),
            "page": browser.value("document.documentElement.scrollWidth"),
        }
        if shots:
            name = f"{pathlib.Path(path).resolve().parents[1].name}-{pathlib.Path(path).stem}-{width}.png"
            shot = browser.call("Page.captureScreenshot", captureBeyondViewport=True)
            (pathlib.Path(shots) / name).write_bytes(base64.b64decode(shot["data"]))
    result["title"] = browser.value("document.title")
    browser.call("Emulation.setDeviceMetricsOverride", width=1280, height=800, deviceScaleFactor=1,
                 mobile=False)
    for scheme in ("light", "dark"):
        browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
        boxes = browser.value(
            "[...document.querySelectorAll('svg')].map(svg => { const box = svg.getBoundingClientRect();"
            " return [box.left + scrollX, box.top + scrollY, box.width, box.height,"
            " svg.getAttribute('class')] })")
        for x, y, width, height, name in boxes:
            clip = {"x": x, "y": y, "width": width, "height": height, "scale": min(1, 300 / width)}
            shot = browser.call("Page.captureScreenshot", clip=clip, captureBeyondViewport=True)
            result["pictures"].append(
                {"name": name, "scheme": scheme, "width": round(width), "height": round(height),
                 "texts": browser.value(f"document.querySelectorAll('svg.{name} text').length"),
                 **statistics(base64.b64decode(shot["data"]))})
    browser.call("Emulation.setEmulatedMedia", features=[])
    result["problems"] = problems(browser.events)
    return result


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", help="a folder for pictures of whole pages")
    parser.add_argument("files", nargs="+", help="the pages")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        browser = Browser(folder)
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.call(f"{domain}.enable")
        pages = [look(browser, path, arguments.shots) for path in arguments.files]
        browser.close()
    print(json.dumps({"pages": pages}, indent=1))


if __name__ == "__main__":
    main()
