// A web server: node web.mjs PORT; says "serving". It tells what it was asked, digests what it is sent, sends much, and
// goes on without HTTP where that is wanted. /page is for a browser: it shows what
// came, and by which name.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

const logo =
  '<svg xmlns="http://www.w3.org/2000/svg" width="60" height="60"><circle cx="30" cy="30" r="30" fill="gold"/></svg>';
const page = `<!doctype html><style>body { background: teal }</style><h1>A page of web</h1><img src="/logo.svg"><p></p><script>
const socket = new WebSocket('ws://' + location.host + '/');
socket.onmessage = async ({ data }) => {
  const [logo] = document.images;
  await logo.decode();
  const said = location.host + ' says ' + data + ', and has an image of ' + logo.naturalWidth;
  document.querySelector('p').textContent = said;
  socket.send('shown');
};
</script><img src="/shown">`;
const block = Buffer.alloc(1_000_000, 'netexec');
/** Requests for /shown: until then the browser has more to load. */
const waiting = [];
const server = createServer((request, response) => {
  const { method, url, headers, rawHeaders } = request;
  const blocks = Number(/^\/blocks\/(\d+)$/.exec(url)?.[1] ?? 0);
  if (url === '/early') response.writeEarlyHints({ link: '</style.css>; rel=preload; as=style' });
  if (blocks > 0) return send(response, blocks);
  if (url === '/logo.svg') return response.setHeader('Content-Type', 'image/svg+xml').end(logo);
  if (url === '/page') return response.setHeader('Content-Type', 'text/html').end(page);
  if (url === '/shown') return waiting.push(response);
  const hash = createHash('sha256');
  request.on('data', (data) => hash.update(data));
  request.on('end', () =>
    response.end(JSON.stringify({ method, url, headers, rawHeaders, sha256: hash.digest('hex') })),
  );
});

function send(response, blocks) {
  let left = blocks;
  const go = () => {
    while (left > 0) {
      left -= 1;
      if (!response.write(block)) return;
    }
    response.end();
  };
  response.on('drain', go);
  go();
}

/** A WebSocket as a browser wants it (RFC 6455), with a frame that says hello; what comes is sent back as it is. */
server.on('upgrade', ({ headers }, socket) => {
  const key = `${headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
  const accept = createHash('sha1').update(key).digest('base64');
  const fields = ['Connection: Upgrade', 'Upgrade: websocket', `Sec-WebSocket-Accept: ${accept}`];
  socket.write(`HTTP/1.1 101 Switching Protocols\r\n${fields.join('\r\n')}\r\n\r\n\u0081\u0005hello`, 'latin1');
  socket.once('data', () => waiting.splice(0).forEach((response) => response.end()));
  // A browser goes without a word.
  socket.on('error', () => {}).pipe(socket);
});
server.listen(Number(process.argv[2]), () => console.log('serving'));
