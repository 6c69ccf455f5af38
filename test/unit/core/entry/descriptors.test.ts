// The shell texts must have the numbers that src/core/entry/descriptors.ts has: nothing but this compares them.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, test } from 'node:test';
import { descriptors } from '../../../../src/core/entry/descriptors.ts';
import { held } from '../../../../src/core/entry/held-paths.ts';

const source = join(import.meta.dirname, '../../../../src/shell');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sh'));

/** Texts of their own; what else there is is the stage's. */
const others = ['entry.sh', 'guard.sh', 'reader.sh', 'waiter.sh', 'interceptor.sh', 'uninstall.sh'];
const textOf = (isOne: (name: string) => boolean): string =>
  files
    .filter((file) => isOne(basename(file)))
    .map((file) => readFileSync(join(source, file), 'utf8').replaceAll(/^\s*#.*$/gm, ''))
    .join('\n');

const { entry, stage, reader, guard, waiter, interceptor } = descriptors;
const texts: Readonly<Record<keyof typeof descriptors, string>> = {
  entry: textOf((name) => name === 'entry.sh'),
  stage: textOf((name) => !others.includes(name)),
  reader: textOf((name) => name === 'reader.sh'),
  guard: textOf((name) => name === 'guard.sh'),
  waiter: textOf((name) => name === 'waiter.sh'),
  interceptor: textOf((name) => name === 'interceptor.sh'),
};

/** How each says what it has as which number. */
const phrases: {
  readonly [Who in keyof typeof descriptors]: Readonly<Record<keyof (typeof descriptors)[Who], string>>;
} = {
  entry: {
    network: `${entry.network}<${held.process}/ns/net`,
    supervisor: `${entry.supervisor}<"/proc/$supervisor"`,
    process: `${entry.process}<"/proc/$process"`,
  },
  stage: {
    errors: `2>&${stage.errors}`,
    hostFiles: `${stage.hostFiles}</etc`,
    processes: `${stage.processes}</proc/self/fd/${stage.process}/ns/pid`,
    process: `${stage.process}<"$netexec_process"`,
    folder: `${stage.folder}<.`,
    alive: `${stage.alive}<"$netexec_alive"`,
    held: `${stage.held}<"$netexec_held"`,
    files: `!= /proc/self/fd/${stage.files} ] || exec ${stage.files}<&-`,
    newRoot: `lay_root ${stage.newRoot}<"$netexec_staging"`,
    executable: `${stage.executable}<"$netexec_executable"`,
    environment: `${stage.environment}<"$netexec_environment"`,
    ready: `${stage.ready}>>"$netexec_ready"`,
  },
  reader: {
    root: `root=/proc/self/fd/${reader.root}`,
    mounts: `<&${reader.mounts}`,
    hosts: `>&${reader.hosts}`,
    resolvConfSource: `copy resolv.conf <&${reader.resolvConfSource}`,
    hostsSource: `copy hosts <&${reader.hostsSource}`,
  },
  guard: { ready: `read -r told <&${guard.ready}` },
  waiter: { errors: `${waiter.errors}>&2`, ready: `echo started >&${waiter.ready}` },
  interceptor: {
    warnings: `more" >&${interceptor.warnings}`,
    told: `${interceptor.told}>&1`,
    held: `exec ${interceptor.held}<&0`,
  },
};

/** Where they use what they have, and what the stage opens for those that it starts. */
const uses: { readonly [Who in keyof typeof descriptors]: readonly string[] } = {
  entry: [`prove ${held.supervisor} `],
  stage: [
    `${reader.root}</proc/self/fd/${stage.process}/root ${reader.mounts}</proc/self/fd/${stage.process}/mountinfo`,
    `${reader.hosts}>>/etc/hosts`,
    `${guard.ready}<"$netexec_ready"`,
    `[ /proc/self/ns/net -ef /proc/self/fd/${stage.process}/ns/net ]`,
    `[ -e /proc/self/fd/${stage.process}/ns/net ]`,
    `/proc/self/fd/${stage.process}/mountinfo`,
    `</proc/self/fd/${stage.process}/cgroup`,
    `lowerdir=/etc:/proc/self/fd/${stage.hostFiles} `,
    `/proc/self/fd/${stage.hostFiles}/`,
    `${stage.hostFiles}<"$netexec_folder"`,
    `cover_root ${stage.hostFiles}</\n`,
    `bind_entries /proc/self/fd/${stage.newRoot}\n`,
    `pivot_root /proc/self/fd/${stage.newRoot} "/proc/self/fd/${stage.newRoot}$netexec_staging"`,
    `--pid=/proc/self/fd/${stage.processes} `,
    `set -- /proc/self/fd/${stage.executable} "$@"`,
    `netexec_folder=${stage.folder}\n`,
    `<&${stage.alive} `,
    `echo started >&${stage.ready}\n`,
    `<&${stage.held} ${interceptor.warnings}>&2 2>&1 `,
    `!= /proc/self/fd/${stage.held} ]`,
    `${stage.errors}>&2`,
  ],
  reader: [`exec ${reader.resolvConfSource}<&${reader.hostsSource}\n`, `${reader.hostsSource}<"$root$path"`],
  guard: [],
  waiter: [`2>&${waiter.errors}`],
  interceptor: [`echo up >&${interceptor.told}\n`],
};

for (const who of Object.keys(phrases) as readonly (keyof typeof phrases)[]) {
  describe(`the text of the ${who}`, () => {
    for (const [what, phrase] of Object.entries<string>(phrases[who]))
      test(`must have ${what} as its number`, () => assert.ok(texts[who].includes(phrase), phrase));

    for (const phrase of uses[who])
      test(`must use its numbers: ${phrase.trim()}`, () => assert.ok(texts[who].includes(phrase)));

    test('must name no number beside these, but to close it', () => {
      const known = [...Object.values<string>(phrases[who]), ...uses[who]];
      const rest = known.reduce((text, phrase) => text.replaceAll(phrase, ''), texts[who]);
      assert.deepEqual(rest.match(/.*(?:(?<![\w$./-])[3-9]\d*[<>](?!&-)|[<>]&[3-9]|\/proc\/self\/fd\/\d).*/g), null);
    });
  });
}
