// A port on which COMMAND listens, at the near end of a tunnel: other containers must reach it as they would the service's.
import assert from 'node:assert/strict';
import { fetchFrom } from './from-another.ts';
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

/**
 * @param asked what comes before SERVICE
 * @param options of the caller
 * @param engine those by which the engine is asked
 * @param cut loses the connection to the engine
 */
export async function mirrored(
  s: Scenario,
  asked: readonly string[],
  options: RunOptions,
  engine: RunOptions,
  cut?: () => void,
): Promise<void> {
  const started = await s.start(
    ['docker', 'netexec', ...asked, 'web', '--', '/usr/bin/python3', '-u', '-c', serves],
    options,
  );
  await started.says('ready');
  const fetch = (place: string) => fetchFrom(s, 'backend', `${place}/`, engine);
  await s.eventually(async () => assert.equal((await fetch('web:3000')).stdout, 'from COMMAND'));
  for (let times = 0; times < 5; times += 1) assert.equal((await must(fetch('web:3000'))).stdout, 'from COMMAND');
  // Wherever it listens: on its own address alone, or by IPv6 alone, also where another has that port on the localhost.
  for (const port of [3003, 3004])
    await s.eventually(async () => assert.equal((await fetch(`web:${port}`)).stdout, 'from COMMAND'));
  // One of its own localhost is nobody else's, and one that the service has is the service's.
  assert.notEqual((await fetch('web:3001')).status, 0);
  await s.eventually(() =>
    assert.match(
      started.stderr(),
      /^netexec: other containers do not reach COMMAND's port 8080: \S+-web-1 listens on it itself$/m,
    ),
  );
  // What is not led is told of, once.
  await s.eventually(() =>
    assert.match(
      started.stderr(),
      /^netexec: other containers do not reach COMMAND's UDP port 3002: through a tunnel, they reach its TCP ports only$/m,
    ),
  );
  // Once it is closed it is refused, to COMMAND itself as well, and it may come again.
  started.write('close\n');
  await started.says('closed 111');
  await s.eventually(async () => assert.notEqual((await fetch('web:3000')).status, 0));
  started.write('open\n');
  await s.eventually(async () => assert.equal((await fetch('web:3000')).stdout, 'from COMMAND'));
  if (cut !== undefined) {
    cut();
    await s.eventually(() => assert.match(started.stderr(), /^netexec: \S+-web-1 is reachable again$/m));
    await s.eventually(async () => assert.equal((await fetch('web:3000')).stdout, 'from COMMAND'));
  }
  started.write('end\n');
  const run = await started.ended;
  assert.deepEqual([run.status, run.stderr.match(/ do not reach /g)?.length], [0, 2], run.stderr);
  assert.notEqual((await fetch('web:3000')).status, 0);
}

const serves = `
import http.server, socket, sys, threading
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.server.says)
    def log_message(self, *_): pass
class Six(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        super().server_bind()
def serve(host, port, kind=http.server.ThreadingHTTPServer, says=b'from COMMAND'):
    server = kind((host, port), Handler)
    server.says = says
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server
server = serve('0.0.0.0', 3000)
serve('127.0.0.1', 3001)
serve(socket.gethostbyname('web'), 3003)
serve('::', 3004, Six)
serve('127.0.0.1', 3004, says=b'of the localhost alone')
serve('0.0.0.0', 8080)
datagrams = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
datagrams.bind(('0.0.0.0', 3002))
print('ready')
for line in sys.stdin:
    if line == 'close\\n':
        server.shutdown()
        server.server_close()
        print('closed', socket.socket().connect_ex(('web', 3000)))
    if line == 'open\\n': server = serve('0.0.0.0', 3000)
    if line == 'end\\n': break`;
