// Ports that cannot lead anywhere, by their words alone: each is refused with what is wrong with it, and nothing listens.
import { usePlugin } from './place.ts';
import { refusals } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import { shop } from './shop.ts';

const plugin = usePlugin();
const forms = 'for example 5432, 15432:5432, postgres:5432, 15432:postgres:5432 or 127.0.0.2:15432:postgres:5432';

const invalid = (value: string, what: string, hint: string): Refusal => ({
  name: JSON.stringify(value),
  words: ['--forward', value, 'web'],
  prepare: shop(),
  says: [`netexec: invalid value "${value}" for --forward: ${what}`, `hint: ${hint}`],
});

const brackets = 'for example --forward [::1]:15432:5432 or --forward [fd00::2]:5432';

refusals(plugin, 'a port of --forward', [
  invalid('postgres:http', 'a port is a number up to 65535', forms),
  invalid('70000', 'a port is a number up to 65535', forms),
  invalid('5432:0', 'the target port cannot be 0', 'as LOCAL, 0 picks a free port of this machine: --forward 0:5432'),
  invalid(
    '8000-8010',
    'port ranges are not supported',
    'use one --forward for each port: --forward 8000 --forward 8001',
  ),
  invalid('postgres', 'the port is missing', 'end it with the target port: --forward postgres:5432'),
  invalid('fd00::2:5432', 'put an IPv6 address in brackets', brackets),
  invalid('[postgres]:5432', 'put an IPv6 address in brackets', brackets),
  {
    name: 'the same LOCAL twice',
    words: ['--forward', '15432:postgres:5432', '--forward', '15432:80', 'web'],
    prepare: shop(),
    says: [
      'netexec: port 15432 of this machine is specified twice',
      'hint: use each local port once; 0 picks a free port',
    ],
  },
  {
    name: 'of a service that is not running',
    words: ['--forward', '0:5432', 'later'],
    prepare: shop(),
    says: [
      'netexec: service "later" of project "shop" is not running: it is declared but has no container',
      'hint: start it: docker compose -p shop up -d later',
    ],
  },
  {
    name: 'without SERVICE',
    words: ['--forward', '0:5432'],
    prepare: shop(),
    says: [
      'netexec: no SERVICE given; running in project "shop": ledger, metrics, postgres, sidecar, vault, web',
      'hint: docker netexec --forward 0:5432 SERVICE',
    ],
  },
  {
    name: 'with a report',
    words: ['--forward', '5432', '--list-names', 'web'],
    prepare: shop(),
    says: [
      'netexec: --list-names and --forward cannot be used together',
      'hint: omit --forward: docker netexec --list-names web',
    ],
  },
]);
