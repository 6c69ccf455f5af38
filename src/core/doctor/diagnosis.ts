// What was seen of this machine → a row each with a tick, a warning or a cross, and what to do. No secret is in it.
import { plainRuntime } from '../engine/helper-specification.ts';
import type { DoctorFacts, EngineAccount, EngineFacts, GuardFacts, NameFacts } from './doctor-facts.ts';
import { examineInstall } from './install-rows.ts';
import { replacedCure, replacedText } from '../place/replaced-marker.ts';
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
      ? row('names', 'HOSTALIASES', 'good', `files go to ${facts.aliasFolder.folder}`)
      : row(
          'names',
          'HOSTALIASES',
          'warning',
          facts.aliasFolder.problem,
          'COMMAND runs without it; set XDG_RUNTIME_DIR to a folder of yours',
        ),
  ];
}

function examineDocker({ docker, compose, engine }: DoctorFacts): readonly DoctorRow[] {
  return [
    docker === undefined
      ? row('docker', 'client', 'warning', 'docker is not on PATH', 'docker-netexec works when called directly, too')
      : row('docker', 'client', 'good', docker),
    compose === undefined
      ? row(
          'docker',
          'compose',
          'warning',
          'docker compose does not answer',
          'projects are then known by their containers, and by what their files say on their own',
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
        problem?.hint ?? 'docker version, docker context ls',
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
      recent ? undefined : `netexec is tried with ${name}${oldest.join('.')} and newer`,
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
  const what = "names are bare: no HOSTALIASES, and --network writes addresses of the start into COMMAND's hosts file";
  return [row('docker', 'Podman', 'plain', what, 'docs/platforms.md has what works with it')];
}

/** For the way by the engine. The usual one is not worth a row. */
function examineRuntime({ runtime, runtimes }: EngineAccount): readonly DoctorRow[] {
  if (runtime === plainRuntime || runtime === '') return [];
  const known = runtimes.includes(plainRuntime);
  const what = `containers are started with ${runtime}${known ? `; netexec's own with ${plainRuntime}` : `, and ${plainRuntime} is not known`}`;
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
      return [row('docker', 'place', 'good', "its containers are processes of this machine's")];
    case 'unreadable':
      return [
        row(
          'docker',
          'place',
          'plain',
          'whether its containers are processes of this machine shows when one is entered',
        ),
      ];
    case 'own-namespace':
      return [
        row(
          'docker',
          'place',
          'bad',
          'netexec runs in a process namespace of its own',
          'run it on the host, or its container with --pid=host',
        ),
      ];
    case 'no-process':
    case 'another-process':
      return [
        row(
          'docker',
          'place',
          'bad',
          "its containers are not processes of this machine's kernel",
          'an engine in a virtual machine or on another host keeps its networks there: its ports can be led here, by --forward and --proxy without COMMAND; for a COMMAND run docker netexec there',
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
      way === undefined ? `no: ${reason}` : way === first?.way ? `this way is taken: ${reason}` : `would do: ${reason}`;
    // The engine's silence is the cause: whether there is a way shows once it answers.
    if (first === undefined && silent && ways[kind].starter === 'engine')
      return { ...row('privilege', kind, 'bad', seen, 'have the engine answer first'), follows: 'engine' };
    if (first === undefined && !silent)
      return row('privilege', kind, 'bad', seen, 'one of these ways is needed: README, What it needs');
    return row('privilege', kind, way === undefined ? 'plain' : 'good', seen);
  });
}

function examineNames(names: NameFacts): readonly DoctorRow[] {
  const limits = names.aliasLimits.map((limit) =>
    row('names', 'hostaliases', 'plain', `--resolver hostaliases: ${limit}`),
  );
  return [
    row('names', 'resolv.conf', 'good', `${names.resolvConf}; COMMAND has the container's`),
    row('names', 'nsswitch', 'good', `hosts: ${names.hosts ?? '(not said)'}; COMMAND has files dns`),
    row('names', 'nscd', 'good', names.nscd ? 'runs; COMMAND does not see it' : 'does not run'),
    names.overlay
      ? row('names', 'overlay', 'good', 'the kernel has overlay file systems')
      : row(
          'names',
          'overlay',
          'warning',
          'the kernel has no overlay file systems',
          'names are lost when the host replaces its resolv.conf or hosts meanwhile; modprobe overlay',
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
            "hidepid: other users' processes are out of sight, and a container's is looked at from within",
          ),
        ]
      : []),
    ...(told === undefined ? [] : [row('guards', "engine's", 'plain', told.security.join(', ') || 'none')]),
  ];
}
