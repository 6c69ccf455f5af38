// What is an IP address. As node:net has it, which takes longer to load than a container to answer.

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const dotted = new RegExp(`^${octet}(\\.${octet}){3}$`);

export const isIPv4 = (text: string): boolean => dotted.test(text);

/** One with the name of an interface behind it, `fe80::1%eth0`, is one, too. */
export function isIPv6(text: string): boolean {
  const last = /(?<=:)[\d.]+$/;
  const address = text.replace(/%[\w.:-]+$/, '');
  const sides = address.replace(last, (part) => (isIPv4(part) ? '0:0' : part)).split('::');
  const groups = sides.flatMap((side) => (side === '' ? [] : side.split(':')));
  // `::` stands for as many as are missing.
  const isWhole = sides.length === 1 ? groups.length === 8 : sides.length === 2 && groups.length < 8;
  return isWhole && groups.every((group) => /^[\da-f]{1,4}$/i.test(group));
}

/** @returns 4, 6, or 0 where it is none */
export function isIP(text: string): 0 | 4 | 6 {
  if (isIPv4(text)) return 4;
  return isIPv6(text) ? 6 : 0;
}

/** As it stands in front of a port. */
export const bracketed = (host: string): string => (host.includes(':') ? `[${host}]` : host);

/** `postgres:5432`, `[fd00::2]:5432`. */
export const hostPort = (host: string, port: number): string => `${bracketed(host)}:${port}`;
