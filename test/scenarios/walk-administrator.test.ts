// The second way of using it: an administrator, root, on a server without Node, who drops a release's file in.
import { join } from 'node:path';
import { linkOrCopy, useSingleFile } from '../cli/place.ts';
import { callerNamed, useCallers } from './callers.ts';
import { must, scenario } from './scenario.ts';
import { bash, project, walker } from './walk.ts';
import type { Typed } from './walk.ts';

const callers = useCallers(project, 'shared');
const root = callerNamed('root');
const single = useSingleFile();

const installed: readonly Typed[] = [
  { line: '! node --version 2>/dev/null' },
  { line: 'install -D docker-netexec-linux-x64 ~/.docker/cli-plugins/docker-netexec' },
  { line: 'docker netexec --version', shows: [/^docker-netexec version /m] },
  { line: 'docker netexec --man | head -2', shows: [/^\.TH DOCKER-NETEXEC 1 /m] },
  { line: 'docker netexec --doctor', shows: [/^docker netexec works on this machine\.$/m, /✓ root +used: /] },
  { line: 'docker netexec --install', status: 125, shows: [/hint: it is already installed as /] },
];

const used: readonly Typed[] = [
  { line: "docker netexec web -- psql -h db -U app -tAc 'select 1'", shows: [/^1$/m] },
  { line: 'docker netexec -u nobody web id -un', shows: [/^nobody$/m] },
  { line: 'docker netexec -p netexec-test-shop web -- dig +short postgres', shows: [/^[\d.]+$/m] },
  { line: 'docker netexec --container netexec-test-shop-web-1 curl -s localhost:8080', shows: [/^[0-9a-f]{12}$/m] },
  {
    line: 'docker netexec --container netexec-test-shop-wbe-1 true',
    status: 125,
    shows: [/hint: did you mean netexec-test-shop-web-1\? docker netexec --container netexec-test-shop-web-1 true$/m],
    hides: /docker-netexec-\d/,
  },
  {
    line: 'docker netexec --check web db',
    shows: [/✓ listens {2}postgres \(pid \d+\) on /, /✓ answer {3}PostgreSQL$/m],
  },
  { line: 'docker netexec --check web', shows: [/\((?:httpd|redis|postg)/] },
  {
    line: 'docker netexec --check web host.docker.internal:80',
    status: 1,
    shows: [/cause: on Linux, host\.docker\.internal only exists if the Compose file adds it/, /extra_hosts/],
  },
  {
    line: 'docker netexec --check web db:port',
    status: 125,
    shows: [/expected HOST, HOST:PORT with a port up to 65535/],
  },
  { line: 'docker netexec --check db:5432', status: 125, shows: [/docker netexec --check SERVICE db:5432$/m] },
  { line: 'docker netexec web -- tcpdump -ni any', until: /^listening on any/m },
  { line: 'docker netexec --pid web -- strace -f -p 1', until: /^strace: Process \d+ attached$/m, status: 130 },
  { line: 'docker netexec --pid web -- ps -e', shows: [/^ +1 /m] },
  { line: "docker netexec --pid web -- sh -c 'ls $NETEXEC_ROOT'", shows: [/\bbin\b/] },
  { line: 'docker netexec --hostaliases', shows: [/netexec-test-shop_back\.hostaliases/] },
  {
    line: 'docker netexec --list-names --no-trunc | cut -c1-70',
    shows: [/^db, postgres, netexec-test-shop-db-1, [0-9a-f]{12} /m],
  },
  { line: 'docker netexec --list-networks --format mermaid', shows: [/^flowchart LR$/m] },
  { line: 'docker netexec --resolver foo web true', status: 125, shows: [/expected private, hostaliases or host$/m] },
  {
    line: 'docker --context nosuch netexec web true',
    status: 125,
    shows: [/context "nosuch" not found/, /hint: available contexts: default/],
  },
  {
    line: 'docker netexec --index 5 worker true',
    status: 125,
    shows: [/no running container number 5; running: 1, 2$/m],
  },
  {
    line: 'docker netexec --network front --on back -- true',
    status: 125,
    shows: [/--on back has no network "front"/],
  },
  { line: 'docker netexec web .', status: 127, hides: /folder|has it/ },
];

const removed: readonly Typed[] = [
  { line: 'docker netexec --uninstall --foo', status: 125, shows: [/unknown flag: --foo/] },
  { line: 'docker netexec --uninstall', shows: [/removed/] },
  {
    line: 'ls ~/.docker/cli-plugins ~/.local/state/docker-netexec 2>&1',
    status: 2,
    shows: [/No such file/],
    hides: /hostaliases/,
  },
];

scenario('an administrator must get along on a server without Node', { project }, async (s) => {
  const { types, cwd, step } = await walker(s, callers, root, bash, { DOCKER_CONFIG: undefined });
  // In this machine alone.
  const hide = 'which -a node | xargs -r realpath | sort -u | xargs -rI{} mount --bind /dev/null {}';
  await must(s.run(['sh', '-c', hide], step));
  linkOrCopy(single.file, join(cwd, 'docker-netexec-linux-x64'));
  await types([...installed, ...used, ...removed]);
});
