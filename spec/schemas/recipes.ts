import fc from 'fast-check';
import type {
  AccessRecipe,
  EmbeddedField,
  EventRecipe,
  FieldRecipe,
  IndexRecipe,
  ObjectRecipe,
  PermissionRecipe,
  PlainField,
  SchemaRecipe,
  TableRecipe,
} from './recipe.js';
import { TYPES } from './values.js';

/** Few names, so that two schemas speak of the same things. */
export const TABLES = ['alpha', 'beta', 'knows'] as const;
const FIELDS = ['a', 'b', 'c', 'd', 'order', 'bi o'] as const;

const maybe = <T>(arbitrary: fc.Arbitrary<T>, freq = 3): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined, freq });
const rarely = (): fc.Arbitrary<boolean> => fc.integer({ min: 0, max: 5 }).map((n) => n === 5);

const comments = fc.constantFrom('plain', `it's "quoted"`, 'back\\slash `tick`', 'two\nlines');
const permissions: fc.Arbitrary<PermissionRecipe> = fc.oneof(
  fc.constantFrom('full' as const, 'none' as const),
  fc.record({ select: fc.constantFrom('$auth != NONE', 'id = $auth'), update: fc.boolean() }),
);
const refinements = { comment: maybe(comments, 6), permissions: maybe(permissions, 6) };

/** A field of a type with what fits it: a default that it takes, an assertion about it. */
const plain = (name: string): fc.Arbitrary<PlainField> =>
  fc.constantFrom(...TYPES).chain((entry) =>
    fc.record(
      {
        kind: fc.constant('plain' as const),
        name: fc.constant(name),
        type: fc.constant(entry.type),
        default: entry.defaults.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...entry.defaults), 2),
        always: rarely(),
        value: entry.values.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...entry.values), 5),
        assert: entry.asserts.length === 0 ? fc.constant(undefined) : maybe(fc.constantFrom(...entry.asserts), 4),
        readonly: rarely(),
        flexible: entry.flexible ? fc.boolean() : fc.constant(false),
        ...refinements,
      },
      { noNullPrototype: true },
    ),
  );

const embedded = (name: string): fc.Arbitrary<EmbeddedField> =>
  fc.record({
    kind: fc.constant('embedded' as const),
    name: fc.constant(name),
    many: fc.boolean(),
    optional: fc.boolean(),
    fields: fieldsOf(['x', 'y', 'z'], plain, 1),
    ...refinements,
  });

/** Each name once, each with a field of its own; `least` of them at least. */
function fieldsOf<T>(
  names: readonly string[],
  make: (name: string) => fc.Arbitrary<T>,
  least = 0,
): fc.Arbitrary<readonly T[]> {
  return fc.subarray([...names], { minLength: least }).chain((some) => fc.tuple(...some.map(make)));
}

const field = (name: string): fc.Arbitrary<FieldRecipe> =>
  fc.oneof(
    { weight: 8, arbitrary: plain(name) },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('link' as const),
        name: fc.constant(name),
        target: fc.constantFrom('alpha', 'beta'),
        many: fc.boolean(),
        optional: fc.boolean(),
        onDelete: fc.constantFrom('reject', 'cascade', 'ignore', 'unset', 'expression'),
        ...refinements,
      }),
    },
    { weight: 2, arbitrary: embedded(name) },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('computed' as const),
        name: fc.constant(name),
        type: fc.constantFrom('int', 'option<int>', 'any'),
        expression: fc.constantFrom('1 + 1', '<int> 3.0', 'array::len([1, 2])'),
        // The server cannot read what it computes under a name that it prints in backticks.
        stored: name.includes(' ') ? fc.constant(true) : fc.boolean(),
        comment: refinements.comment,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('vector' as const),
        name: fc.constant(name),
        dimension: fc.constantFrom(2, 3),
        distance: fc.constantFrom('cosine', 'euclidean', 'manhattan'),
        m: maybe(fc.constantFrom(8, 16)),
        optional: fc.boolean(),
      }),
    },
  );

const kept = fc.subarray(['createdAt', 'updatedAt', 'version', 'encrypted'] as const, { maxLength: 2 });

const index = (name: string): fc.Arbitrary<IndexRecipe> =>
  fc.record({
    name: fc.constant(name),
    kind: fc.constantFrom('plain', 'unique', 'count', 'fulltext', 'partial', 'concurrent', 'once'),
    field: fc.constantFrom(...FIELDS),
    comment: maybe(comments, 6),
  });

const event = (name: string): fc.Arbitrary<EventRecipe> =>
  fc.record({
    name: fc.constant(name),
    when: maybe(fc.constantFrom(`$event = 'CREATE'`, '$before.a != $after.a'), 2),
    then: fc.subarray(['CREATE noted SET at = 1', '{ LET $x = 1; }', 'UPDATE noted:1 SET n += 1'], {
      minLength: 1,
    }),
    async: fc.boolean(),
    comment: maybe(comments, 6),
  });

const access = (table: string): fc.Arbitrary<AccessRecipe> =>
  fc.record({
    name: fc.constant(`${table}_door`),
    type: fc.constantFrom('record', 'jwt', 'bearer'),
    token: fc.constantFrom('15m', '1h'),
  });

const table = (name: (typeof TABLES)[number]): fc.Arbitrary<TableRecipe> =>
  fc.record({
    name: fc.constant(name),
    type: name === 'knows' ? fc.constant('relation' as const) : fc.constantFrom('normal', 'normal', 'normal', 'any'),
    less: rarely(),
    drop: rarely().map((each) => each && name !== 'alpha'),
    comment: maybe(comments, 4),
    changefeed: maybe(fc.record({ expiry: fc.constantFrom('1d', '3h'), includeOriginal: fc.boolean() }), 4),
    permissions: maybe(permissions, 3),
    enforced: fc.boolean(),
    fields: fc
      .tuple(fieldsOf(FIELDS, field), kept)
      .map(([own, more]) => [...own, ...more.map((kind): FieldRecipe => ({ kind, name: kind }))]),
    indexes: fieldsOf(['i', 'j', 'by it'], index),
    events: fieldsOf(['e', 'on it'], event),
    access: maybe(access(name), 5),
  });

const object =
  (bodies: readonly string[]) =>
  (name: string): fc.Arbitrary<ObjectRecipe> =>
    fc.record({ name: fc.constant(name), body: fc.constantFrom(...bodies), comment: maybe(comments, 4) });

export const schemas: fc.Arbitrary<SchemaRecipe> = fc.record({
  tables: fc
    .tuple(table('alpha'), maybe(table('beta'), 4), maybe(table('knows'), 3))
    .map((all) => all.filter((each) => each !== undefined)),
  functions: fieldsOf(['one', 'family::two'], object(['RETURN 1', '{ LET $x = $n; RETURN $x + 1 }'])),
  params: fieldsOf(['limit', 'rate'], object(['5', '[1, "two"]', '{ a: 1.5 }'])),
  sequences: fieldsOf(['numbers'], object(['0', '100'])),
  analyzer: maybe(
    fc.record({
      tokenizers: fc.subarray(['blank', 'class', 'camel'], { minLength: 1 }),
      filters: fc.subarray(['lowercase', 'ascii', 'snowball(english)', 'edgengram(2,5)']),
    }),
    6,
  ),
  view: maybe(fc.record({ table: fc.constantFrom('alpha', 'beta'), live: fc.boolean() }), 3),
});

export interface Pair {
  readonly before: SchemaRecipe;
  readonly after: SchemaRecipe;
}

/** Two schemas, the second one near the first: of each thing it has the first one's or another. */
export const pairs: fc.Arbitrary<Pair> = fc
  .tuple(schemas, schemas, fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 24, maxLength: 24 }))
  .map(([before, other, choices]) => ({ before, after: mixed(before, other, choices) }));

function mixed(before: SchemaRecipe, other: SchemaRecipe, choices: readonly number[]): SchemaRecipe {
  let at = 0;
  /** Seven times of ten the first one's. */
  const keeps = (): boolean => (choices[at++ % choices.length] as number) < 7;
  const merge = <T extends { readonly name: string }>(ours: readonly T[], theirs: readonly T[]): readonly T[] => {
    const names = [...new Set([...ours, ...theirs].map(({ name }) => name))];
    return names.flatMap((name) => {
      const found = (keeps() ? ours : theirs).find((each) => each.name === name);
      return found === undefined ? [] : [found];
    });
  };
  const tables = [...new Set([...before.tables, ...other.tables].map(({ name }) => name))].flatMap((name) => {
    const ours = before.tables.find((each) => each.name === name);
    const theirs = other.tables.find((each) => each.name === name);
    if (ours === undefined || theirs === undefined) return [ours ?? (theirs as TableRecipe)];
    const head = keeps() ? ours : theirs;
    const access = (keeps() ? ours : theirs).access;
    return [
      {
        ...head,
        access,
        fields: merge(ours.fields, theirs.fields),
        indexes: merge(ours.indexes, theirs.indexes),
        events: merge(ours.events, theirs.events),
      } as TableRecipe,
    ];
  });
  return {
    tables,
    functions: merge(before.functions, other.functions),
    params: merge(before.params, other.params),
    sequences: merge(before.sequences, other.sequences),
    analyzer: (keeps() ? before : other).analyzer,
    view: (keeps() ? before : other).view,
  } as SchemaRecipe;
}
