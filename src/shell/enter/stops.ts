// Ctrl-Z, for what runs in a session of its own: it stops with netexec, and goes on with it.
type Follow = (signal: 'SIGSTOP' | 'SIGCONT') => void;

const followers = new Set<Follow>();

/** @returns what leaves off */
export function followStops(follow: Follow): () => void {
  if (followers.size === 0) process.on('SIGTSTP', stop);
  followers.add(follow);
  return () => {
    followers.delete(follow);
    if (followers.size === 0) process.off('SIGTSTP', stop);
  };
}

function stop(): void {
  for (const follow of followers) follow('SIGSTOP');
  process.off('SIGTSTP', stop);
  process.kill(process.pid, 'SIGTSTP');
  // Here it is stopped; where there is no shell that could have it go on, the kernel lets it.
  setTimeout(() => {
    if (followers.size > 0) process.on('SIGTSTP', stop);
    for (const follow of followers) follow('SIGCONT');
  }, 20);
}
