// The platforms that netexec is made for, and the part of Bun for each: it is netexec's runtime.

export interface Platform {
  /** As in the executable's name. */
  readonly name: string;
  /** npm's names for it, in a package.json. */
  readonly cpu: string;
  readonly libc: 'glibc' | 'musl';
  /** As Bun names it. */
  readonly target: string;
  /** Bun's npm package of it. */
  readonly runtime: string;
}

const platform = (cpu: string, processor: string, libc: Platform['libc']): Platform => {
  const suffix = libc === 'musl' ? '-musl' : '';
  return {
    name: `linux-${cpu}${suffix}`,
    cpu,
    libc,
    target: `bun-linux-${cpu}${suffix}`,
    runtime: `@oven/bun-linux-${processor}${suffix}`,
  };
};

// Each x64 one runs without AVX2, too: Bun has none of it but what it asks the processor for at run time. So there is no
// use for its packages `-baseline`. Found with an emulated processor of 2008 (qemu-x86_64 -cpu Nehalem).
export const platforms: readonly Platform[] = [
  platform('x64', 'x64', 'glibc'),
  platform('arm64', 'aarch64', 'glibc'),
  platform('x64', 'x64', 'musl'),
  platform('arm64', 'aarch64', 'musl'),
];
