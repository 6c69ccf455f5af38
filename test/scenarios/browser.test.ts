// A real browser outside, and pages of services inside: by --proxy with their names, by --forward with this machine's. What it
// shows is looked at, too.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { readDocument } from '../documents.ts';
import { begin, end } from './forwarded.ts';
import { unpacked } from './hosts.ts';
import { coloursOf } from './picture.ts';
import { must, scenario } from './scenario.ts';
import type { Scenario } from './scenario.ts';

const serve = [process.execPath, join(import.meta.dirname, '../programs/web.mjs'), '7402'];

/** Debian's Chromium: its own file, for the script before it wants the rest of the package, too. Ubuntu has none, but often this. */
const chrome = '/usr/bin/google-chrome';
const browser = existsSync(chrome) ? chrome : '/usr/lib/chromium/chromium';

/** With the files of its packages, in $0; what it leaves behind ends with it. */
const within = '[ -z "$0" ] || mount -t overlay browser -o "lowerdir=$0:/usr" /usr; "$@"';
const inOwn = ['unshare', '--mount', '--pid', '--fork', '--mount-proc', 'sh', '-ec', within];

const options = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-background-networking',
  '--dump-dom',
];

scenario('a browser must show the pages of services', { project: 'article' }, async (s) => {
  const files = browser === chrome ? '' : await unpacked(s, ['chromium']);
  const browse = (words: readonly string[]) => must(s.run([...inOwn, files, browser, ...options, ...words]));
  const { started, ports } = await begin(s, ['--forward', '0:web:7402', '--proxy', '0', 'web', '--', ...serve]);
  await started.says('serving');
  const [forward, proxy = 0] = ports;
  const pac = pacOf(proxy);
  const rows: readonly (readonly [by: string, words: readonly string[], host: string])[] = [
    ['--forward', [], `127.0.0.1:${forward}`],
    ['--proxy, by SOCKS5', [`--proxy-server=socks5://127.0.0.1:${proxy}`], 'web:7402'],
    ['--proxy, by HTTP', [`--proxy-server=http://127.0.0.1:${proxy}`], 'web:7402'],
    [
      "--proxy, to the service's own localhost",
      [`--proxy-server=socks5://127.0.0.1:${proxy}`, '--proxy-bypass-list=<-loopback>'],
      'localhost:7402',
    ],
    ['--proxy, by a PAC file', [`--proxy-pac-url=${await hosted(s, pac)}`], 'web:7402'],
    ['--proxy, by a PAC file in the line', [`--proxy-pac-url=data:;base64,${btoa(pac)}`], 'web:7402'],
  ];
  for (const [by, words, host] of rows) {
    await s.subtest(by, async () => {
      const folder = join(s.folder, by.replaceAll(/\W+/g, '-'));
      const shown = [`--user-data-dir=${folder}`, `--screenshot=${folder}.png`, '--window-size=400,400'];
      // On a busy machine it may print a page before that has come.
      await s.eventually(async () => {
        const page = await browse([...shown, ...words, `http://${host}/page`]);
        assert.match(page.stdout, new RegExp(`<p>${host} says hello, and has an image of 60</p>`));
      });
      const colours = coloursOf(readFileSync(`${folder}.png`));
      const [paper, image] = [colours.get('0,128,128') ?? 0, colours.get('255,215,0') ?? 0];
      assert.ok(paper > 0.8 && image > 0.01, JSON.stringify([...colours].slice(0, 9)));
    });
  }
  await end(s, { started, ports });
});

/** As the page on ports shows it. */
const pacOf = (proxy: number): string =>
  readDocument('docs/ports.md')
    .files.find(({ name }) => name === 'shop.pac')
    ?.text.replace(':1080', `:${proxy}`) ?? assert.fail('the page shows no shop.pac');

async function hosted(s: Scenario, file: string): Promise<string> {
  const server = createServer((_, answer) =>
    answer.setHeader('Content-Type', 'application/x-ns-proxy-autoconfig').end(file),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  s.t.after(() => server.close().closeAllConnections());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/shop.pac`;
}
