// A table of runs that must end in a clear refusal: status, exact text, nothing on stdout, nothing left.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isRoot, leftovers, makePlace, run } from './place.ts';
import type { Place, Plugin } from './place.ts';

export interface Refusal {
  readonly name: string;
  /** Behind `docker netexec`. */
  readonly words: readonly string[];
  /** Between `docker` and `netexec`. */
  readonly dockerWords?: readonly string[];
  readonly prepare?: (place: Place) => unknown;
  /** Only root can make the circumstances. */
  readonly needsRoot?: true;
  /** The lines of stderr; the place's folder reads TMP, that of the plugin INSTALLED. */
  readonly says: readonly string[];
  /** 125 unless given. */
  readonly status?: number;
}

export function refusals(plugin: Plugin, title: string, rows: readonly Refusal[]): void {
  // Each row has a place of its own, so two may wait at once.
  describe(title, { concurrency: 2 }, () => {
    for (const { name, words, dockerWords = [], prepare, needsRoot, says, status = 125 } of rows) {
      const skip = needsRoot && !isRoot ? 'needs root' : false;
      test(name, { skip }, async (context) => {
        const place = makePlace(context);
        await prepare?.(place);
        const outcome = await run(place, [...place.wrapper, plugin.file, ...dockerWords, 'netexec', ...words]);
        const stderr = says.map((line) => `${line.replace('INSTALLED', plugin.config)}\n`).join('');
        assert.deepEqual(outcome, { status, stdout: '', stderr });
        assert.deepEqual(leftovers(place), []);
      });
    }
  });
}
