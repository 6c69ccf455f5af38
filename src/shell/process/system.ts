// Whether this system has what Linux has beyond other systems: namespaces, /proc, and a C library whose numbers are known.

/** NETEXEC_NO_NAMESPACES has Linux do as macOS must: so it is tested. */
export const isLinux = process.platform === 'linux' && !process.env['NETEXEC_NO_NAMESPACES'];

/** For messages, where it is not. */
export const otherSystem = process.platform === 'linux' ? 'Linux with NETEXEC_NO_NAMESPACES' : process.platform;
