// The truth about names: what the DNS of real engines answered in each container, recorded by test/engines/record.ts --answers.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { namedByList, networkNames } from '../../../../src/core/names/names.ts';
import { visibleNames } from '../../../../src/core/names/visible-names.ts';
import { readRecording } from '../../../recordings.ts';
import { decodeRecording, meanings } from '../fake-project.ts';

const folder = join(import.meta.dirname, '../../../fixtures/engine/bazaar');

/** Container → name → addresses. */
type Answers = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const engines = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

test('there must be recordings from before and after engines tell DNSNames, and GwPriority', () => {
  assert.deepEqual(engines.toSorted(), ['20.10', '26.1', '28.5']);
});

for (const engine of engines) {
  const seen = decodeRecording(readRecording(join('bazaar', engine)));
  const { containers, listed, networks } = seen;
  const answers = JSON.parse(readFileSync(join(folder, engine, 'answers.json'), 'utf8')) as Answers;
  const isQualified = (name: string): boolean => networks.some((network) => name.endsWith(`.${network.name}`));

  describe(`engine ${engine}`, () => {
    for (const [name, recorded] of Object.entries(answers)) {
      test(`must have answered ${name} what is listed, name by name, and no more`, () => {
        const asker = seen.container(name);
        const visible = visibleNames(asker, containers, networks);
        const fromHosts = new Set(visible.flatMap((each) => (each.network === undefined ? each.name : [])));
        const told = meanings(visible.filter(({ network }) => network !== undefined));
        // Every name is also to be had as NAME.NETWORK; that is listed only where NAME alone means another.
        const answered = Object.entries(recorded)
          .filter(([each]) => !fromHosts.has(each) && (!isQualified(each) || each in told))
          .map(([each, addresses]) => [each, addresses.toSorted().join(' ')]);
        assert.deepEqual(told, Object.fromEntries(answered));
      });

      test(`must have answered ${name} every name on a network of its own, by that network`, () => {
        const asker = seen.container(name);
        const links = new Set(asker.endpoints.flatMap((each) => each.links.map((link) => link.replace(/.*:/, ''))));
        const joined = asker.endpoints.map(({ network }) => network);
        const names = networkNames('bazaar', containers, joined).filter((each) => !links.has(each.name));
        assert.ok(names.length > 10);
        for (const { name: each, network, addresses } of names) {
          assert.deepEqual(recorded[`${each}.${network}`]?.toSorted(), addresses.toSorted(), `${each}.${network}`);
        }
      });
    }

    test('must know every name that the list alone tells, as one of these containers', () => {
      const all = networkNames(
        'bazaar',
        containers,
        networks.map(({ name }) => name),
      );
      for (const { name, network, addresses } of networkNames(
        'bazaar',
        listed.map(namedByList),
        networks.map((each) => each.name),
      )) {
        const full = all.find((each) => each.name === name && each.network === network);
        assert.ok(full, `${name}.${network}`);
        assert.ok(
          addresses.every((address) => full.addresses.includes(address)),
          name,
        );
      }
    });
  });
}
