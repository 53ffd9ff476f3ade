import {
  and,
  array,
  binary,
  call,
  closure,
  not,
  or,
  param,
  path,
  pathOf,
  value,
  type Expression,
  type PathPart,
} from '../surrealql/nodes/expressions.js';
import { elementType } from './element-type.js';
import type { ScalarKind, SurrealType } from '../types/surreal-type.js';

/**
 * A condition that holds where the server would take the value for the type on a write, coercion included. Undefined where
 * every value does. A condition never fails on a value of another kind: each test looks at the kind first. `inside` says that
 * the value stands in an object or list whose type is written out, to which no definition reaches.
 */
export function conforms(subject: Expression, type: SurrealType, depth = 0, inside = false): Expression | undefined {
  switch (type.kind) {
    case 'any':
      return undefined;
    case 'union':
      return unionConforms(subject, type, depth, inside);
    case 'record':
      return type.tables.length === 0
        ? kindIs(subject, ['record'])
        : and([kindIs(subject, ['record']), binary(call('record::tb', subject), 'IN', texts(type.tables))]);
    case 'geometry':
      return type.shapes.length === 0
        ? call('string::starts_with', call('type::of', subject), value('geometry'))
        : kindIs(
            subject,
            type.shapes.map((shape) => `geometry<${shape}>`),
          );
    case 'table':
      return kindIs(subject, ['table', 'string']);
    case 'file':
      return kindIs(subject, ['file']);
    case 'array':
    case 'set':
      return listConforms(subject, type, depth, inside);
    case 'tuple':
      return tupleConforms(subject, type.items, depth);
    case 'shape':
      return shapeConforms(subject, type.fields, depth);
    case 'literal':
      return binary(subject, '=', value(type.value));
    default:
      return scalarConforms(subject, type.kind);
  }
}

/** The kind that the server says a value has: `int`, `geometry<point>`, `none`. */
export function kindIs(subject: Expression, kinds: readonly string[]): Expression {
  return binary(call('type::of', subject), 'IN', texts(kinds));
}

/** One of the elements of an array fulfils the condition. */
export function someElement(
  list: Expression,
  depth: number,
  condition: (element: Expression) => Expression,
): Expression {
  const name = `e${depth}`;
  return call('array::any', list, closure([name], condition(param(name))));
}

const texts = (names: readonly string[]): Expression => array(names.map(value));

function anyOf(conditions: readonly (Expression | undefined)[]): Expression | undefined {
  const given = conditions.filter((each): each is Expression => each !== undefined);
  return given.length < conditions.length ? undefined : or(given);
}

const MIN_INT = value(-(2 ** 63));
const MAX_INT = value(2 ** 63);
const MAX_DECIMAL = value(7.9e28);
const MIN_DECIMAL = value(-7.9e28);

function scalarConforms(subject: Expression, kind: ScalarKind): Expression {
  switch (kind) {
    case 'number':
    case 'float':
      return kindIs(subject, ['int', 'float', 'decimal']);
    case 'int':
      return or([kindIs(subject, ['int']), and([kindIs(subject, ['float', 'decimal']), isWhole(subject)])]);
    case 'decimal':
      return or([
        kindIs(subject, ['int', 'decimal']),
        and([kindIs(subject, ['float']), binary(subject, '<', MAX_DECIMAL), binary(subject, '>', MIN_DECIMAL)]),
      ]);
    default:
      return kindIs(subject, [kind]);
  }
}

function isWhole(subject: Expression): Expression {
  return and([
    binary(subject, '=', call('math::floor', subject)),
    binary(subject, '<', MAX_INT),
    binary(subject, '>', MIN_INT),
  ]);
}

function listConforms(
  subject: Expression,
  type: SurrealType & { readonly kind: 'array' | 'set' },
  depth: number,
  inside: boolean,
): Expression {
  // The number in array<T, N> is the exact length.
  const sized = type.max === undefined ? [] : [binary(call(`${type.kind}::len`, subject), '=', value(type.max))];
  const elements = call('type::array', subject);
  return and([kindIs(subject, [type.kind]), ...sized, ...allConform(elements, type.items, depth, inside)]);
}

/** The parser takes 20 levels of brackets: what lies deeper than this is taken for a misfit rather than left unlooked at. */
const MAX_DEPTH = 3;

function allConform(elements: Expression, type: SurrealType, depth: number, inside: boolean): readonly Expression[] {
  if (type.kind === 'any') return [];
  if (depth >= MAX_DEPTH) return [binary(call('array::len', elements), '=', value(0))];
  const name = `e${depth}`;
  const fits = conforms(param(name), type, depth + 1, inside);
  return fits === undefined ? [] : [call('array::all', elements, closure([name], fits))];
}

/**
 * One of the members. Where a union admits lists and other things with parts, the server holds the parts of each of them
 * against the types of all elements too, because it defines the elements as `.*`, which reaches them all.
 */
function unionConforms(
  subject: Expression,
  type: SurrealType & { readonly kind: 'union' },
  depth: number,
  inside: boolean,
): Expression | undefined {
  const items =
    inside || type.members.filter((member) => WITH_PARTS.has(member.kind)).length < 2 ? undefined : elementType(type);
  const fits = anyOf(type.members.map((member) => conforms(subject, member, depth, inside || items !== undefined)));
  if (fits === undefined || items === undefined) return fits;
  return and([
    fits,
    ...partsConform(subject, ['object'], call('object::values', subject), items, depth),
    ...partsConform(subject, ['array', 'set'], call('type::array', subject), items, depth),
  ]);
}

const WITH_PARTS: ReadonlySet<SurrealType['kind']> = new Set(['array', 'set', 'tuple', 'shape', 'object']);

function partsConform(
  subject: Expression,
  kinds: readonly string[],
  parts: Expression,
  items: SurrealType,
  depth: number,
): readonly Expression[] {
  const conform = allConform(parts, items, depth, false);
  return conform.length === 0 ? [] : [or([not(kindIs(subject, kinds)), ...conform])];
}

function tupleConforms(subject: Expression, items: readonly SurrealType[], depth: number): Expression {
  const parts = items.flatMap((item, index) => orNothing(conforms(below(subject, index), item, depth, true)));
  return and([kindIs(subject, ['array']), binary(call('array::len', subject), '=', value(items.length)), ...parts]);
}

function shapeConforms(subject: Expression, fields: Readonly<Record<string, SurrealType>>, depth: number): Expression {
  const parts = Object.entries(fields).flatMap(([name, type]) =>
    orNothing(conforms(below(subject, name), type, depth, true)),
  );
  return and([kindIs(subject, ['object']), not(hasOtherKeys(subject, Object.keys(fields))), ...parts]);
}

/** An object with keys beside the given ones. */
export function hasOtherKeys(subject: Expression, keys: readonly string[]): Expression {
  const others = call('array::complement', call('object::keys', subject), texts(keys));
  return binary(call('array::len', others), '>', value(0));
}

const orNothing = (condition: Expression | undefined): readonly Expression[] =>
  condition === undefined ? [] : [condition];

/** A member of a value: paths are lengthened rather than nested. */
export function below(subject: Expression, part: PathPart): Expression {
  if (subject.kind !== 'Path') return pathOf(subject, part);
  return subject.base === undefined ? path(...subject.parts, part) : pathOf(subject.base, ...subject.parts, part);
}
