// What was seen of this machine → a row each with a tick, a warning or a cross, and what to do. No secret is in it.
import { plainRuntime } from '../engine/helper-specification.ts';
import type { DoctorFacts, EngineAccount, EngineFacts, GuardFacts, NameFacts } from './doctor-facts.ts';
import { examineInstall } from './install-rows.ts';
import { replacedCure, replacedText } from '../own-container/replaced-marker.ts';
import { row } from './doctor-row.ts';
import type { DoctorRow } from './doctor-row.ts';
import { examineTools } from './doctor-tools.ts';
import { isAtLeast } from './versions.ts';
import { ways } from '../ways/ways.ts';

export function examine(facts: DoctorFacts): readonly DoctorRow[] {
  return [
    ...examineInstall(facts),
    ...examineDocker(facts),
    ...examineWays(facts),
    ...examineTools(facts),
    ...examineNames(facts.names),
    ...examineGuards(facts.guards, facts.engine),
    facts.aliasFolder.problem === undefined
      ? row('names', 'HOSTALIASES', 'good', `files are written to ${facts.aliasFolder.folder}`)
      : row(
          'names',
          'HOSTALIASES',
          'warning',
          facts.aliasFolder.problem,
          'COMMAND runs without HOSTALIASES; set XDG_RUNTIME_DIR to a directory of your own',
        ),
  ];
}

function examineDocker({ docker, compose, engine }: DoctorFacts): readonly DoctorRow[] {
  return [
    docker === undefined
      ? row('docker', 'client', 'warning', 'docker is not on PATH', 'you can run docker-netexec directly instead')
      : row('docker', 'client', 'good', docker),
    compose === undefined
      ? row(
          'docker',
          'compose',
          'warning',
          'docker compose does not answer',
          'without it, netexec knows projects by their containers and by reading their files itself',
        )
      : row('docker', 'compose', 'good', compose),
    ...examineEngine(engine),
  ];
}

function examineEngine({ endpoint, told, problem, local, forgotten }: EngineFacts): readonly DoctorRow[] {
  const at = endpoint === undefined ? '' : `${endpoint.host}, from ${endpoint.source}`;
  if (told === undefined || problem !== undefined) {
    return [
      row(
        'docker',
        'engine',
        'bad',
        problem?.what ?? `${at} does not answer`,
        problem?.hint ?? 'try docker version, or docker context ls',
      ),
    ];
  }
  const kind = told.rootless ? 'rootless, ' : '';
  const { name, oldest } = products[told.product];
  const version = `${name}${told.version}, ${kind}${told.system}, at ${at}`;
  const recent = isAtLeast(told.version, oldest);
  return [
    row(
      'docker',
      'engine',
      recent ? 'good' : 'warning',
      version,
      recent ? undefined : `netexec is tested with ${name}${oldest.join('.')} and newer`,
    ),
    ...examinePodman(told),
    ...examineRuntime(told),
    ...examinePlace(local),
    ...(forgotten.length === 0
      ? []
      : [row('docker', 'replaced', 'warning', replacedText(forgotten), replacedCure(forgotten))]),
  ];
}

const products = {
  docker: { name: '', oldest: [20, 10] },
  podman: { name: 'Podman ', oldest: [4, 3] },
} as const;

/** What is otherwise there than with docker's engine. */
function examinePodman({ product }: EngineAccount): readonly DoctorRow[] {
  if (product !== 'podman') return [];
  const what =
    "names have no network suffix: no HOSTALIASES, and --network writes the addresses at the start into COMMAND's hosts file";
  return [row('docker', 'Podman', 'plain', what, 'docs/platforms.md lists what works with Podman')];
}

/** For the way by the engine. The usual one is not worth a row. */
function examineRuntime({ runtime, runtimes }: EngineAccount): readonly DoctorRow[] {
  if (runtime === plainRuntime || runtime === '') return [];
  const known = runtimes.includes(plainRuntime);
  const what = `the engine starts containers with ${runtime}${known ? `, and netexec's helper container with ${plainRuntime}` : `, and has no ${plainRuntime}`}`;
  return [
    row(
      'docker',
      'runtime',
      known ? 'plain' : 'warning',
      what,
      known ? undefined : `--elevate docker may fail: install ${plainRuntime}`,
    ),
  ];
}

function examinePlace(local: EngineFacts['local']): readonly DoctorRow[] {
  switch (local) {
    case undefined:
      return [row('docker', 'place', 'plain', 'no running container to verify that the engine is on this machine')];
    case 'container':
      return [row('docker', 'place', 'good', 'its containers are processes on this machine')];
    case 'unreadable':
      return [
        row(
          'docker',
          'place',
          'plain',
          'not verified: netexec checks on entry that the container runs on this machine',
        ),
      ];
    case 'own-namespace':
      return [
        row(
          'docker',
          'place',
          'bad',
          "this PID namespace is not the host's",
          'run netexec on the host, or start its container with --pid=host',
        ),
      ];
    case 'no-process':
    case 'another-process':
      return [
        row(
          'docker',
          'place',
          'plain',
          "its containers are not processes on this machine's kernel: COMMAND and ports go through a tunnel",
          'docs/elsewhere.md says what works',
        ),
      ];
  }
}

function examineWays({ ways: verdicts, engine }: DoctorFacts): readonly DoctorRow[] {
  const silent = engine.problem !== undefined;
  const judged = verdicts.map((each) =>
    silent && ways[each.kind].judgedByEngine ? { ...each, way: undefined, reason: 'the engine does not answer' } : each,
  );
  const first = judged.find(({ way }) => way !== undefined);
  return judged.map(({ kind, way, reason }) => {
    const seen =
      way === undefined ? `not available: ${reason}` : way === first?.way ? `used: ${reason}` : `available: ${reason}`;
    // The engine's silence is the cause: whether there is a way shows once it answers.
    if (first === undefined && silent && ways[kind].starter === 'engine')
      return { ...row('privilege', kind, 'bad', seen, 'fix the engine first'), follows: 'engine' };
    if (first === undefined && !silent)
      return row('privilege', kind, 'bad', seen, 'netexec needs one of these: see "What it needs" in the README');
    return row('privilege', kind, way === undefined ? 'plain' : 'good', seen);
  });
}

function examineNames(names: NameFacts): readonly DoctorRow[] {
  const limits = names.aliasLimits.map((limit) =>
    row('names', 'hostaliases', 'plain', `--resolver hostaliases: ${limit}`),
  );
  return [
    row('names', 'resolv.conf', 'good', `${names.resolvConf}; COMMAND sees the container's`),
    row('names', 'nsswitch', 'good', `hosts: ${names.hosts ?? '(not set)'}; COMMAND sees files dns`),
    row('names', 'nscd', 'good', names.nscd ? 'running; hidden from COMMAND' : 'not running'),
    names.overlay
      ? row('names', 'overlay', 'good', 'the kernel supports overlay file systems')
      : row(
          'names',
          'overlay',
          'warning',
          'the kernel does not support overlay file systems',
          'names are lost if the host replaces its resolv.conf or hosts during a run; try modprobe overlay',
        ),
    ...limits,
  ];
}

function examineGuards(guards: GuardFacts, { told }: EngineFacts): readonly DoctorRow[] {
  const rootless = told?.rootless === true;
  const none = guards.userNamespaces === 0;
  const { namespaceRefusal } = guards;
  const refused = namespaceRefusal === undefined ? '' : `, but --host-network cannot use one: ${namespaceRefusal}`;
  return [
    row('guards', 'AppArmor', 'plain', guards.appArmor ? 'on' : 'off'),
    row('guards', 'SELinux', 'plain', guards.seLinux ?? 'none'),
    ...(guards.userNamespaces === undefined
      ? []
      : [
          row(
            'guards',
            'user namespaces',
            rootless && none ? 'bad' : 'plain',
            none ? 'none are allowed' : `up to ${guards.userNamespaces}${refused}`,
            rootless && none ? 'a rootless engine needs them: sysctl user.max_user_namespaces' : undefined,
          ),
        ]),
    ...(guards.hiddenProcesses
      ? [
          row(
            'guards',
            '/proc',
            'plain',
            "hidepid hides other users' processes; netexec verifies the container's process from inside",
          ),
        ]
      : []),
    ...(told === undefined ? [] : [row('guards', "engine's", 'plain', told.security.join(', ') || 'none')]),
  ];
}
