// Installing from a checkout of the test's own, into a docker configuration folder whose name is as odd as any.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import type { TestContext } from 'node:test';
import { copyCheckout, makePlace, pathWithoutCheckout, removeFolder, run, temporaryFolder } from './place.ts';
import type { Outcome, Place } from './place.ts';

export interface Checkout {
  /** Known once the tests of the file run. */
  readonly folder: string;
  /** Runs one of its scripts. */
  readonly script: (place: Place, name: string, ...words: readonly string[]) => Promise<Outcome>;
}

/** A copy for the tests of this file, gone after them. */
export function useCheckout(): Checkout {
  let around = '';
  const checkout = {
    folder: '',
    script: (place: Place, name: string, ...words: readonly string[]): Promise<Outcome> =>
      run(place, [join(checkout.folder, 'scripts', name), ...words]),
  };
  before(() => {
    around = temporaryFolder();
    checkout.folder = copyCheckout(around);
  });
  after(() => removeFolder(around));
  return checkout;
}

/** docker's configuration folder at this place. */
export const config = (place: Place): string => join(place.folder, "it's a folder & more");

/** A place whose folder is the caller's home. */
export function makeHome(context: TestContext): Place {
  const place = makePlace(context);
  // No engine: that of this machine may have an image that removing would take away from under others' runs.
  const { DOCKER_HOST = '' } = place.env;
  place.env = { PATH: pathWithoutCheckout, HOME: place.folder, DOCKER_CONFIG: config(place), DOCKER_HOST };
  return place;
}

/** Runs the plugin that is installed there. */
export const plugin = (place: Place, ...words: readonly string[]): Promise<Outcome> =>
  run(place, [join(config(place), 'cli-plugins/docker-netexec'), ...words]);

/** What is in docker's configuration folder, in order. */
export const installed = (place: Place): readonly string[] =>
  readdirSync(config(place), { recursive: true, encoding: 'utf8' }).toSorted();
