// What the error of a DNS lookup says of the server: that it had no answer to give, whatever was asked.

// The codes are those of c-ares, and null where there was an answer.

/** Whether nothing came back for any of the questions. */
export const isSilent = (...errors: readonly (string | null)[]): boolean =>
  errors.every((error) => error === 'ETIMEOUT' || error === 'ECONNREFUSED');

/** The same, or SERVFAIL: engines since 26.0 say it for servers outside that are silent, older ones are silent too. */
export const hadNoAnswer = (...errors: readonly (string | null)[]): boolean =>
  errors.every((error) => error === 'ESERVFAIL' || isSilent(error));

/** What a look-up came to, for people. */
export const lookupWords = (error: string | null): string =>
  ({
    ENOTFOUND: 'no such name',
    ENODATA: 'no address',
    ESERVFAIL: 'SERVFAIL',
    ETIMEOUT: 'no answer',
    ECONNREFUSED: 'connection refused',
  })[error ?? ''] ??
  error ??
  'no address';

/** @param seconds how long an answer was waited for */
export function noAnswer(error: string | null, seconds: number): string {
  if (error === 'ECONNREFUSED') return 'connection refused';
  if (error === 'ESERVFAIL') return 'it reports a failure (SERVFAIL)';
  return `no answer within ${seconds} s`;
}
