// The stack of the scenarios on Swarm, `shop`: what its services are on, published by and placed on.
export const stack = `version: "3.8"
x-common: &common
  image: netexec/busybox:1
  dns: 127.0.0.1
  stop_grace_period: 0s
  command: [httpd, -f, -p, '8000']
services:
  api:
    <<: *common
    environment: { TOLD: of the service }
    networks: { back: { aliases: [www] } }
    ports: ['8099:8000']
    deploy: { replicas: 2, placement: { constraints: [node.role==manager] } }
  db:
    <<: *common
    networks: [back, closed]
    ports: [{ target: 8000, published: 8098, mode: host }]
    deploy: { endpoint_mode: dnsrr, placement: { constraints: [node.role==manager] } }
  every:
    <<: *common
    networks: [closed]
    deploy: { mode: global }
  far:
    <<: *common
    networks: [back]
    deploy: { endpoint_mode: dnsrr, placement: { constraints: [node.role==worker] } }
  idle:
    <<: *common
    networks: [back]
    deploy: { replicas: 0 }
networks:
  back: { driver: overlay, attachable: true }
  closed: { driver: overlay }
`;
