// A port that --intercept leads elsewhere, where that cannot be reached: COMMAND is what others miss there, not the service.
import { callIt } from './check-facts.ts';
import type { Candidate, HeldSocket, Intercepted } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import { describeSockets } from './describe-sockets.ts';
import { bad, list, unique } from './judgement.ts';

export function judgeIntercept(
  candidate: Candidate,
  listeners: readonly HeldSocket[],
  { port, here, netexec }: Intercepted,
): Judgement {
  const on = listeners.filter((each) => each.transport === 'tcp' && each.port === here);
  const nobody = `nothing listens on port ${here}`;
  const what = `netexec's process ${netexec} intercepts port ${port} of ${callIt(candidate)}`;
  const missed =
    on.length === 0
      ? nobody
      : `its COMMAND listens on ${list(unique(on.map(({ address }) => address)))} only: other containers cannot reach that`;
  return bad(
    'listens',
    `port ${port} is redirected to port ${here}: ${on.length === 0 ? nobody : describeSockets(on)}`,
    'intercepted',
    on.length === 0
      ? `have its COMMAND listen on port ${here}, or end it`
      : 'make it listen on 0.0.0.0 (its --host or --bind), or end it',
    `${what}, and ${missed}`,
  );
}
