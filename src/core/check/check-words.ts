// What the server says once it is connected: TLS and its certificate, then the first words.
import { settingOf } from './check-facts.ts';
import type { EndpointFacts } from './check-facts.ts';
import type { Judgement } from './check-verdict.ts';
import type { Protocol } from './checked-endpoint.ts';
import type { TlsFound } from './findings.ts';
import { also, bad, good, list, note, nothing } from './judgement.ts';

/** Large packets that are lost on the way, while small ones arrive: it connects, and is then silent. */
function largePackets({ machine, outerMtu, asker }: EndpointFacts): string | undefined {
  const own = machine?.mtu ?? undefined;
  if (own === undefined || outerMtu === undefined || outerMtu >= own) return undefined;
  return `${asker.called} may send packets of ${own} bytes, but only ${outerMtu} fit through this machine's interface; set networks.KEY.driver_opts: com.docker.network.driver.mtu: ${outerMtu}`;
}

export function judgeTls(facts: EndpointFacts): Judgement {
  const { tls, endpoint } = facts;
  if (tls === undefined) return nothing;
  const { host, port } = endpoint;
  if (tls.error !== null) {
    if (tls.error === 'ERR_SSL_WRONG_VERSION_NUMBER' || tls.error === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
      return bad('tls', 'the server does not speak TLS', 'tls-missing', `connect without TLS: http://${host}:${port}`);
    }
    const why =
      tls.error === 'CLOSED' ? 'the server closed the connection' : tls.error === 'TIMEOUT' ? 'no answer' : tls.error;
    return bad(
      'tls',
      `the handshake failed: ${why}`,
      'tls-failed',
      (tls.error === 'TIMEOUT' ? largePackets(facts) : undefined) ??
        'does it speak a current version of TLS on that port? See its log',
    );
  }
  const others = tls.names.length > 5 ? [`${tls.names.length - 5} more`] : [];
  const subject = `certificate for ${list([...tls.names.slice(0, 5), ...others]) || 'no name'}`;
  const seen = `${tls.version ?? 'TLS'}, ${subject}`;
  if (tls.until !== null && tls.until < tls.now) {
    return bad(
      'tls',
      `${seen}, expired ${howLong(tls.now - tls.until)} ago (${date(tls.until)})`,
      'certificate-expired',
      `renew it, or correct the clock if it is wrong`,
    );
  }
  if (tls.from !== null && tls.from > tls.now) {
    return bad(
      'tls',
      `${seen}, not valid before ${date(tls.from)}`,
      'certificate-not-yet-valid',
      'check the clock, here and where the certificate was issued',
    );
  }
  if (!tls.nameFits) {
    return bad(
      'tls',
      `${seen}, not for ${host}`,
      'certificate-name',
      `connect by a name in the certificate, if need be an alias (services.SERVICE.networks.KEY.aliases), or issue one for ${host}`,
    );
  }
  const until = tls.until === null ? '' : `, until ${date(tls.until)}`;
  return also(good('tls', `${seen}${until}`), ...trust(tls));
}

/** A project's own authority is usual: programs in the containers may know it, netexec's own list does not. */
function trust({ untrusted }: TlsFound): readonly Judgement[] {
  if (untrusted === null) return [];
  const self = untrusted.includes('SELF_SIGNED');
  const why = self ? 'self-signed, or signed by a private authority' : `not trusted here (${untrusted})`;
  return [note('tls', `the certificate is ${why}: clients must be told to trust it`)];
}

const date = (time: number): string => new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC' }).format(time);

const hour = 60 * 60 * 1000;

/** As docker says how long ago something was (docker/go-units, duration.go). */
function howLong(milliseconds: number): string {
  const seconds = Math.floor(milliseconds / 1000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.round(milliseconds / hour);
  if (seconds < 60) return seconds < 1 ? 'less than a second' : seconds === 1 ? '1 second' : `${seconds} seconds`;
  if (minutes < 60) return minutes === 1 ? 'about a minute' : `${minutes} minutes`;
  if (hours < 48) return hours === 1 ? 'about an hour' : `${hours} hours`;
  const days = Math.floor(hours / 24);
  if (days < 14) return `${days} days`;
  if (days < 60) return `${Math.floor(days / 7)} weeks`;
  return days < 730 ? `${Math.floor(days / 30)} months` : `${Math.floor(days / 365)} years`;
}

const called: Readonly<Record<Protocol, string>> = {
  tcp: 'TCP',
  http: 'HTTP',
  postgres: 'PostgreSQL',
  redis: 'Redis',
  mysql: 'MySQL',
  kafka: 'Kafka',
};

export function judgeWords(facts: EndpointFacts): Judgement {
  const { words, endpoint } = facts;
  if (words === undefined) return nothing;
  const protocol = called[endpoint.protocol];
  if (words.said === null) return nothingSaid(facts, words, protocol);
  switch (words.trouble) {
    case 'not-ready':
      return bad(
        'answer',
        words.said,
        'not-ready',
        `it is still starting; to wait for it: depends_on with condition: service_healthy`,
      );
    case 'rejected':
      return bad(
        'answer',
        words.said,
        'rejected',
        `it connects, and the server rejects the client: change the server's settings, as its message says`,
      );
    case 'other':
      return endpoint.guessed
        ? note('answer', `it does not speak ${protocol}, which is usual on this port: ${words.said}`)
        : bad('answer', `it does not speak ${protocol}: ${words.said}`, 'other-protocol', 'is it the right port?');
    case null:
      if (endpoint.protocol === 'http' && /^HTTP\/\S+ 5/.test(words.said)) return note('answer', words.said);
      return advertised(facts, words.advertised) ?? good('answer', words.said);
  }
}

function nothingSaid(
  facts: EndpointFacts,
  { speaksTls, error }: NonNullable<EndpointFacts['words']>,
  protocol: string,
): Judgement {
  const { endpoint, timeout } = facts;
  const { host, port } = endpoint;
  if (speaksTls === true) {
    return bad('answer', `the server speaks TLS`, 'tls-expected', `speak TLS to it: https://${host}:${port}`);
  }
  // One that waits for its client says nothing of itself.
  if (endpoint.protocol === 'tcp' && error !== 'ECONNRESET') return nothing;
  const how =
    error === 'TIMEOUT'
      ? `no response within ${timeout} s`
      : error === 'ECONNRESET'
        ? 'connection reset'
        : 'closed without a response';
  const seen = `it connects, then: ${how}`;
  const hint =
    error === 'TIMEOUT'
      ? (largePackets(facts) ?? 'is the server overloaded or stuck? See its log')
      : "see the server's log";
  return endpoint.guessed && error !== 'TIMEOUT' && error !== 'ECONNRESET'
    ? note('answer', `${seen} (${protocol} is usual on this port)`)
    : bad('answer', seen, 'no-answer', hint);
}

/** Kafka's clients are sent on to what the brokers say of themselves. */
function advertised({ endpoint, asker, name }: EndpointFacts, brokers: readonly string[]): Judgement | undefined {
  const [server] = name.candidates;
  const loopback = brokers.find((broker) => /^(localhost|127\.\d|0\.0\.0\.0)/.test(broker));
  if (loopback === undefined) return undefined;
  return bad(
    'answer',
    `Kafka redirects its clients to ${list(brokers)}`,
    'kafka-advertised',
    `set ${server === undefined ? 'its environment' : settingOf(server, 'environment')}: KAFKA_ADVERTISED_LISTENERS: PLAINTEXT://${endpoint.host}:${endpoint.port}`,
    `Kafka redirects its clients to ${loopback}, which is ${asker.called} itself`,
  );
}
