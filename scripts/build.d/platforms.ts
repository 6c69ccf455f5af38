// The platforms that netexec is made for, and the part of Bun for each: it is netexec's runtime.

export interface Platform {
  /** As in the executable's name. */
  readonly name: string;
  /** npm's names for it, in a package.json. */
  readonly cpu: string;
  readonly os: 'linux' | 'darwin';
  /** Undefined where there is only one. */
  readonly libc: 'glibc' | 'musl' | undefined;
  /** As Bun names it. */
  readonly target: string;
  /** Bun's npm package of it. */
  readonly runtime: string;
  /** Of that package, where package-lock.json does not have it: npm installs nothing of it. */
  readonly integrity?: string;
}

const platform = (cpu: string, processor: string, libc: Platform['libc']): Platform => {
  const suffix = libc === 'musl' ? '-musl' : '';
  return {
    name: `linux-${cpu}${suffix}`,
    cpu,
    os: 'linux',
    libc,
    target: `bun-linux-${cpu}${suffix}`,
    runtime: `@oven/bun-linux-${processor}${suffix}`,
  };
};

const macOS = (cpu: string, processor: string, integrity: string): Platform => ({
  name: `darwin-${cpu}`,
  cpu,
  os: 'darwin',
  libc: undefined,
  target: `bun-darwin-${cpu}`,
  runtime: `@oven/bun-darwin-${processor}`,
  integrity,
});

// Each x64 one runs without AVX2, too: Bun has none of it but what it asks the processor for at run time. So there is no
// use for its packages `-baseline`. Found with an emulated processor of 2008 (qemu-x86_64 -cpu Nehalem).
export const platforms: readonly Platform[] = [
  platform('x64', 'x64', 'glibc'),
  platform('arm64', 'aarch64', 'glibc'),
  platform('x64', 'x64', 'musl'),
  platform('arm64', 'aarch64', 'musl'),
  // On macOS it only forwards ports and prints reports. Nobody has tried these: there is no npm package of them.
  macOS(
    'x64',
    'x64',
    'sha512-qkLPMGHZM9NI6CeHTWwVezzmlo6cC4Ta7yUAjYIWXS366qQcOlcp75t2uZyiuVRBMPS0h9qE0tCcvCHGaFqjJg==',
  ),
  macOS(
    'arm64',
    'aarch64',
    'sha512-4MIFXHmctH2EhAxLXm2/qxNtv17dFtLJylvaOCsrgq6KSqHTs6eW5YSrJjRbJxYUJaR901fsN8JfZOa+CsWpWQ==',
  ),
];
