// Which of the sockets that docker's contexts lead to are an engine's: for a call that was led to another machine.
import { connect } from 'node:net';
import type { EnginesHere } from '../core/failure.ts';

/** How long one that is there may take to let somebody in. */
const patience = 1000;

export async function onlyAnswering({ sockets, unset }: EnginesHere): Promise<EnginesHere> {
  const answers = await Promise.all(sockets.map(({ path }) => answersAt(path)));
  return { unset, sockets: sockets.filter((_, index) => answers[index]) };
}

const answersAt = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ path });
    const settle = (answers: boolean): void => {
      socket.destroy();
      resolve(answers);
    };
    socket.setTimeout(patience, () => settle(false));
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
  });
