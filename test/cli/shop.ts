// The recorded project at a place: its engine, and its Compose file in the folder that netexec is called in.
import { fakeEngine } from '../fake-engine.ts';
import { recordingWith } from '../recordings.ts';
import type { Recording } from '../recordings.ts';
import type { Place } from './place.ts';

/** Declares a service that has no container. */
const composeText = `name: shop
services:
  web: { image: x }
  later: { image: x }
`;

export interface ShopOptions {
  readonly bend?: (recording: Recording) => Recording;
  /** The text of the Compose file in the folder; null: there is none. */
  readonly file?: string | null;
}

/** For a table of runs: writes the file and starts the engine. */
export const shop =
  ({ bend = (recording) => recording, file = composeText }: ShopOptions = {}) =>
  async (place: Place): Promise<void> => {
    if (file !== null) place.write('work/compose.yaml', file);
    const fake = await fakeEngine(bend(recordingWith({ folder: place.cwd })), place.socket);
    place.cleanUp(() => fake.close());
  };

/** An engine without a container. */
export const withoutContainers = (recording: Recording): Recording => ({ ...recording, list: [], containers: {} });
