// The options netexec and docker know, as one table: what is parsed, and what help and completion speak of.

export interface Option {
  /** Without the dashes. */
  readonly name: string;
  readonly short?: string;
  /** The word that stands for the value in help; an option without one is a switch. */
  readonly value?: string;
  readonly repeatable?: true;
}

/** docker's own options, which stand before the word `netexec` (docker/cli, cli/flags/options.go). */
export const dockerOptions: readonly Option[] = [
  { name: 'config', value: 'DIR' },
  { name: 'context', short: 'c', value: 'CONTEXT' },
  { name: 'debug', short: 'D' },
  { name: 'help', short: 'h' },
  { name: 'host', short: 'H', value: 'HOST', repeatable: true },
  { name: 'log-level', short: 'l', value: 'LEVEL' },
  { name: 'tls' },
  { name: 'tlscacert', value: 'FILE' },
  { name: 'tlscert', value: 'FILE' },
  { name: 'tlskey', value: 'FILE' },
  { name: 'tlsverify' },
  { name: 'version', short: 'v' },
];

export const netexecOptions: readonly Option[] = [
  { name: 'project-name', short: 'p', value: 'NAME' },
  { name: 'file', short: 'f', value: 'FILE', repeatable: true },
  { name: 'project-directory', value: 'DIR' },
  { name: 'container' },
  { name: 'index', value: 'N' },
  { name: 'list-networks' },
  { name: 'list-names' },
  { name: 'hostaliases' },
  { name: 'check' },
  { name: 'doctor' },
  { name: 'man' },
  { name: 'uninstall' },
  { name: 'network', value: 'NETWORK' },
  { name: 'resolver', value: 'private|hostaliases|host' },
  { name: 'provider', value: 'DOMAIN' },
  { name: 'env', short: 'e', value: 'KEY[=VALUE]', repeatable: true },
  { name: 'service-env' },
  { name: 'user', short: 'u', value: 'USER[:GROUP]' },
  { name: 'workdir', short: 'w', value: 'DIR' },
  { name: 'cap-add', value: 'CAP', repeatable: true },
  { name: 'pid' },
  { name: 'elevate', value: 'auto|none|sudo|docker' },
  { name: 'restart' },
  { name: 'dry-run' },
  { name: 'format', value: 'FORMAT' },
  { name: 'quiet', short: 'q' },
  { name: 'no-trunc' },
  { name: 'timeout', value: 'SECONDS' },
  { name: 'version' },
  { name: 'help', short: 'h' },
];

/** Those by which `docker exec` and `docker compose exec` are asked for what COMMAND always has: hands type them, and they change nothing. */
const execOptions: readonly Option[] = [
  { name: 'interactive', short: 'i' },
  { name: 'tty', short: 't' },
  { name: 'no-TTY', short: 'T' },
  { name: 'no-tty' },
];

/** All that is taken in front of SERVICE. */
export const takenOptions: readonly Option[] = [...netexecOptions, ...execOptions];
