// Every way in which --forward, --proxy, --reverse and --intercept can fail: facts only, as in failure.ts, whose union they belong to.
import type { LocalPort } from '../relay/local-ports.ts';

/** A port cannot lead where it is to. */
export type PortFailure =
  | {
      readonly kind: 'port-invalid';
      /** `--forward`, `--proxy`, `--reverse` or `--intercept`. */
      readonly flag: string;
      readonly value: string;
      readonly fault: PortFault;
    }
  /** One port of this machine would lead to two places. */
  | { readonly kind: 'port-twice'; readonly local: number }
  | { readonly kind: 'ports-too-many'; readonly count: number; readonly most: number }
  | {
      readonly kind: 'port-taken';
      /** `127.0.0.1:5432`. */
      readonly place: string;
      /** Who listens there, where the kernel tells: `postgres (pid 4711)`, `a program of root's`. */
      readonly holder: string | undefined;
      readonly localPort: LocalPort;
      /** A port in its place; 0: any. */
      readonly free: number;
    }
  | { readonly kind: 'port-refused'; readonly place: string; readonly reason: string }
  /** Of one end of the relay to the other. A code of the system's, where that one could tell it. */
  | { readonly kind: 'handover-failed'; readonly error: string | undefined }
  | ReverseFailure
  | InterceptFailure;

/** A port of the service's localhost cannot lead here. */
export type ReverseFailure =
  | { readonly kind: 'reverse-twice'; readonly inside: number }
  /** With a --forward that leads there. */
  | { readonly kind: 'ports-in-circle'; readonly inside: number; readonly port: number }
  /** The service's network is this machine's, and the port would lead to itself. */
  | { readonly kind: 'network-is-own'; readonly service: string; readonly port: number }
  | {
      readonly kind: 'reverse-refused';
      /** `localhost:9003 in web`. */
      readonly place: string;
      readonly inside: number;
      /** What the value has behind its port: `9003`, `proxy.corp:3128`. */
      readonly leadsTo: string;
      /** A code of the system's. */
      readonly error: string;
      /** Who listens there, where the kernel tells. */
      readonly holder: string | undefined;
    };

/** A port of the service cannot be intercepted. */
export type InterceptFailure =
  | { readonly kind: 'intercept-twice'; readonly port: number }
  /** The service's network is this machine's: the port would be everybody's. Or it may be, as whose it was is gone. */
  | { readonly kind: 'intercept-own'; readonly service: string; readonly gone: boolean };

/** What is wrong with a value of them. */
export type PortFault =
  | 'form'
  | 'no-port'
  | 'not-a-port'
  | 'port-zero'
  | 'range'
  | 'not-tcp'
  | 'brackets'
  | 'not-a-host'
  | 'not-an-address'
  | 'inside-zero'
  | 'same-port'
  | 'no-host';
