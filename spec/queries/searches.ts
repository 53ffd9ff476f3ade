import fc from 'fast-check';
import { fn, surql, type SurqlFragment } from '../../lib/index.js';
import { SIGNATURES } from '../../lib/functions/families/index.js';
import type { EntityMetadata, FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import type { Conditions } from '../finds/operators.js';
import { functionExamples } from '../support/function-examples.js';
import { whereOf } from './conditions.js';
import { fetchOf } from './options.js';
import { Query, seldom } from './query.js';
import { expected, textsOf } from './reads.js';
import { asked } from './subquery.js';
import { withoutMissing } from './values.js';

/** Searches by vector, by words and by both, where an entity has fields for them. */
export function searchesOf(meta: EntityMetadata): fc.Arbitrary<Query> | undefined {
  const vector = meta.properties.find(
    (each): each is FieldMetadata => each.kind === 'field' && each.vector !== undefined,
  );
  const searched = meta.indexes.filter(({ fulltext }) => fulltext !== undefined).flatMap(({ columns }) => columns);
  const fields = searched.map((column) => meta.byColumn.get(column)?.property as string);
  const dimension = vector?.vector?.dimension;
  if (vector === undefined || dimension === undefined || fields.length === 0) return undefined;
  const numbers = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: dimension, maxLength: dimension });
  const words = fc.constantFrom('red', 'fox', 'red fox', 'blue', "o'hara", '🦊', 'none of these');
  const text = fc.oneof(
    ...fields.map((name) => words.map((word) => ({ [name]: word }))),
    fc.record(Object.fromEntries(fields.map((name) => [name, words]))),
  );
  const shared = {
    where: seldom(whereOf(meta, 1)),
    fetch: seldom(fetchOf(meta, 1)),
    limit: seldom(fc.nat({ max: 4 })),
    offset: seldom(fc.nat({ max: 2 })),
  };
  const k = seldom(fc.integer({ min: 1, max: 5 }));
  const options = (more: Record<string, fc.Arbitrary<unknown>>) =>
    fc.record({ ...shared, ...more }).map(withoutMissing);
  const metric = seldom(
    fc.constantFrom('cosine', 'euclidean', 'manhattan', 'chebyshev', 'hamming', 'minkowski 3', 'pearson', 'jaccard'),
  );
  const linear = seldom(fc.constant({ vector: 0.4, text: 0.6 }));
  return fc.oneof(
    fc
      .tuple(numbers, options({ k, metric, ef: seldom(fc.integer({ min: 5, max: 60 })) }))
      .map(([given, asks]) => hits(meta, 'nearest', [vector.property, given], asks)),
    fc
      .tuple(
        text,
        options({ highlight: seldom(fc.constantFrom(true, ['<', '>'])), match: seldom(fc.constantFrom('all', 'any')) }),
      )
      .map(([given, asks]) => hits(meta, 'search', [given], asks)),
    fc
      .tuple(numbers, text, options({ k, linear, rrf: seldom(fc.constant(30)) }))
      .map(([given, by, asks]) =>
        hits(meta, 'hybrid', [], { ...asks, vector: { [vector.property]: given }, text: by }),
      ),
  );
}

function hits(meta: EntityMetadata, verb: string, args: readonly unknown[], options: object): Query {
  return new Query(verb, [meta.className, ...args, options], async (world) => {
    const em = world.fork();
    const found = (await em[verb]?.(meta.target, ...args, asked(options, em))) as unknown as { entity: unknown }[];
    const rows = expected(world, meta, (options as { readonly where?: Conditions }).where ?? {});
    if (rows === undefined) return false;
    // Whatever is near or holds the words, it is among those that match.
    expect(textsOf(rows)).toEqual(expect.arrayContaining(textsOf(found.map(({ entity }) => entity))));
    return true;
  });
}

type Tree = { readonly [part: string]: Tree } & ((...args: readonly unknown[]) => SurqlFragment<unknown>);
const at = (name: string): Tree => name.split('::').reduce((tree, part) => tree[part] as Tree, fn as unknown as Tree);
const call = (name: string, ...args: readonly unknown[]): SurqlFragment<unknown> =>
  SIGNATURES[name] === 'constant' ? (at(name) as unknown as SurqlFragment<unknown>) : at(name)(...args);

/** Sleeping would only cost time. */
const EXAMPLES = functionExamples(call).filter(([name]) => name !== 'sleep');

/** Every function of the server, by itself, as a column, as a condition and as an order. */
/** What hashes passwords takes its time, and is not asked of every row. */
const SLOW = /^crypto::(argon2|bcrypt|pbkdf2|scrypt)::/;

export function functionsOf(meta: EntityMetadata): fc.Arbitrary<Query> {
  return fc.tuple(fc.constantFrom(...EXAMPLES), fc.nat({ max: 2 })).map(
    ([[name, args], place]) =>
      new Query('fn', [meta.className, name, place], async (world) => {
        const expression = call(name, ...args);
        const em = world.fork();
        if (place === 0 || SLOW.test(name)) await em['run']?.(expression);
        else if (place === 1) await em['select']?.(meta.target)['fields']?.({ made: expression })['list']?.();
        else await em['find']?.(meta.target, surql`${expression} != ${null}`, { orderBy: expression, limit: 2 });
        return false;
      }),
  );
}
