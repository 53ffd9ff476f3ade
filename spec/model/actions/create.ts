import fc from 'fast-check';
import type { RecordId } from '../../../lib/index.js';
import type { Row } from '../rows.js';
import { Tracked } from '../session-model.js';
import { TABLES, type TableName } from '../tables.js';
import { expectSame } from '../check.js';
import { codeOf, em, pick, type Scene, type Step } from '../world.js';

export const KEYS = ['a', 'b', 'c'] as const;
export const CODES = ['x', 'y'] as const;

const numbers = fc.nat(11);

/** A new entity, under a key that may be taken or with one of its own, linked to others at once. */
export const createStep: fc.Arbitrary<Step> = fc
  .record({
    table: fc.constantFrom<TableName>('team', 'label', 'person', 'person', 'knows'),
    key: fc.option(fc.constantFrom(...KEYS), { nil: undefined }),
    number: numbers,
    code: fc.option(fc.constantFrom(...CODES), { nil: undefined, freq: 1 }),
    age: fc.oneof({ weight: 12, arbitrary: fc.nat(9) }, { weight: 1, arbitrary: fc.constant(-1) }),
    links: fc.array(numbers, { maxLength: 2 }),
  })
  .map(createAs);

function createAs(plan: Plan): Step {
  return { text: `create ${JSON.stringify(plan)}`, run: (scene) => create(scene, plan) };
}

/** What every run begins with. */
export const POPULATION: readonly Step[] = [
  ...['a', 'b'].flatMap((key) => [createAs(seed('team', key)), createAs(seed('label', key))]),
  createAs({ ...seed('person', 'a'), code: 'x', links: [0] }),
  createAs({ ...seed('person', 'b'), code: 'y', links: [0, 1] }),
  createAs(seed('knows', 'a')),
];

function seed(table: TableName, key: string): Plan {
  return { table, key, number: 0, code: undefined, age: 1, links: [1] };
}

interface Plan {
  readonly table: TableName;
  readonly key: string | undefined;
  readonly number: number;
  readonly code: string | undefined;
  readonly age: number;
  readonly links: readonly number[];
}

async function create(scene: Scene, plan: Plan): Promise<void> {
  const { session } = scene;
  const targets = targetsOf(scene, plan);
  if (targets === undefined) return;
  const { key } = plan;
  const before = key === undefined ? undefined : session.get(`${plan.table}:${key}`);
  const isTaken = before !== undefined && before.phase !== 'removed';
  let entity: object | undefined;
  const values = valuesOf(plan);
  const make = () => {
    const data = { ...values, ...entitiesOf(targets), ...(key !== undefined && { id: key }) };
    entity = em(scene).create(TABLES[plan.table].entity, data);
  };
  expectSame(await codeOf(make), isTaken ? 'VALIDATION' : undefined, 'create');
  if (entity === undefined) return;
  const id = String((entity as { readonly id: RecordId }).id);
  const one = new Tracked(id, undefined, entity, before);
  one.now = { ...values, ...idsOf(targets) };
  for (const target of targets.labels) one.members('labels').add(target.id);
  session.add(one);
}

interface Targets {
  readonly single: Readonly<Record<string, Tracked>>;
  readonly labels: readonly Tracked[];
}

/** The ends of an edge are needed; everything else is linked as far as there is something. */
function targetsOf({ session }: Scene, { table, number, links }: Plan): Targets | undefined {
  if (table === 'knows') {
    const people = session.live('person');
    const [from, to] = [pick(people, number), pick(people, links[0] ?? 0)];
    return from === undefined || to === undefined ? undefined : { single: { in: from, out: to }, labels: [] };
  }
  if (table !== 'person') return { single: {}, labels: [] };
  const team = number % 2 === 0 ? pick(session.live('team'), number) : undefined;
  const labels = links.map((link) => pick(session.live('label'), link)).filter((one) => one !== undefined);
  return { single: team === undefined ? {} : { team }, labels: [...new Set(labels)] };
}

function valuesOf({ table, number, code, age }: Plan): Row {
  if (table === 'team') return { name: `team ${number}` };
  if (table === 'label') return { text: `label ${number}`, rank: number };
  if (table === 'knows') return { weight: number };
  return { name: `person ${number}`, age, ...(code !== undefined && { code }) };
}

function entitiesOf({ single, labels }: Targets): Row {
  const data: Row = {};
  for (const [name, { entity }] of Object.entries(single)) data[name] = entity;
  if (labels.length > 0) data['labels'] = labels.map(({ entity }) => entity);
  return data;
}

const idsOf = ({ single }: Targets): Row =>
  Object.fromEntries(Object.entries(single).map(([name, { id }]) => [name, id]));
