// What goes wrong with the engine → a failure with a name. Loaded when something does.
import type { EngineAddress } from '../../core/engine/engine-address.ts';
import { fail } from '../../core/failure/failure.ts';
import type { Result } from '../../core/failure/failure.ts';

export { engineRefusal } from '../../core/engine/engine-refusal.ts';

/**
 * @param error what a connection failed with, or an exchange over it
 * @param patience how many seconds were waited
 */
export function explainError(
  error: unknown,
  request: string,
  { host, source, transport }: EngineAddress,
  caller: () => string,
  patience: number,
): Result<never> {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      if (transport.kind === 'unix')
        return fail({ kind: 'engine-permission', socket: transport.socketPath, user: caller() });
      return fail({ kind: 'engine-unreachable', host, source, reason: code });
    case 'HTTP_LATE':
      return fail({ kind: 'engine-silent', host, request, seconds: patience });
    case 'HTTP_INCOMPLETE':
    case 'ECONNRESET':
    case 'EPIPE':
      return fail({
        kind: 'engine-nonsense',
        request,
        problem: 'the connection ended before the response was complete',
      });
    case 'HTTP_NONSENSE':
      return fail({ kind: 'engine-nonsense', request, problem: 'not HTTP' });
    case 'HTTP_TOO_LONG':
      return fail({ kind: 'engine-nonsense', request, problem: 'the response is too long' });
    case 'SSH':
      return fail({ kind: 'engine-unreachable', host, source, reason: (error as Error).message });
    case undefined:
      throw error;
    default:
      // Of Node's parser of HTTP.
      if (code.startsWith('HPE_')) return fail({ kind: 'engine-nonsense', request, problem: 'not HTTP' });
      if (transport.kind === 'tcp' && /CERT|SIGNATURE/.test(code) && !code.includes('_ALERT_')) {
        return fail({ kind: 'engine-untrusted', host, source, reason: code });
      }
      return fail({ kind: 'engine-unreachable', host, source, reason: reasons[code] ?? code });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'no such socket',
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'no such host',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: 'it requires a client certificate',
};
