// Ports without COMMAND, with a remote engine: those inside that lead to this machine, and names on one network alone.
import assert from 'node:assert/strict';
import type { FarEngine } from './far-engine.ts';
import { begin, serveHere } from './forwarded.ts';
import type { Scenario } from './scenario.ts';

/** The service's own programs reach this machine, again after the connection was lost, and until netexec ends. */
export async function reversed(s: Scenario, engine: FarEngine): Promise<void> {
  const port = await serveHere(s);
  const fetch = () =>
    engine.docker('exec', `${s.projectName}-web-1`, 'wget', '-qO-', 'http://127.0.0.1:9003/').catch(() => 'refused');
  const words = ['--reverse', `9003:${port}`, '--forward', '0:8080', 'web'];
  const forwarded = await begin(s, words, engine.by.tcp);
  assert.match(
    forwarded.started.stderr(),
    new RegExp(`^localhost:9003 in web → localhost:${port} on this machine$`, 'm'),
  );
  assert.equal(await fetch(), 'of this machine');
  engine.cut();
  await s.eventually(() => assert.match(forwarded.started.stderr(), /is reachable again: forwarding its ports$/m));
  await s.eventually(async () => assert.equal(await fetch(), 'of this machine'));
  forwarded.started.kill('SIGTERM');
  assert.equal((await forwarded.started.ended).status, 143);
  await s.eventually(async () => assert.equal(await fetch(), 'refused'));
}

/** A port that the service has is refused, with the line that works. */
export async function takenInside(s: Scenario, engine: FarEngine): Promise<void> {
  const run = await s.netexec(['--forward', '0:9999', '--reverse', '8080:9003', 'web'], engine.by.tcp);
  assert.deepEqual(
    [run.status, run.stderr],
    [
      125,
      [
        'netexec: localhost:8080 in web is already in use',
        'hint: use another port inside: docker netexec --forward 0:9999 --reverse 18080:9003 web',
      ].join('\n'),
    ],
  );
}

export async function pinnedThere(s: Scenario, engine: FarEngine): Promise<void> {
  const networks = ['backend', 'cache'];
  const names = networks.map((network) => `${s.projectName}-twin-${network}`);
  for (const [index, name] of names.entries()) {
    const network = ['--network', `${s.projectName}_${networks[index]}`, '--network-alias', 'twin'];
    const image = ['--stop-signal', 'KILL', '--entrypoint', 'sh', '--pull', 'never', 'netexec/servers:1'];
    const serves = `mkdir /tmp/page; echo ${networks[index]} >/tmp/page/index.html; exec httpd -f -p 8007 -h /tmp/page`;
    await engine.docker('run', '-d', '--name', name, ...network, ...image, '-c', serves);
  }
  for (const network of networks) {
    const forwarded = await begin(s, ['--network', network, '--forward', '0:twin:8007', 'web'], engine.by.tcp);
    const get = ['curl', '-sS', `http://127.0.0.1:${forwarded.ports[0]}/`];
    await s.eventually(async () => assert.equal((await s.run(get)).stdout, network));
    forwarded.started.kill('SIGTERM');
    await forwarded.started.ended;
  }
  const unknown = await s.netexec(['--network', 'nope', '--forward', '0:twin:8007', 'web'], engine.by.tcp);
  assert.equal(unknown.status, 125);
  assert.match(unknown.stderr, /network "nope"/);
  await engine.docker('rm', '-f', ...names);
}
