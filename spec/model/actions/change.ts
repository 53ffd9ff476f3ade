import fc from 'fast-check';
import type { Row } from '../rows.js';
import { em, entityOf, pick, type Scene, type Step } from '../world.js';
import { CODES } from './create.js';
import type { TableName } from '../tables.js';

/** A mutation that is made on the instance and on the model's row alike. */
type Mutation = readonly [table: TableName, name: string, apply: (holder: Row, number: number) => void];

const MUTATIONS: readonly Mutation[] = [
  ['team', 'name', (team, n) => void (team['name'] = `team ${n}`)],
  ['team', 'motto', (team, n) => void (team['motto'] = n % 3 === 0 ? undefined : `motto ${n}`)],
  ['label', 'text', (label, n) => void (label['text'] = `label ${n}`)],
  ['label', 'rank', (label, n) => void (label['rank'] = n)],
  ['knows', 'weight', (edge, n) => void (edge['weight'] = n % 3 === 0 ? undefined : n)],
  ['person', 'name', (person, n) => void (person['name'] = `person ${n}`)],
  ['person', 'age', (person, n) => void (person['age'] = n - 1)],
  ['person', 'code', (person, n) => void (person['code'] = [undefined, ...CODES][n % 3])],
  ['person', 'born', (person, n) => void (person['born'] = n % 4 === 0 ? undefined : new Date(n))],
  ['person', 'born.setTime', (person, n) => void (person['born'] as Date | undefined)?.setTime(n * 1000)],
  ['person', 'nicknames', (person, n) => void (person['nicknames'] = [`n${n}`, 'b', 'c'].slice(n % 3))],
  ['person', 'nicknames.push', (person, n) => void (person['nicknames'] as string[] | undefined)?.push(`p${n}`)],
  ['person', 'nicknames.reverse', (person) => void (person['nicknames'] as string[] | undefined)?.reverse()],
  ['person', 'groups', (person, n) => void (person['groups'] = n % 4 === 0 ? undefined : new Set(['g', `g${n}`]))],
  ['person', 'groups.add', (person, n) => void (person['groups'] as Set<string> | undefined)?.add(`a${n}`)],
  ['person', 'groups.delete', (person) => void (person['groups'] as Set<string> | undefined)?.delete('g')],
  [
    'person',
    'settings',
    (person, n) => void (person['settings'] = n % 4 === 0 ? undefined : { deep: { n }, list: [n] }),
  ],
  ['person', 'settings.deep', (person, n) => mutateSettings(person['settings'] as Settings | undefined, n)],
  ['person', 'address', (person, n) => void (person['address'] = n % 4 === 0 ? undefined : { street: `street ${n}` })],
  ['person', 'address.city', (person, n) => mutateAddress(person['address'] as Row | undefined, n)],
];

interface Settings {
  deep?: Row;
  list?: unknown[];
}

function mutateSettings(settings: Settings | undefined, n: number): void {
  if (settings === undefined) return;
  if (n % 5 === 0) delete settings.deep;
  else settings.deep = { ...settings.deep, [`k${n % 3}`]: n };
  settings.list?.push({ at: new Date(n) });
}

function mutateAddress(address: Row | undefined, n: number): void {
  if (address === undefined) return;
  if (n % 3 === 0) delete address['city'];
  else address['city'] = `city ${n}`;
}

/** Changes a value of an entity, in place where it can be. */
export const changeStep: fc.Arbitrary<Step> = fc
  .record({ which: fc.nat(20), mutation: fc.nat(MUTATIONS.length - 1), number: fc.nat(11) })
  .map(({ which, mutation, number }) => {
    const [table, name, apply] = MUTATIONS[mutation] as Mutation;
    return {
      text: `change ${table}[${which}].${name} (${number})`,
      run: async ({ session }: Scene) => {
        const one = pick(session.live(table), which);
        if (one === undefined) return;
        apply(entityOf(one), number);
        apply(one.now, number);
      },
    };
  });

/** The same by `em.assign`, several at once. */
export const assignStep: fc.Arbitrary<Step> = fc
  .record({ which: fc.nat(20), number: fc.nat(11) })
  .map(({ which, number }) => ({
    text: `assign person[${which}] (${number})`,
    run: async (scene: Scene) => {
      const one = pick(scene.session.live('person'), which);
      if (one === undefined) return;
      em(scene).assign(one.entity as object, { name: `person ${number}`, code: null, address: { street: 's' } });
      Object.assign(one.now, { name: `person ${number}`, address: { street: 's' } });
      delete one.now['code'];
    },
  }));

/** Takes back whatever a flush would be refused for. */
export const mendStep: fc.Arbitrary<Step> = fc.constant({
  text: 'mend all values',
  run: async ({ session }: Scene) => {
    for (const one of session.live('person'))
      for (const holder of [entityOf(one), one.now]) {
        if (Number(holder['age']) < 0) holder['age'] = 1;
        holder['code'] = undefined;
      }
  },
});
