import fc from 'fast-check';
import { asc, desc, Point } from '../../lib/index.js';
import type { EntityMetadata, FieldMetadata, PropertyMetadata } from '../../lib/metadata/entity-metadata.js';
import { valueMembers } from '../../lib/types/admits.js';
import { whereOf } from './conditions.js';
import { expressionOf } from './expressions.js';
import { seldom } from './query.js';
import { withoutMissing } from './values.js';

const SORTED = new Set([
  'bool',
  'int',
  'float',
  'decimal',
  'number',
  'string',
  'datetime',
  'duration',
  'uuid',
  'literal',
]);
const way = fc.constantFrom('asc', 'desc');

const isSorted = (property: PropertyMetadata): boolean =>
  (property.kind === 'field' || property.kind === 'computed') &&
  valueMembers(property.type).every(({ kind }) => SORTED.has(kind)) &&
  !(property.kind === 'field' && property.algorithm !== undefined);

/** One key of an order: a field, one of an embedded object, one behind a link. */
function keyOf(properties: readonly PropertyMetadata[], depth: number): fc.Arbitrary<object> {
  const keys = properties.flatMap((property): fc.Arbitrary<object>[] => {
    const name = property.property;
    if (isSorted(property)) return [way.map((direction) => ({ [name]: direction }))];
    if (property.kind === 'field' && property.embedded !== undefined && !property.embeddedMany)
      return [keyOf(property.embedded.fields, 0).map((inner) => ({ [name]: inner }))];
    if (property.kind !== 'link' || property.targets().length > 1) return [];
    const byId = way.map((direction) => ({ [name]: direction }));
    const target = property.target();
    if (depth === 0 || target.softDelete !== undefined) return [byId];
    return [byId, keyOf(target.properties, depth - 1).map((inner) => ({ [name]: inner }))];
  });
  return fc.oneof(...keys);
}

/** Orders that the rows in memory can be put into as well. */
export function orderOf(meta: EntityMetadata): fc.Arbitrary<object> {
  const key = fc.oneof(
    { weight: 8, arbitrary: keyOf(meta.properties, 1) },
    { weight: 1, arbitrary: way.map((id) => ({ id })) },
  );
  return fc.oneof(
    key,
    fc.tuple(key, key).map(([a, b]) => ({ ...a, ...b })),
    fc.array(key, { minLength: 2, maxLength: 3 }),
  );
}

const comparison = fc.record({ collate: fc.boolean(), numeric: fc.boolean() }, { requiredKeys: [] });

/** A hash is sorted by by nobody. */
const isText = ({ type, algorithm }: FieldMetadata): boolean =>
  algorithm === undefined && valueMembers(type).some(({ kind }) => kind === 'string');

/** Orders that only the server knows: expressions, distances, and texts as in a dictionary or by their numbers. */
export function serverOrderOf(meta: EntityMetadata): fc.Arbitrary<unknown> {
  const expression = fc
    .tuple(expressionOf(meta), fc.constantFrom(asc, desc), comparison)
    .map(([by, direct, compared]) => direct(by, compared));
  const places = meta.properties.filter(({ kind, property }) => kind === 'field' && property === 'place');
  const distance = places.map(({ property }) =>
    way.map((direction) => ({ [property]: { distanceTo: new Point([2, 2]), direction } })),
  );
  const texts = meta.properties.filter((each) => each.kind === 'field' && isText(each));
  const compared = texts.map(({ property }) =>
    fc.tuple(comparison, way).map(([how, direction]) => ({ [property]: { ...how, direction } })),
  );
  return fc.oneof(
    expression,
    ...distance,
    ...compared,
    fc.tuple(expression, orderOf(meta)).map((keys) => keys.flat()),
  );
}

const cuts = { limit: seldom(fc.nat({ max: 6 })), offset: seldom(fc.nat({ max: 4 })) };

/** Names of columns that may be chosen or left out. */
export function columnsOf(meta: EntityMetadata): readonly string[] {
  return meta.properties
    .filter((property) => 'column' in property && !(property.kind === 'field' && property.algorithm !== undefined))
    .map(({ property }) => property);
}

const some = (names: readonly string[]): fc.Arbitrary<readonly string[]> =>
  fc.uniqueArray(fc.constantFrom(...names), { maxLength: 4 });

function projection(meta: EntityMetadata): fc.Arbitrary<object> {
  const names = columnsOf(meta);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: some(names).map((select) => ({ select })) },
    { weight: 1, arbitrary: some(names).map((omit) => ({ omit })) },
  );
}

/** Fetch plans: nested, filtered, sorted, cut, counted, with some of the columns. */
export function fetchOf(meta: EntityMetadata, depth = 2): fc.Arbitrary<object> {
  const relations = meta.properties.filter(({ kind }) => kind !== 'field' && kind !== 'computed');
  if (relations.length === 0) return fc.constant({});
  const members = relations.map((property) => [property.property, seldom(relationOf(property, depth - 1))] as const);
  return fc.record(Object.fromEntries(members)).map(withoutMissing);
}

function relationOf(property: PropertyMetadata, depth: number): fc.Arbitrary<unknown> {
  const several = 'targets' in property && property.targets().length > 1;
  if (several) return fc.constant(true);
  const target = (property as { target: () => EntityMetadata }).target();
  const many = property.kind !== 'link';
  const request = fc
    .tuple(
      fc
        .record({
          where: seldom(whereOf(target, 1)),
          ...(many && { orderBy: seldom(orderOf(target)), ...cuts, count: seldom(fc.boolean()) }),
          ...(depth > 0 && { fetch: seldom(fetchOf(target, depth)) }),
        })
        .map(withoutMissing),
      projection(target),
    )
    .map(([asked, columns]) => ({ ...asked, ...columns }));
  return fc.oneof(fc.constant(true), request);
}

/** All options of a find but those that change nothing of its statement. */
export function optionsOf(meta: EntityMetadata): fc.Arbitrary<Readonly<Record<string, unknown>>> {
  const names = meta.indexes
    .filter(({ fulltext, vector, count }) => !(fulltext ?? vector ?? count))
    .map(({ name }) => name);
  const index = names.length === 0 ? fc.constant(undefined) : fc.constantFrom(...names);
  const asked = fc
    .record({
      orderBy: fc.option(orderOf(meta), { nil: undefined }),
      ...cuts,
      fetch: seldom(fetchOf(meta)),
      strategy: seldom(fc.constantFrom('joined', 'separate')),
      useIndex: fc.option(index, { nil: undefined, freq: 8 }),
      timeout: fc.option(fc.constant(20_000), { nil: undefined, freq: 8 }),
      managed: fc.option(fc.constant(false), { nil: undefined, freq: 8 }),
    })
    .map(withoutMissing);
  return fc.tuple(asked, projection(meta)).map(([options, columns]) => ({ ...options, ...columns }));
}
