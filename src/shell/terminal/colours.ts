// Colours, on a terminal that has them: Node heeds NO_COLOR, FORCE_COLOR, NODE_DISABLE_COLORS and TERM=dumb.
import { styleText } from 'node:util';
import type { Ink, Paint } from '../../core/text/emphasis.ts';

const styles = { good: 'green', plain: 'dim', warning: 'yellow', bad: 'red', cause: 'bold' } as const satisfies Record<
  Ink,
  string
>;

/** For what is written to this stream. */
export const paintFor =
  (stream: NodeJS.WriteStream): Paint =>
  (ink, text) =>
    styleText(styles[ink], text, { stream });
