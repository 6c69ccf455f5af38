// A rootless Podman 4.3 of Debian 12.
import { rootlessScenarios } from './podman-rootless-scenarios.ts';

await rootlessScenarios('bookworm');
