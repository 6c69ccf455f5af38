// A rootless Podman 5.4 of Debian 13.
import { rootlessScenarios } from './podman-rootless-scenarios.ts';

await rootlessScenarios('trixie');
