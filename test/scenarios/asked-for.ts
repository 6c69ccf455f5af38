// What a run of any engine's may ask for: a subtest each, by whose name docs/platforms.md knows what is tested.
import assert from 'node:assert/strict';
import { intercept, ours, server } from './intercepted.ts';
import { begin } from './forwarded.ts';
import { must } from './scenario.ts';
import type { Run, RunOptions, Scenario } from './scenario.ts';

/** A service that has another beside it, how they are called, and by whom they are asked. */
export interface Asked {
  readonly options: RunOptions;
  /** netexec's options that lead to the project, where its folder does not. */
  readonly lead: readonly string[];
  readonly service: string;
  /** The other one, a server of HTTP. */
  readonly other: string;
  readonly port: number;
  /** One that both are on. */
  readonly network: string;
  /** The name of the first process of the service's container. */
  readonly process: string;
  /** The beginnings of the lines of --all. */
  readonly replicas: readonly string[];
  /** A variable of the service's own. */
  readonly variable: readonly [name: string, value: string];
  /** A file that --service-files shows, and what is in it; undefined where it shows none. */
  readonly file?: readonly [path: string, text: RegExp];
  /** How others call the container of the service that is entered. */
  readonly called: string;
  /** Runs a program in the container of `other`. */
  readonly besides: (words: readonly string[]) => Promise<Run>;
}

export async function askForAll(s: Scenario, asked: Asked): Promise<void> {
  const { options, lead, service, other, port, called } = asked;
  const run = (words: readonly string[], ...command: readonly string[]): Promise<Run> =>
    must(s.netexec([...lead, ...words, service, '--', ...command], options));
  const forwarded = (...words: readonly string[]) => begin(s, [...lead, ...words, service], options);

  await s.subtest('--pid must show the processes of the service', async () => {
    assert.equal((await run(['--pid'], 'cat', '/proc/1/comm')).stdout, asked.process);
  });
  await s.subtest('--network must find who is there', async () => {
    assert.notEqual((await run(['--network', asked.network], 'getent', 'hosts', other)).stdout, '');
  });
  await s.subtest('--all must run COMMAND in each replica', async () => {
    const { stdout } = await run(['--all'], 'echo', 'here');
    const lines = stdout.split('\n').toSorted();
    assert.equal(lines.length, asked.replicas.length, stdout);
    for (const [index, line] of lines.entries())
      assert.ok(line.startsWith(asked.replicas[index] ?? '-') && line.endsWith('| here'), stdout);
  });
  await s.subtest('--wait must wait for what the service reaches', async () => {
    assert.equal((await run(['--wait', `${other}:${port}`], 'echo', 'started')).stdout, 'started');
    const late = await s.netexec([...lead, '--wait', `${other}:1`, '--timeout', '1', service, 'true'], options);
    assert.deepEqual([late.status, late.stdout], [125, '']);
  });
  await s.subtest('--service-env must give COMMAND the variables of the service', async () => {
    const [name, value] = asked.variable;
    assert.equal((await run(['--service-env'], 'printenv', name)).stdout, value);
  });
  const { file } = asked;
  if (file !== undefined)
    await s.subtest('--service-files must show the files of the service', async () => {
      assert.match((await run(['--service-files'], 'cat', file[0])).stdout, file[1]);
    });
  await s.subtest('--reverse must lead here', async () => {
    const serve = ['/usr/bin/python3', '-u', '-m', 'http.server', '--bind', '127.0.0.1', '--directory', '/usr', '0'];
    const serving = await s.start(serve, options);
    await serving.says('Serving');
    const words = ['--reverse', `9003:${/port (\d+)/.exec(serving.stdout())?.[1]}`];
    assert.match((await run(words, 'curl', '-sS', 'http://127.0.0.1:9003/')).stdout, /Directory listing for/);
    serving.kill('SIGKILL');
  });
  /** What the server says of a page that it does not have. */
  const get = (...words: readonly string[]) =>
    must(s.run(['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', ...words], options));
  await s.subtest('--forward must lead to a name', async () => {
    const { started, ports } = await forwarded('--forward', `0:${other}:${port}`);
    assert.match((await get(`http://127.0.0.1:${ports[0]}/none`)).stdout, /^[1-5]\d\d$/);
    started.kill('SIGINT');
    await started.ended;
  });
  await s.subtest('--proxy must lead to every name', async () => {
    const { started, ports } = await forwarded('--proxy', '0');
    const by = ['--socks5-hostname', `127.0.0.1:${ports[0]}`];
    assert.match((await get(...by, `http://${other}:${port}/none`)).stdout, /^[1-5]\d\d$/);
    started.kill('SIGINT');
    await started.ended;
  });
  await s.subtest('--intercept must lead others to COMMAND', async () => {
    const started = await intercept(s, [...lead, '--intercept', '8322:8321', service], server(s, 8321), options);
    const page = await asked.besides(['wget', '-qO-', `http://${called}:8322/page`]);
    assert.equal(page.stdout, ours, page.stderr);
    started.kill('SIGTERM');
    await started.ended;
  });
  await s.subtest('a TAB must offer the services', async () => {
    const offered = await must(s.docker(['__complete', 'netexec', ...lead, ''], options));
    const words = offered.stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
    for (const each of [service, other]) assert.ok(words.includes(each), offered.stdout);
  });
}
