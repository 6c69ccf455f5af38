// Connects to an address, with the system's own word for why that fails (the executable has another way to it).
import { connect } from 'node:net';
import type { Socket } from 'node:net';

export const connectAddress = (address: string, port: number): Socket => connect({ host: address, port });
