// A real browser outside, and pages of services inside: by --proxy with their names, by --forward with this machine's.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { begin, end } from './forwarded.ts';
import { unpacked } from './hosts.ts';
import { must, scenario } from './scenario.ts';

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
  const [forward, proxy] = ports;
  const rows: readonly (readonly [by: string, words: readonly string[], host: string])[] = [
    ['--forward', [], `127.0.0.1:${forward}`],
    ['--proxy, by SOCKS5', [`--proxy-server=socks5://127.0.0.1:${proxy}`], 'web:7402'],
    ['--proxy, by HTTP', [`--proxy-server=http://127.0.0.1:${proxy}`], 'web:7402'],
    [
      "--proxy, to the service's own localhost",
      [`--proxy-server=socks5://127.0.0.1:${proxy}`, '--proxy-bypass-list=<-loopback>'],
      'localhost:7402',
    ],
  ];
  for (const [by, words, host] of rows) {
    await s.subtest(by, async () => {
      const profile = `--user-data-dir=${join(s.folder, by.replaceAll(/\W+/g, '-'))}`;
      const page = await browse([profile, ...words, `http://${host}/page`]);
      assert.match(page.stdout, new RegExp(`<p>${host} says hello, and has an image of 60</p>`));
    });
  }
  await end(s, { started, ports });
});
