import fc from 'fast-check';
import { count } from '../../lib/index.js';
import type { EntityMetadata } from '../../lib/metadata/entity-metadata.js';
import type { Conditions } from '../finds/operators.js';
import { whereOf } from './conditions.js';
import { expressionOf, pathsOf } from './expressions.js';
import { columnsOf, fetchOf, orderOf } from './options.js';
import { Query } from './query.js';
import { expected, textsOf } from './reads.js';
import { asked } from './subquery.js';
import type { Verbs } from './world.js';

/** One step of a builder: its name and its arguments. */
type Step = readonly [name: string, ...args: readonly unknown[]];
type Steps = fc.Arbitrary<readonly Step[]>;

const maybe = (step: fc.Arbitrary<Step>): Steps =>
  fc.option(step, { nil: undefined, freq: 2 }).map((one) => (one === undefined ? [] : [one]));
const step = (name: string, argument: fc.Arbitrary<unknown>): Steps => maybe(argument.map((given) => [name, given]));
const together = (...parts: readonly Steps[]): Steps => fc.tuple(...parts).map((all) => all.flat());

/** Selects built step by step, to each of their ends. */
export function selectsOf(meta: EntityMetadata): fc.Arbitrary<Query> {
  const cuts = together(step('limit', fc.nat({ max: 5 })), step('offset', fc.nat({ max: 3 })));
  const shared = together(
    step('orderBy', orderOf(meta)),
    cuts,
    maybe(fc.constant(['noIndex'])),
    step('timeout', fc.constant(20_000)),
  );
  const names = columnsOf(meta);
  const values = names.filter((name) => meta.byProperty.get(name)?.kind !== 'links');
  const columns = fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 });
  const whole = together(shared, step('fetch', fetchOf(meta)), step('fields', columns), step('omit', columns));
  const lists = pathsOf(meta, 'array', 'set');
  const fields = fc.tuple(expressionOf(meta), fc.constantFrom(...values)).map(([b, a]) => ({ a, b, id: 'id' }));
  const scalar = pathsOf(meta, 'bool', 'int', 'string', 'decimal', 'number', 'float');
  const ends: fc.Arbitrary<readonly Step[]>[] = [
    together(whole, fc.constantFrom<Step[]>([['list']], [['one']], [['execute']])),
    together(
      shared,
      fields.map((given): Step[] => [['fields', given], ['list']]),
    ),
    together(
      shared,
      fc.oneof(fc.constantFrom(...values), expressionOf(meta)).map((given): Step[] => [['value', given], ['execute']]),
    ),
  ];
  if (lists.length > 0)
    ends.push(
      together(
        cuts,
        fc.constantFrom(...lists).map((path): Step[] => [['split', path]]),
        step(
          'omit',
          columns.map((all) => all.filter((name) => !lists.includes(name))),
        ),
        fc.constant<Step[]>([['list']]),
      ),
    );
  if (scalar.length > 0)
    ends.push(
      fc.constantFrom(...scalar).map((path): Step[] => [['groupBy', [path], { 'how many': count() }], ['list']]),
    );
  return fc.tuple(whereOf(meta), fc.oneof(...ends)).map(([where, steps]) => select(meta, where, steps));
}

function select(meta: EntityMetadata, where: Conditions, steps: readonly Step[]): Query {
  return new Query('select', [meta.className, where, ...steps], async (world) => {
    const em = world.fork();
    let query = em['select']?.(meta.target)['where']?.(asked(where, em)) as Verbs;
    for (const [name, ...args] of steps.slice(0, -1))
      query = query[name]?.(...args.map((each) => asked(each, em))) as Verbs;
    const [end = 'list'] = steps.at(-1) as Step;
    if (end !== 'explain') expectPrinted(query);
    const answer = await query[end]?.();
    const names = steps.map(([name]) => name);
    const rows = expected(world, meta, where);
    if (rows === undefined || end !== 'list' || names.some((name) => !PLAIN.has(name))) return false;
    const { limit = Infinity, offset = 0 } = Object.fromEntries(steps) as { limit?: number; offset?: number };
    expect(textsOf(answer)).toHaveLength(Math.max(0, Math.min(limit, rows.length - offset)));
    return true;
  });
}

/** A fetch plan that is too deep for one statement is sent as several, and has no text of its own. */
function expectPrinted(query: Verbs): void {
  try {
    expect(query['toSurql']?.()).toMatchObject({ text: expect.any(String) as string });
  } catch (error) {
    if (!String(error).includes('nested too deeply')) throw error;
  }
}

const PLAIN = new Set(['orderBy', 'limit', 'offset', 'noIndex', 'timeout', 'fetch', 'omit', 'list']);
