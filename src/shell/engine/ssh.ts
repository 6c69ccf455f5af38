// An engine that ssh leads to, as docker has it: the system's ssh runs `docker system dial-stdio` there. All of a call's
// connections share one of ssh's: it is made once, and ends with netexec.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync, watch } from 'node:fs';
import { dirname } from 'node:path/posix';
import { Duplex } from 'node:stream';
import { dialCommand, isShared, sshDestination } from '../../core/engine/ssh-address.ts';
import type { SshAddress } from '../../core/engine/ssh-address.ts';
import { makeOwnFolder, removeForgottenFolders, temporaryBase } from '../files/own-folder.ts';
import { tie } from '../process/tie.ts';

const masters = new Map<string, Promise<readonly string[]>>();

/** A connection to the engine. What ssh says where it fails is the error, of the code `SSH`. */
export function openBySsh(to: SshAddress): SshStream {
  const key = JSON.stringify(to);
  const shared = masters.get(key) ?? share(to);
  masters.set(key, shared);
  return new SshStream(
    shared,
    shared.then((options) => start([...options, '-T', ...sshDestination(to), dialCommand(to)])),
  );
}

/** @param tied what ends it with netexec, where its input does not */
function start(words: readonly string[], tied: readonly string[] = []): ChildProcessWithoutNullStreams {
  const [program = '', ...others] = [...tied, 'ssh', '-o', 'ConnectTimeout=30', ...words];
  // As docker has it: a Ctrl-C is for netexec, and there is no terminal to be asked at.
  return spawn(program, others, { stdio: 'pipe', detached: true });
}

/** As long as a unix socket's name may be, with what ssh puts behind it meanwhile (unix(7)). */
const longestPath = 90;

/** @returns the options by which ssh finds the connection that is there: none where it is to make one of its own each time */
async function share(to: SshAddress): Promise<readonly string[]> {
  const settings = spawnSync('ssh', ['-G', ...sshDestination(to)], { encoding: 'utf8', timeout: 5000 });
  if (settings.error !== undefined || isShared(settings.stdout)) return [];
  const base = temporaryBase();
  removeForgottenFolders(base);
  const folder = makeOwnFolder(base, 'ssh');
  const { file } = folder;
  let master: ChildProcessWithoutNullStreams | undefined;
  process.on('exit', () => {
    // While it logs in it does not heed its input.
    master?.kill();
    folder.remove();
  });
  if (file.length > longestPath) return [];
  const options = ['-S', file.replaceAll('%', '%%')];
  // It ends with its input, and so with netexec; while it logs in only by a signal.
  master = start([...options, '-M', '-T', ...sshDestination(to), 'cat'], tie());
  const login = limit(master);
  const error = await Promise.race([appears(file), ended(master), login.late]);
  login.over();
  if (error !== undefined) throw error;
  keepFor(master, false);
  return options;
}

/** As long as a server gives whoever logs in (LoginGraceTime, sshd_config(5)): a key may have to be touched. */
const patience = { seconds: 120 };

/** ssh itself does not limit how long a server that has greeted it may say nothing. */
function limit(ssh: ChildProcessWithoutNullStreams) {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Error>((resolve) => {
    timer = setTimeout(() => {
      ssh.kill();
      resolve(sshError(`ssh did not log in within ${patience.seconds} seconds`));
    }, patience.seconds * 1000);
  });
  return { late, over: () => clearTimeout(timer) };
}

const sshError = (text: string): Error => Object.assign(new Error(text), { code: 'SSH' });

/** When ssh takes others in. */
function appears(file: string): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!existsSync(file)) return;
      watcher.close();
      resolve();
    };
    const watcher = watch(dirname(file), look);
    watcher.unref();
    look();
  });
}

/** Of the last words that it says. */
const longestWords = 2000;

/** @returns when it has ended, and been heard out; what went wrong, of the code `SSH` */
function ended(ssh: ChildProcessWithoutNullStreams): Promise<Error | undefined> {
  let said = '';
  ssh.stderr.on('data', (data) => (said = (said + String(data)).slice(-longestWords)));
  return new Promise((resolve) => {
    const failed = (text: string): void => resolve(sshError(text));
    ssh.on('error', ({ code }: NodeJS.ErrnoException) =>
      failed(code === 'ENOENT' ? 'ssh is not on your PATH' : (code ?? 'ssh did not start')),
    );
    ssh.on('close', (status) => {
      if (status === 0) resolve(undefined);
      else failed(said.trim().replaceAll(/\s*\n\s*/g, '; ') || `ssh exited with status ${status}`);
    });
  });
}

/** Has what a socket has, as far as HTTP asks for it. */
class SshStream extends Duplex {
  /** When ssh has let netexec in: only then it is the engine that is waited for. */
  readonly ready: Promise<unknown>;
  readonly #started: Promise<ChildProcessWithoutNullStreams>;
  #ssh: ChildProcessWithoutNullStreams | undefined;
  #heard = false;
  #kept = true;

  constructor(ready: Promise<unknown>, started: Promise<ChildProcessWithoutNullStreams>) {
    super();
    this.ready = ready.catch(() => {});
    this.#started = started;
    started.then((ssh) => this.#attach(ssh)).catch((error: Error) => this.destroy(error));
  }

  #attach(ssh: ChildProcessWithoutNullStreams): void {
    if (this.destroyed) return void ssh.stdin.end();
    this.#ssh = ssh;
    ssh.stdout.on('data', (data: Buffer) => {
      this.#heard = true;
      if (!this.push(data)) ssh.stdout.pause();
    });
    // Why there is no answer comes a moment later.
    void ended(ssh).then((error) => (this.#heard || error === undefined ? this.push(null) : this.destroy(error)));
    ssh.stdin.on('error', () => {});
  }

  override _read(): void {
    if (this.#ssh?.stdout.isPaused() === true) this.#ssh.stdout.resume();
  }

  override _write(data: Buffer, _encoding: string, done: (error?: Error | null) => void): void {
    this.#started.then(
      // Why it takes no more is told when it has ended.
      ({ stdin }) => stdin.write(data, () => done()),
      () => done(),
    );
  }

  override _final(done: () => void): void {
    this.#started.then(
      ({ stdin }) => stdin.end(done),
      () => done(),
    );
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#ssh?.stdin.end();
    this.#ssh?.kill();
    done(error);
  }

  // The runtime counts: one that is kept already would be kept twice.
  ref = (): this => (this.#kept ? this : this.#keep(true));
  unref = (): this => (this.#kept ? this.#keep(false) : this);
  setKeepAlive = (): this => this;
  setNoDelay = (): this => this;
  setTimeout = (): this => this;

  #keep(kept: boolean): this {
    this.#kept = kept;
    this.#started.then(
      (ssh) => keepFor(ssh, kept),
      () => {},
    );
    return this;
  }
}

function keepFor(ssh: ChildProcessWithoutNullStreams, kept: boolean): void {
  for (const each of [ssh, ssh.stdout, ssh.stderr]) (each as { ref(): void; unref(): void })[kept ? 'ref' : 'unref']();
}
