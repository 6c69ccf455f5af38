// A C library in the folder that netexec is called in: it is never opened, whether or not the machine's own can be called.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { TestContext } from 'node:test';
import { withContainer } from './fake-container.ts';
import { isRoot, makePlace, run, usePlugin, useSingleFile } from './place.ts';
import type { Place } from './place.ts';

const plugin = usePlugin();
const single = useSingleFile();

/** What a program may call it: glibc's names, and musl's, whose loader it is. */
const names = [
  'libc.so',
  'libc.so.6',
  ...['x86_64', 'aarch64'].flatMap((processor) => [`libc.musl-${processor}.so.1`, `ld-musl-${processor}.so.1`]),
];

/** One of coreutils' that says so, when it is loaded, where this variable is none of its words. */
const library = readFileSync('/usr/libexec/coreutils/libstdbuf.so');
const telling = { _STDBUF_O: 'bogus' };
const told = /invalid buffering mode/;

const contents: Readonly<Record<string, Buffer>> = {
  'no library': Buffer.from('not a library\n'),
  'a library': library,
};

function makePlanted(context: TestContext, content: Buffer): Place {
  const place = makePlace(context);
  for (const name of names) place.write(join('work', name), content);
  Object.assign(place.env, telling);
  return place;
}

test('a library that is loaded must say so', async (context) => {
  const place = makePlanted(context, library);
  place.env['LD_PRELOAD'] = join(place.cwd, 'libc.so.6');
  assert.match((await run(place, ['true'])).stderr, told);
});

for (const [what, content] of Object.entries(contents))
  describe(`where ${what} has its name`, () => {
    for (const through of ['docker and the launcher', 'the single file'])
      test(`a run must go on, through ${through}`, { skip: isRoot ? false : 'needs root' }, async (context) => {
        const place = makePlanted(context, content);
        await withContainer(place);
        place.env['DOCKER_CONFIG'] = plugin.config;
        // No shell can hold such a name: the last step, which calls the library, hands it on.
        place.env['a.b'] = 'c';
        const words = ['netexec', '-p', 'shop', '--resolver', 'host', 'web', '--', 'printenv', 'a.b'];
        const outcome = await run(place, [through === 'the single file' ? single.file : 'docker', ...words]);
        assert.deepEqual(outcome, { status: 0, stdout: 'c\n', stderr: '' });
      });

    test('one that may make no machine code must name the one of the machine', async (context) => {
      const place = makePlanted(context, content);
      // The accounts say what it is.
      delete place.env['HOME'];
      place.env['BUN_JSC_useJIT'] = '0';
      const { status, stdout, stderr } = await run(place, [single.file, 'netexec', '--list-networks']);
      assert.deepEqual([status, stdout], [125, '']);
      assert.match(
        stderr,
        /^netexec: cannot call the C library \(\/\S+: bun:ffi requires the JIT\)\nhint: netexec has to make .*\n$/,
      );
    });
  });
