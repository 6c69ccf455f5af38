// A stand-in's health: whether COMMAND listens yet. What holds the place asks the kernel's tables of the network, from inside it.

const seconds = 1_000_000_000;

/** @param ports as `3000/tcp` */
export const tcpPorts = (ports: readonly string[]): readonly number[] =>
  ports.flatMap((port) => (/^\d+\/tcp$/.test(port) ? [Number.parseInt(port, 10)] : []));

/** @param look the line that looks, and ends with status 0 once it is healthy */
export const healthcheck = (look: readonly string[]): object => ({
  Test: ['CMD', ...look],
  // Engines before 25 know no other interval for the time before it is healthy.
  Interval: 5 * seconds,
  StartInterval: seconds,
  StartPeriod: 24 * 3600 * seconds,
  Timeout: 5 * seconds,
  Retries: 3,
});

/**
 * The machine's sh does.
 * @param ports as `3000/tcp`: one of them will do; without any, whatever others could reach
 */
export function lookBySh(sh: string, ports: readonly string[]): readonly string[] {
  const patterns = tcpPorts(ports).map((port) => `*:${port.toString(16).toUpperCase().padStart(4, '0')}`);
  return [sh, '-c', looks, 'sh', ...patterns];
}

/** proc(5), /proc/net/tcp: addresses are in the machine's order of bytes; 0A is one who listens, 7F in the last byte its own localhost. */
const looks = `for table in /proc/net/tcp /proc/net/tcp6; do
  while read -r _ local _ state _; do
    [ "$state" = 0A ] || continue
    case $local in ??????7F:* | 0000000000000000FFFF0000??????7F:* | 00000000000000000000000001000000:*) continue ;; esac
    [ $# -gt 0 ] || exit 0
    for wanted; do case $local in $wanted) exit 0 ;; esac; done
  done <"$table"
done
exit 1`;
