# What a person's IDE does when a program is debugged: python3 debuggers.py attach PORT (debugpy's protocol, DAP), which
# attaches once somebody listens there; or listen PORT (Xdebug's, DBGp). Both say "ready", and let the program go on.
import json
import socket
import sys
import time

kind, port = sys.argv[1], int(sys.argv[2])


def attach():
    stream = socket.create_connection(("localhost", port)).makefile("rwb")

    def ask(number, command, arguments):
        body = json.dumps({"seq": number, "type": "request", "command": command, "arguments": arguments}).encode()
        stream.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        stream.flush()

    def wait_for(name):
        while True:
            length = 0
            while line := stream.readline().strip():
                length = int(line.split(b":")[1])
            if not length:
                raise ConnectionResetError
            said = json.loads(stream.read(length))
            if name in (said.get("event"), said.get("command")):
                return

    ask(1, "initialize", {"adapterID": "netexec"})
    wait_for("initialize")
    ask(2, "attach", {"justMyCode": True})
    wait_for("initialized")
    ask(3, "configurationDone", {})
    wait_for("terminated")


def listen():
    server = socket.create_server(("127.0.0.1", port))
    print("ready", flush=True)
    php, _ = server.accept()
    assert b"<init" in php.recv(65536)
    php.sendall(b"run -i 1\0")
    # At its end the program waits once more.
    while said := php.recv(65536):
        if b"stopping" in said:
            php.sendall(b"run -i 2\0")


if kind == "listen":
    listen()
else:
    print("ready", flush=True)
while kind == "attach":
    try:
        attach()
        break
    except ConnectionError:
        time.sleep(0.1)
