// The version, which the build writes into the executable.
declare const NETEXEC_VERSION: string;

export const version = NETEXEC_VERSION;
