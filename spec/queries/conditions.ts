import fc from 'fast-check';
import type {
  EdgesMetadata,
  EntityMetadata,
  FieldMetadata,
  InverseMetadata,
  LinkMetadata,
  LinksMetadata,
  PropertyMetadata,
} from '../../lib/metadata/entity-metadata.js';
import { admitsNone, admitsNull, valueMembers } from '../../lib/types/admits.js';
import type { SurrealType } from '../../lib/types/surreal-type.js';
import type { Conditions } from '../finds/operators.js';
import { predicateOf } from './expressions.js';
import { idsOf } from './rows.js';
import { SubqueryOf } from './subquery.js';
import { dates, points, squares, texts, times, valueOf } from './values.js';

type Where = fc.Arbitrary<Conditions>;
type Condition = fc.Arbitrary<unknown>;

/** How far conditions may go through relations. */
const DEPTH = 2;

/** Conditions on the records of an entity, made from its metadata: every operator that a property has. */
export function whereOf(meta: EntityMetadata, depth = DEPTH): Where {
  const leaf = leafOf(meta.properties, meta, depth);
  const all = fc.letrec<{ node: Conditions }>((tie) => ({
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 6, arbitrary: leaf },
      { weight: 3, arbitrary: fc.tuple(leaf, leaf).map(([a, b]) => ({ ...a, ...b })) },
      { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($or) => ({ $or })) },
      { weight: 1, arbitrary: fc.array(tie('node'), { maxLength: 3 }).map(($and) => ({ $and })) },
      {
        weight: 1,
        arbitrary: tie('node')
          .filter(isFull)
          .map(($not) => ({ $not })),
      },
    ),
  }));
  return all.node;
}

const isFull = (node: Conditions): boolean => Object.keys(node).length > 0;

function leafOf(properties: readonly PropertyMetadata[], meta: EntityMetadata | undefined, depth: number): Where {
  const leaves = properties.flatMap((property) => {
    const condition = conditionOf(property, depth);
    return condition === undefined ? [] : [condition.map((given) => ({ [property.property]: given }))];
  });
  if (meta === undefined) return fc.oneof(...leaves);
  const id = referenceOf([meta], false).map((given) => ({ id: given }));
  const expression = predicateOf(meta).map((term) => ({ $and: [term] }));
  return fc.oneof(
    { weight: 12, arbitrary: fc.oneof(...leaves) },
    { weight: 1, arbitrary: id },
    { weight: 1, arbitrary: expression },
  );
}

function conditionOf(property: PropertyMetadata, depth: number): Condition | undefined {
  switch (property.kind) {
    case 'field':
      return property.algorithm === undefined ? fieldCondition(property, depth) : undefined;
    case 'computed':
      return typeCondition(property.type, true);
    case 'link':
      return linkCondition(property, depth);
    default:
      return depth === 0 ? undefined : manyCondition(property, depth - 1);
  }
}

function fieldCondition(field: FieldMetadata, depth: number): Condition {
  const { embedded, embeddedMany, optional, role, type } = field;
  if (role === 'discriminator') return typeCondition({ kind: 'string' }, false);
  if (embedded === undefined) return typeCondition(type, optional);
  const inner = leafOf(embedded.fields, undefined, Math.min(depth, 1));
  if (!embeddedMany) return optional ? fc.oneof(inner, presence(type)) : inner;
  return quantified(
    inner,
    fc.boolean().map(($exists) => ({ $exists })),
  );
}

/** What may be asked of a value of a type. */
function typeCondition(type: SurrealType, mayLack: boolean): Condition {
  const members = valueMembers(type);
  const own = fc.oneof(...members.map((member) => memberCondition(member)));
  return mayLack || admitsNone(type) || admitsNull(type)
    ? fc.oneof({ weight: 4, arbitrary: own }, { weight: 1, arbitrary: presence(type) })
    : own;
}

function presence(type: SurrealType): Condition {
  const missing = [null, { $ne: null }, { $exists: true }, { $exists: false }, { $isNone: true }, { $isNone: false }];
  return fc.constantFrom<unknown>(...missing, ...(admitsNull(type) ? [{ $isNull: true }, { $isNull: false }] : []));
}

function memberCondition(type: SurrealType): Condition {
  switch (type.kind) {
    case 'bool':
      return fc.oneof(fc.boolean(), fc.record({ $ne: fc.boolean() }));
    case 'string':
      return fc.oneof(ordered(texts), textual);
    case 'datetime':
      return ordered(fc.oneof<fc.Arbitrary<unknown>[]>(times, dates));
    case 'array':
    case 'set':
      return listCondition(type.items);
    case 'geometry':
      return type.shapes.includes('point') ? pointCondition : areaCondition;
    case 'object':
      return fc.oneof(
        ordered(valueOf({ kind: 'int' })).map((a) => ({ a })),
        textual.map((text) => ({ 'a b': text })),
      );
    case 'shape':
      return fc.oneof(
        ...Object.entries(type.fields).map(([name, each]) =>
          typeCondition(each, false).map((given) => ({ [name]: given })),
        ),
      );
    case 'tuple':
      return valueOf(type);
    default:
      return ordered(valueOf(type));
  }
}

const pair = <T>(names: readonly string[], value: fc.Arbitrary<T>): Condition =>
  fc.tuple(fc.constantFrom(...names), value).map(([name, given]) => ({ [name]: given }));

/** Operators of what has an order. */
export function ordered<T>(value: fc.Arbitrary<T>): Condition {
  return fc.oneof(
    value,
    pair(['$eq', '$ne', '$gt', '$gte', '$lt', '$lte'], value),
    fc.tuple(value, value).map(([$gte, $lt]) => ({ $gte, $lt })),
    fc.tuple(value, value).map(($between) => ({ $between })),
    pair(['$in', '$nin'], fc.array(value, { maxLength: 4 })),
    pair(['$gt', '$lte', '$eq'], value).map(($not) => ({ $not })),
  );
}

const parts = fc.constantFrom('', 'r', 'R', 'red', 'fox', 'ΣΊΣ', 'ς', '%', '_', '🦊', "O'", '`', '\\');
const patterns = fc.constantFrom('', '%', 'r%', '%fox', '_ed', '100\\%', 'a\\_b', "%O'%", '\\\\', '%ΊΣ%');
const textual: Condition = fc.oneof(
  pair(['$startsWith', '$istartsWith', '$endsWith', '$iendsWith', '$contains', '$icontains', '$notContains'], parts),
  pair(['$like', '$ilike'], patterns),
  fc.constantFrom(/^r/, /FOX$/i, /^.$/u, /^$/, /\d+%/, /a_./, /`|\\/).map(($regex) => ({ $regex })),
);

function listCondition(items: SurrealType): Condition {
  const one = fc.oneof(...valueMembers(items).map(valueOf));
  return fc.oneof(
    pair(['$contains', '$notContains'], one),
    pair(['$containsAll', '$containsAny', '$containsNone', '$inside'], fc.array(one, { maxLength: 3 })),
    pair(['$size'], ordered(fc.integer({ min: 0, max: 3 }))),
  );
}

const pointCondition: Condition = fc.oneof(
  points,
  pair(['$within', '$inside', '$outside', '$intersects'], squares),
  fc.tuple(points, fc.constantFrom(0, 1_000, 200_000)).map(([center, meters]) => ({ $within: { center, meters } })),
);
const areaCondition: Condition = pair(['$intersects', '$outside', '$contains', '$within'], fc.oneof(squares, points));

/** What names a record of one of these entities. */
function referenceOf(metas: readonly EntityMetadata[], mayLack: boolean): Condition {
  const ids = idsOf(metas);
  const [only] = metas;
  const key = metas.length === 1 && !isList(only) ? ids.map(({ key: given }) => given) : ids;
  const given = fc.oneof<fc.Arbitrary<unknown>[]>(ids, ids.map(String), key);
  const several = pair(['$in', '$nin'], fc.array(given, { maxLength: 4 }));
  const own = fc.oneof(given, several, pair(['$ne', '$gt', '$lte'], ids));
  return mayLack
    ? fc.oneof(
        { weight: 4, arbitrary: own },
        { weight: 1, arbitrary: fc.constantFrom(null, { $exists: true }, { $exists: false }) },
      )
    : own;
}

const isList = (meta: EntityMetadata | undefined): boolean => Array.isArray(meta?.id.key) || meta?.id.key === 'any';

function linkCondition(link: LinkMetadata, depth: number): Condition {
  const targets = link.targets();
  const reference = referenceOf(targets, link.optional);
  const [target] = targets;
  if (depth === 0 || targets.length !== 1 || target === undefined) return reference;
  const inner = whereOf(target, depth - 1).filter(isFull);
  const subquery = inner.map((where) => ({ $in: new SubqueryOf(target, where, 'id') }));
  return fc.oneof(
    { weight: 3, arbitrary: reference },
    { weight: 3, arbitrary: inner.filter(isPlainMembers) },
    { weight: 1, arbitrary: subquery },
  );
}

/** Behind a link, junctions stand beside members. */
const isPlainMembers = (where: Conditions): boolean => Object.keys(where).every((key) => !key.startsWith('$'));

function manyCondition(property: LinksMetadata | EdgesMetadata | InverseMetadata, depth: number): Condition {
  const targets = property.kind === 'links' ? property.targets() : [property.target()];
  const ids = idsOf(targets);
  const members = fc.oneof(
    pair(['$contains', '$notContains'], ids),
    pair(['$containsAll', '$containsAny', '$containsNone'], fc.array(ids, { maxLength: 3 })),
    fc.boolean().map(($exists) => ({ $exists })),
  );
  return quantified(leafOf((targets[0] as EntityMetadata).properties, undefined, depth), members);
}

function quantified(where: Where, more: Condition): Condition {
  return fc.oneof(
    where,
    pair(['$some', '$every', '$none'], where),
    pair(['$size'], ordered(fc.integer({ min: 0, max: 3 }))),
    fc.tuple(where, fc.integer({ min: 0, max: 2 })).map(([inner, $gt]) => ({ ...inner, $size: { $gt } })),
    more,
  );
}
