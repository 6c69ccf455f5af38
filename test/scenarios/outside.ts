// A project of a scenario's own for --host-network: names on several networks, and services without any.
import { must } from './scenario.ts';
import type { RunOptions, Scenario } from './scenario.ts';

export const name = 'netexec-test-outside';
export const own = `x-service: &service
  image: netexec/busybox:1
  pull_policy: never
  dns: 127.0.0.1
  stop_grace_period: 0s
services:
  web:
    <<: *service
    networks: { alpha: { aliases: [www, store] }, beta: , six: }
    extra_hosts: ['legacy:192.0.2.10', 'own:127.0.0.1']
  api:
    <<: *service
    networks: { alpha: { aliases: [store], ipv4_address: 10.97.1.10 } }
  db:
    <<: *service
    networks: { beta: { aliases: [store] } }
  sidecar:
    <<: *service
    dns: []
    network_mode: service:web
  hosty:
    <<: *service
    dns: []
    network_mode: host
  hermit:
    <<: *service
    network_mode: none
  far:
    <<: *service
    networks: [far]
networks:
  alpha: { internal: true, ipam: { config: [{ subnet: 10.97.1.0/24 }] } }
  beta: { ipam: { config: [{ subnet: 10.97.2.0/24 }] } }
  six: { enable_ipv6: true, ipam: { config: [{ subnet: 'fd6e:6574:6578:97::/64' }] } }
  # As if it were another machine's: this one has no address on it.
  far: { driver_opts: { com.docker.network.bridge.inhibit_ipv4: 'true' } }
`;

/** The addresses of a service of this project, on a network. */
export async function addressOf(s: Scenario, service: string, network: string, options: RunOptions): Promise<string> {
  const format = `{{(index .NetworkSettings.Networks "${name}_${network}").IPAddress}}`;
  return (await must(s.docker(['inspect', '-f', format, `${name}-${service}-1`], options))).stdout.trim();
}
