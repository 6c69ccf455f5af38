"""Says hello to whoever asks on port 8080: what web does, while web is being worked on. An ordinary program of the host."""

from http.server import BaseHTTPRequestHandler, HTTPServer


class Hello(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"Hello from the host's Python\n")

    def log_message(self, *_):
        pass


server = HTTPServer(("", 8080), Hello)
print("web.py listens on port 8080", flush=True)
server.serve_forever()
