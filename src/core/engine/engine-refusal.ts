// An answer with another status than 200 → the failure: the engine's own words, or those of a proxy that stands before it.
import type { Failure } from '../failure/failure.ts';

/** A sentence or two. What is longer is no message. */
const longestMessage = 400;

/** @param body the JSON, or the text where it is none */
export function engineRefusal(request: string, status: number, body: unknown): Failure {
  return isProxys(status, body)
    ? { kind: 'proxy-refused', request, status }
    : { kind: 'engine-refused', request, status, message: engineMessage(body) };
}

/** The engine speaks JSON. A page is what proxies answer with, and a bare word or nothing where they refuse or reach nobody. */
function isProxys(status: number, body: unknown): boolean {
  if (typeof body !== 'string') return false;
  return /^\s*<(!doctype|\?xml|html|head|body)\b/i.test(body) || [401, 403, 405, 407, 502, 504].includes(status);
}

function engineMessage(body: unknown): string {
  const said =
    typeof body === 'object' && body !== null && 'message' in body && typeof body.message === 'string'
      ? body.message
      : typeof body === 'string'
        ? body
        : '';
  const message = said.trim();
  return message.length > longestMessage ? `${message.slice(0, longestMessage)}…` : message;
}
