// Compares versions by their first two numbers, which is all that netexec asks of others.

/** @param text `v24.21.0`, `20.10.24+dfsg1` */
export function isAtLeast(text: string, [major, minor]: readonly [number, number]): boolean {
  const [, one = '', other = ''] = /(\d+)\.(\d+)/.exec(text) ?? [];
  return Number(one) > major || (Number(one) === major && other !== '' && Number(other) >= minor);
}
