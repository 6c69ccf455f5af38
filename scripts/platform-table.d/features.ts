// What works with which engine, as docs/platforms.md tells it: the test that proves each tick, or a sentence.

/** A test, or a sentence. */
export type Cell = Tested | string;
export interface Tested {
  /** Where it runs. */
  readonly file: string;
  /** Its title, as it stands in `text`. */
  readonly title: string;
  /** The file that has the title, where that is another. */
  readonly text?: string;
}

export const engines = [
  'Docker 20.10, 26.1, 28.5',
  'Docker, rootless',
  'Podman 4.3',
  'Podman 5.4',
  'Podman 4.3 and 5.4, rootless',
  'Swarm',
  'elsewhere: tcp, TLS, ssh',
  'in a VM',
] as const;

export interface Feature {
  readonly name: string;
  readonly docker: Cell;
  readonly dockerRootless: Cell;
  readonly podman4: Cell;
  readonly podman5: Cell;
  readonly podmanRootless: Cell;
  readonly swarm: Cell;
  readonly away: Cell;
  readonly machine: Cell;
}

const at = (name: string, title: string, text = name): Tested => ({
  file: `test/scenarios/${name}.test.ts`,
  title,
  ...(text === name ? {} : { text: `test/scenarios/${text}.ts` }),
});
/** Of a scenario, with the Podman of both Debians. */
const podmans = (title: string, text = 'podman-scenarios') => ({
  podman4: at('podman-of-bookworm', title, text),
  podman5: at('podman-of-trixie', title, text),
});
const asked = (title: string) => ({
  ...podmans(title, 'asked-for'),
  podmanRootless: at('podman-rootless', title, 'asked-for'),
  swarm: at('swarm', title, 'asked-for'),
});
const owner = at(
  'podman-rootless',
  'the owner of a rootless Podman must enter, and find services by name',
  'podman-rootless-scenarios',
);
/** Of every caller, the owner of a rootless engine among them. */
const everyCaller = (name: string, title: string) => ({ docker: at(name, title), dockerRootless: at(name, title) });
const away = (title: string): Tested => at('elsewhere', title);

const refused =
  'refused, with the reason: COMMAND has a network of its own, and a tunnel leads from there (`test/scenarios/elsewhere.test.ts`: "what cannot be must be refused, with the line that can")';
const likeElsewhere =
  'As with a remote engine. Not tried with Docker Desktop, Colima, WSL 2, a Podman machine or macOS; for Windows there is no executable.';
/** By a tunnel. */
const command = { away: away('COMMAND by ${carrier}'), machine: likeElsewhere };
const own = (title: string) => ({ away: at('tunnel-stand-in', title), machine: likeElsewhere });
const throughTunnel = 'Does not apply: COMMAND goes through a tunnel, which takes no privilege.';
const noEntry = { away: throughTunnel, machine: throughTunnel };
const noKernel = { away: refused, machine: refused };
const otherKind = 'Does not apply: it is a way into engines of the other kind.';
const socket =
  "Not tested: `sudo docker netexec` is called by root, and whoever may use the socket of root's Podman is served as with Docker.";
const sameSteps = 'Not tested by itself: netexec does the same as in the columns to the left.';
const engineNotRoot = 'refused: the engine does not run as root';
const ownNetworks = 'refused, with the line that works: a rootless engine has networks of its own';
const inSwarm = '(`test/scenarios/swarm.test.ts`: "what cannot be must be said")';

export const features: readonly Feature[] = [
  {
    name: "COMMAND in SERVICE's network, called by root",
    docker: at('ways', 'every kind of caller must get into the network of the service, by the way of its own'),
    dockerRootless: at('ways', 'root must enter the network of a rootless engine, too'),
    ...podmans('psql must reach the database by name and alias, without HOSTALIASES'),
    podmanRootless: at(
      'podman-rootless',
      'root must enter a rootless Podman’s containers, too',
      'podman-rootless-scenarios',
    ),
    swarm: at('swarm', 'services of a stack must be found, named and entered as those of a project'),
    ...command,
  },
  {
    name: '… by sudo or doas',
    docker: at('ways', 'every kind of caller must get into the network of the service, by the way of its own'),
    dockerRootless: otherKind,
    podman4: socket,
    podman5: socket,
    podmanRootless: otherKind,
    swarm: sameSteps,
    ...noEntry,
  },
  {
    name: '… by the engine',
    docker: at('ways', '--elevate must choose the way, or say why it cannot be taken'),
    dockerRootless: engineNotRoot,
    ...podmans('the engine must be the way in'),
    podmanRootless: engineNotRoot,
    swarm: at('swarm', 'the engine must be the way in'),
    ...noEntry,
  },
  {
    name: '… by the owner of a rootless engine',
    docker: otherKind,
    dockerRootless: at('ways', "names must be the service's, whichever the way"),
    podman4: otherKind,
    podman5: otherKind,
    podmanRootless: owner,
    swarm: otherKind,
    ...noEntry,
  },
  {
    name: 'names of services, aliases',
    docker: at('names', 'psql must reach the database by each of its names'),
    dockerRootless: at('ways', "names must be the service's, whichever the way"),
    ...podmans('psql must reach the database by name and alias, without HOSTALIASES'),
    podmanRootless: owner,
    swarm: at('swarm', 'every name that is listed must lead there'),
    ...command,
  },
  {
    name: '`--network`',
    docker: at('network-pin', 'the network must be known by its key and by its full name'),
    dockerRootless: at('walk-rootless', 'docker netexec --network front web -- getent hosts api'),
    ...podmans('--network must have a name mean that network’s'),
    podmanRootless: owner,
    swarm: at('swarm', '--network must find who is there', 'asked-for'),
    ...command,
  },
  {
    name: '`--pid`',
    docker: at('processes', "COMMAND must see the container's processes, itself, and no others"),
    dockerRootless: at('walk-rootless', 'docker netexec --pid web -- ps -e'),
    ...asked('--pid must show the processes of the service'),
    ...noKernel,
  },
  {
    name: '`--forward`',
    ...everyCaller('forward-ways', 'a port must lead inside, whoever calls'),
    ...asked('--forward must lead to a name'),
    away: away('ports by ${carrier}'),
    machine: likeElsewhere,
  },
  {
    name: '`--reverse`',
    ...everyCaller('forward-ways', 'a port inside must lead here, whoever calls'),
    ...asked('--reverse must lead here'),
    away: away('ports beside COMMAND'),
    machine: likeElsewhere,
  },
  {
    name: '`--proxy`',
    ...everyCaller('forward-ways', 'a port must lead inside, whoever calls'),
    ...asked('--proxy must lead to every name'),
    away: away('ports by ${carrier}'),
    machine: likeElsewhere,
  },
  {
    name: '`--on`',
    ...everyCaller('on', 'COMMAND must find the services of a network, and nothing stay'),
    ...podmans('--on and --stand-in must have a place of their own'),
    podmanRootless: owner,
    swarm: at('swarm', '--on must join what is attachable'),
    ...own('--on, of ${name}'),
  },
  {
    name: '`--stand-in`',
    ...everyCaller('stand-in', 'a service that cannot be built must be there by all of its names'),
    ...podmans('--on and --stand-in must have a place of their own'),
    podmanRootless: sameSteps,
    swarm: `refused: Swarm keeps the tasks of its services running ${inSwarm}`,
    ...own('--stand-in, of ${name}'),
  },
  {
    name: '`--intercept`',
    ...everyCaller('intercept', 'others must reach COMMAND until it ends, whoever calls'),
    ...asked('--intercept must lead others to COMMAND'),
    ...noKernel,
  },
  {
    name: '`--host-network`',
    docker: at('host-network-ways', 'COMMAND must be the caller, and find the service'),
    dockerRootless: ownNetworks,
    ...podmans('--host-network must have the names of containers, where Podman’s own network is'),
    podmanRootless: ownNetworks,
    swarm: `refused: an overlay leaves the machine itself out ${inSwarm}`,
    ...noKernel,
  },
  {
    name: '`--service-env`',
    docker: at('service-env', "the service's variables must be COMMAND's, but for those of the container itself"),
    dockerRootless: at('variables-files', 'COMMAND must have the variables of --env-file, by precedence'),
    ...asked('--service-env must give COMMAND the variables of the service'),
    ...command,
  },
  {
    name: '`--service-files`',
    ...everyCaller('service-files', 'COMMAND must have what the service has, to read'),
    ...podmans('--service-files must show the files of the service', 'asked-for'),
    podmanRootless: sameSteps,
    swarm: `refused: a stack's secrets and configs are the swarm's ${inSwarm}`,
    away: at('tunnel', "by a tunnel COMMAND must have the service's secrets and configs"),
    machine: likeElsewhere,
  },
  {
    name: '`--check`',
    docker: at('check', 'endpoints that connect must be said to, with what was seen on the way'),
    dockerRootless: at('walk-rootless', 'docker netexec --check web redis:6379'),
    ...podmans('--check must say what is well, and what is not'),
    podmanRootless: owner,
    swarm: at('swarm', '--check must tell what a name leads to'),
    away: at('tunnel-check', '--check by ${name}'),
    machine: likeElsewhere,
  },
  {
    name: '`--wait`',
    ...everyCaller('wait', 'COMMAND must start when the service can connect, and not before'),
    ...asked('--wait must wait for what the service reaches'),
    away: at('tunnel-check', '--wait by ${name}'),
    machine: likeElsewhere,
  },
  {
    name: '`--all`',
    ...everyCaller('all', 'COMMAND must run in each replica, told apart, with the highest status'),
    ...asked('--all must run COMMAND in each replica'),
    away: at('tunnel-check', '--all by ${name}'),
    machine: likeElsewhere,
  },
  {
    name: '`--restart`',
    docker: at('container-ends', '--restart must start COMMAND again in the new network, as often as it takes'),
    dockerRootless: sameSteps,
    ...podmans('the end of the container must be said, and --restart begin again'),
    podmanRootless: at('podman-rootless', '--restart must begin again with the container', 'podman-rootless-scenarios'),
    swarm: at('swarm', '--restart must begin again in the next task'),
    away: away("the container's end must end it, or be waited for"),
    machine: likeElsewhere,
  },
  {
    name: 'reports: `--list-networks`, `--list-names`, `--print-env`',
    docker: at('list-names', 'what is listed for a service must be what the engine answers there'),
    dockerRootless: at('walk-rootless', 'docker netexec --print-env --format shell api'),
    ...podmans('the reports must know everybody'),
    podmanRootless: owner,
    swarm: at('swarm', 'networks must be told with their scope'),
    away: away('reports by ${carrier}'),
    machine: likeElsewhere,
  },
  {
    name: 'TAB',
    ...everyCaller('forward-ways', 'a TAB must offer the ports that are listened on, whoever calls'),
    ...asked('a TAB must offer the services'),
    away: away('reports by ${carrier}'),
    machine: likeElsewhere,
  },
];
