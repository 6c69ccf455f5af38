// Looks from inside the network: looks names up, connects, says first words, and tells what it finds, a line of JSON each.
// --check runs it as COMMAND, the way that every COMMAND is run:
//   PROGRAM… '{"endpoints": [...], "timeout": MILLISECONDS, …}'
// Of a remote engine it runs in a helper container instead, is asked by a line on standard input, which no words of a container
// show, and tells what listens there as well.
import { readdirSync, readSync } from 'node:fs';
import { connect, isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { promises as dns } from 'node:dns';
import { hadNoAnswer } from '../../core/check/dns-errors.ts';
import { askedNames, readResolvConf } from '../../core/names/resolver-configuration.ts';
import { enginesDnsPort, plainAddress } from '../../core/check/socket-tables.ts';
import { enginesDns } from '../../core/names/name-server.ts';
import type { Answer, Finding, Machine, NamesFound } from '../../core/check/findings.ts';
import type { CheckedEndpoint } from '../../core/check/checked-endpoint.ts';
import type { ProbeRequest } from '../../core/check/probe-request.ts';
import { readTables } from './listening-sockets.ts';
import { missingName } from './missing-name.ts';
import { talk } from './probe-talk.ts';
import { openOutput } from '../enter/open-output.ts';
import { attempt, readOrEmpty } from '../files/attempt.ts';

const { endpoints, timeout, known, answers: path } = JSON.parse(process.argv[3] ?? readLine()) as ProbeRequest;
const listener = path === undefined ? openOutput(1) : connect(path);
const resolvConf = readResolvConf(readOrEmpty('/etc/resolv.conf'), process.env);
const nameservers = resolvConf.nameservers.filter((server) => isIP(server) !== 0);

async function main(): Promise<void> {
  if (path === undefined) tellSockets();
  const lookedUp = await Promise.all(endpoints.map((endpoint, index) => lookUp(endpoint, index)));
  const silent = lookedUp.some((names) => names !== undefined && hadNoAnswer(names.ipv4.error, names.ipv6.error));
  tell(await machine(silent));
  await Promise.all(
    endpoints.map(async (endpoint, index) => {
      const addresses = isIP(endpoint.host)
        ? [plainAddress(endpoint.host)]
        : (lookedUp[index]?.program.addresses ?? []);
      if (endpoint.port !== undefined)
        await talk({ ...endpoint, port: endpoint.port }, index, addresses, timeout, tell);
      tell({ kind: 'begin', endpoint: index, step: 'end' });
    }),
  );
  listener.end(() => {
    // Its input would keep it.
    if (path === undefined) process.exit(0);
  });
}

/** Of standard input: netexec ends it where it gives up before it has asked. */
function readLine(): string {
  const pieces: Buffer[] = [];
  const piece = Buffer.alloc(0x1_0000);
  for (;;) {
    const length = readSync(0, piece);
    if (length === 0) process.exit(0);
    pieces.push(Buffer.from(piece.subarray(0, length)));
    if (piece.subarray(0, length).includes('\n')) return Buffer.concat(pieces).toString();
  }
}

/** Nothing but this can see them, and nothing but its input ends it with netexec. */
function tellSockets(): void {
  process.stdin.on('end', () => process.exit(0)).resume();
  tell({ kind: 'sockets', sockets: [...(readTables('/proc/self') ?? [])] });
}

function tell(finding: Finding): void {
  listener.write(`${JSON.stringify(finding)}\n`);
}

async function lookUp({ host }: CheckedEndpoint, endpoint: number): Promise<NamesFound | undefined> {
  if (isIP(host)) return undefined;
  tell({ kind: 'begin', endpoint, step: 'dns' });
  const started = performance.now();
  const hosts = hostsEntries(host);
  // What stands in the hosts file is found whatever the servers do.
  const { asked, ipv4, ipv6 } = hosts.length > 0 ? { asked: host, ipv4: none, ipv6: none } : await search(host);
  const milliseconds = performance.now() - started;
  const longer = asked === host ? null : asked;
  const names = { kind: 'names', endpoint, hosts, longer, ipv4, ipv6, milliseconds } as const;
  // glibc would go on asking a server that does not answer for longer than anybody waits here.
  const dead = hadNoAnswer(ipv4.error, ipv6.error);
  const program = dead ? { addresses: [], error: 'TIMEOUT' } : await ask(() => bySystem(host));
  const found: NamesFound = { ...names, program };
  tell(found);
  return found;
}

const none: Answer = { addresses: [], error: null };

interface Asked {
  readonly asked: string;
  readonly ipv4: Answer;
  readonly ipv6: Answer;
}

/** As a program does: by the name and the search list, until one is there; else what says most of why there is none. */
async function search(host: string): Promise<Asked> {
  const askFor = async (name: string): Promise<Asked> => {
    const [ipv4, ipv6] = await askServers(nameservers, name);
    return { asked: name, ipv4, ipv6 };
  };
  const [first = host, ...others] = askedNames(host, resolvConf);
  const found = await askFor(first);
  if (isThere(found)) return found;
  const all = [found, ...(await Promise.all(others.map(askFor)))];
  const own = all.find(({ asked }) => asked === host);
  return (
    all.find(isThere) ??
    [own, ...all].find((each) => each !== undefined && !hadNoAnswer(each.ipv4.error, each.ipv6.error)) ??
    own ??
    found
  );
}

const isThere = ({ ipv4, ipv6 }: Asked): boolean => ipv4.addresses.length + ipv6.addresses.length > 0;

async function askServers(servers: readonly string[], host: string): Promise<readonly [Answer, Answer]> {
  const resolver = new dns.Resolver({ timeout, tries: 1 });
  resolver.setServers(servers);
  // c-ares takes a timeout for a suggestion.
  const timer = setTimeout(() => resolver.cancel(), timeout);
  const found = await Promise.all([ask(() => resolver.resolve4(host)), ask(() => resolver.resolve6(host))]);
  clearTimeout(timer);
  const [server = ''] = servers;
  return Promise.all([exact(found[0], server, host, 'A'), exact(found[1], server, host, 'AAAA')]);
}

const exact = async (answer: Answer, server: string, host: string, kind: 'A' | 'AAAA'): Promise<Answer> =>
  answer.error === 'ENOTFOUND' ? { ...answer, error: await missingName(server, host, kind) } : answer;

async function bySystem(host: string): Promise<readonly string[]> {
  const found = await dns.lookup(host, { all: true, order: 'verbatim' });
  return found.map(({ address }) => address);
}

async function ask(question: () => Promise<readonly string[]>): Promise<Answer> {
  try {
    const addresses = await question();
    return { addresses: [...new Set(addresses.map(plainAddress))], error: null };
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    return { addresses: [], error: code === 'ECANCELLED' ? 'ETIMEOUT' : code };
  }
}

function hostsEntries(host: string): string[] {
  return readOrEmpty('/etc/hosts')
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([, ...names]) => names.some((name) => name.toLowerCase() === host.toLowerCase()))
    .flatMap(([address = '']) => (isIP(address) ? [plainAddress(address)] : []));
}

async function machine(dnsIsSilent: boolean): Promise<Machine> {
  const port = enginesDnsPort(readOrEmpty('/proc/self/net/udp'));
  const tried = dnsIsSilent && port !== undefined && nameservers.includes(enginesDns);
  return {
    kind: 'machine',
    nameservers,
    search: [...resolvConf.search],
    addresses: Object.values(networkInterfaces()).flatMap((all) =>
      (all ?? []).map(({ address }) => plainAddress(address)),
    ),
    gateway: hasGateway(),
    mtu: largestMtu(),
    enginesDnsPort: port ?? null,
    enginesDnsKnows: tried ? await answers(enginesDns, known) : null,
    enginesDnsAnswers: tried ? await answers(`${enginesDns}:${port}`, known) : null,
  };
}

/** Without its NAT rules the engine's DNS server is still there, behind another port. */
async function answers(server: string, name: string): Promise<boolean> {
  const [{ error }] = await askServers([server], name);
  return error === null;
}

/** By the settings for IPv6, which every interface has: /sys/class/net shows those of the host. */
function largestMtu(): number | null {
  const folder = '/proc/sys/net/ipv6/conf';
  const interfaces = (attempt(() => readdirSync(folder)) ?? []).filter(
    (name) => !['all', 'default', 'lo'].includes(name),
  );
  const sizes = interfaces.map((name) => Number(readOrEmpty(`${folder}/${name}/mtu`))).filter((size) => size > 0);
  return sizes.length > 0 ? Math.max(...sizes) : null;
}

/** A default route leads to all zeros; the kernel keeps one for IPv6 on lo that leads nowhere. */
function hasGateway(): boolean {
  const ipv4 = readOrEmpty('/proc/self/net/route')
    .split('\n')
    .some((line) => /^\S+\t00000000\t/.test(line));
  const ipv6 = readOrEmpty('/proc/self/net/ipv6_route')
    .split('\n')
    .some((line) => /^0{32} 00 /.test(line) && !line.endsWith(' lo'));
  return ipv4 || ipv6;
}

void main();
