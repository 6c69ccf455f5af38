// How long an engine is waited for.
import { patience } from './engine.ts';

/** What came in time is read first, where netexec itself was stopped meanwhile. */
export function startDeadline(late: () => void): () => void {
  let pending: NodeJS.Immediate | undefined;
  const timer = setTimeout(() => (pending = setImmediate(late)), patience.seconds * 1000).unref();
  return () => {
    clearTimeout(timer);
    clearImmediate(pending);
  };
}
