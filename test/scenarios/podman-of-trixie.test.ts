// Podman 5.4 of Debian 13 in the place of docker's engine.
import { podmanScenarios } from './podman-scenarios.ts';

await podmanScenarios('trixie');
