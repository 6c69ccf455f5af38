// Podman 4.3 of Debian 12 in the place of docker's engine.
import { podmanScenarios } from './podman-scenarios.ts';

await podmanScenarios('bookworm');
