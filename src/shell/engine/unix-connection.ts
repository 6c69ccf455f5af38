// A connection to a unix socket by Bun's own means: node:net takes some 5 ms more to load and connect, a tenth of a run.
import { EventEmitter } from 'node:events';
import type { Connection } from './http.ts';

export class UnixConnection extends EventEmitter implements Connection {
  writable = true;
  #socket: Bun.Socket | undefined;
  #unsent: Uint8Array = new Uint8Array();
  #referenced = true;

  /** @param path of the socket; one in the abstract namespace begins with a NUL (unix(7)) */
  constructor(path: string) {
    super();
    const send = (): void => this.#send();
    const failed = (error: Error): void => this.#tell('error', error);
    const socket = {
      open: (opened: Bun.Socket) => this.#connected(opened),
      data: (_: Bun.Socket, data: Uint8Array) => this.#tell('data', data),
      drain: send,
      end: () => this.#tell('end'),
      error: (_: Bun.Socket, error: Error) => failed(error),
      close: () => this.#tell('close'),
    };
    Bun.connect({ unix: path, socket }).catch(failed);
  }

  write(text: string): void {
    this.#unsent = Buffer.concat([this.#unsent, Buffer.from(text)]);
    this.#send();
  }

  destroy(): void {
    this.writable = false;
    this.#socket?.end();
  }

  /** The process stays for it, from the beginning on. */
  ref(): void {
    this.#referenced = true;
    this.#socket?.ref();
  }

  unref(): void {
    this.#referenced = false;
    this.#socket?.unref();
  }

  #connected(socket: Bun.Socket): void {
    this.#socket = socket;
    if (!this.#referenced) socket.unref();
    if (this.writable) this.#send();
    else socket.end();
  }

  #send(): void {
    if (this.#socket !== undefined && this.#unsent.length > 0)
      this.#unsent = this.#unsent.subarray(this.#socket.write(this.#unsent));
  }

  #tell(event: 'data' | 'end' | 'error' | 'close', value?: unknown): void {
    if (event !== 'data') this.writable = false;
    this.emit(event, value);
  }
}
