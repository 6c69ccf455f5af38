// Vite and Express in place of a service: others have the page by the service's name, and what is saved reaches them.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readDocument, root } from '../documents.ts';
import { bringUp } from './own-project.ts';
import { must, scenario } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

const project = 'ways';
const name = 'netexec-test-vite';
const file = `name: ${name}
services:
  web: &own
    image: netexec/servers:1
    pull_policy: never
    dns: 127.0.0.1
    stop_grace_period: 0s
    command: sleep infinity
    ports: ['127.0.0.1::3000']
  client:
    <<: *own
    ports: []
`;

const packages = join(root, 'node_modules');
const config = readDocument('docs/be-the-service.md').files.find((each) => each.name === 'vite.config.js');
const standIn = ['docker', 'netexec', '--stand-in', '--replace', '--forward', '0:9229', 'web', '--', process.execPath];

/** What a client in another container gets. */
const get = (s: Scenario, options: RunOptions, path: string) =>
  s.compose(['exec', '-T', 'client', 'wget', '-qO-', `http://web:3000${path}`], options);

/** In the network of another container: says what Vite tells its clients, a line each. */
const listener = `
  const client = await (await fetch('http://web:3000/@vite/client')).text();
  const [, token = ''] = /wsToken = "([^"]*)"/.exec(client) ?? [];
  const socket = new WebSocket('ws://web:3000/?token=' + token, 'vite-hmr');
  socket.onmessage = ({ data }) => console.log(data);
  socket.onerror = () => process.exit(1);
`;

scenario('what is saved must reach clients of Vite in another container', { project }, async (s) => {
  const options = await bringUp(s, name, file);
  const { cwd = '' } = options;
  const write = (path: string, text: string): void => writeFileSync(join(cwd, path), text);
  write('vite.config.js', config?.text ?? assert.fail('the document has no vite.config.js'));
  write('index.html', '<p>a page</p><script type="module" src="/main.js"></script>\n');
  write('main.js', "console.log('one');\nimport.meta.hot.accept();\n");
  const started = await s.start([...standIn, '--inspect', join(packages, 'vite/bin/vite.js')], options);
  await started.says('Network:');
  await s.subtest('by the name of the service, and its published port', async () => {
    assert.match((await must(get(s, options, '/'))).stdout, /<p>a page<\/p>/);
    const ofStandIn = ['ps', '--filter', `label=docker-netexec.stand-in=${name}/web`, '--format', '{{.Ports}}'];
    const { stdout: published } = await must(s.docker(ofStandIn));
    const [, port = ''] = /127\.0\.0\.1:(\d+)->3000/.exec(published) ?? [];
    assert.match((await must(s.run(['curl', '-sS', `http://127.0.0.1:${port}/`]))).stdout, /<p>a page<\/p>/);
  });
  await s.subtest('but by no name that its configuration has not', async () => {
    const words = ['client', '--', 'curl', '-sS', '--header', 'Host: www', 'http://web:3000/'];
    const refused = await must(s.netexec(words, options));
    assert.match(refused.stdout, /^Blocked request\. This host \("www"\) is not allowed/);
  });
  await s.subtest('by a message, and by the page', async () => {
    const inside = ['docker', 'netexec', 'client', '--', process.execPath, '--input-type=module', '-e', listener];
    const listening = await s.start(inside, options);
    await listening.says('"connected"');
    await must(get(s, options, '/main.js'));
    write('main.js', "console.log('two');\nimport.meta.hot.accept();\n");
    await listening.says('/main.js');
    assert.match((await must(get(s, options, '/main.js'))).stdout, /'two'|"two"/);
    listening.kill('SIGTERM');
    await listening.ended;
  });
  await s.subtest('while a debugger is attached', () => debuggerAnswers(s, started.stderr()));
  started.kill('SIGINT');
  await started.ended;
});

/** By the port of --forward, as it is told. */
async function debuggerAnswers(s: Scenario, said: string): Promise<void> {
  const [, port = ''] = /127\.0\.0\.1:(\d+) → localhost:9229/.exec(said) ?? [];
  const { stdout } = await must(s.run(['curl', '-sS', `http://127.0.0.1:${port}/json/version`]));
  assert.match(stdout, /"Browser": "node\.js\/v/);
}

scenario('an Express app must start anew for others when it is saved', { project }, async (s) => {
  const options = await bringUp(s, name, file);
  const app = join(options.cwd ?? '', 'app.cjs');
  const write = (page: string): void =>
    writeFileSync(
      app,
      `const express = require('express');\nexpress().get('/', (request, answer) => answer.send('${page}')).listen(3000);\n`,
    );
  const shows = (page: string): Promise<void> =>
    s.eventually(async () => assert.equal((await get(s, options, '/')).stdout, page));
  write('one');
  const env = { ...options.env, NODE_PATH: packages };
  const started = await s.start([...standIn, '--watch', '--inspect', app], { ...options, env });
  await shows('one');
  await debuggerAnswers(s, started.stderr());
  write('two');
  await shows('two');
  started.kill('SIGINT');
  await started.ended;
});
