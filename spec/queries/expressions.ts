import fc from 'fast-check';
import { field, fn, surql, type SurqlFragment } from '../../lib/index.js';
import type { EntityMetadata, FieldMetadata } from '../../lib/metadata/entity-metadata.js';
import { valueMembers } from '../../lib/types/admits.js';

type Expression = fc.Arbitrary<SurqlFragment<unknown>>;
const named = field as unknown as (entity: unknown, path: string) => SurqlFragment<unknown>;

/** The paths of an entity whose values are of one kind, those of embedded objects too. */
export function pathsOf(meta: EntityMetadata, ...kinds: readonly string[]): readonly string[] {
  const fits = ({ type }: Pick<FieldMetadata, 'type'>): boolean => {
    const members = valueMembers(type);
    return members.length > 0 && members.every(({ kind }) => kinds.includes(kind));
  };
  return meta.properties.flatMap((property): string[] => {
    if (property.kind === 'computed') return fits(property) ? [property.property] : [];
    if (property.kind !== 'field' || property.lazy || property.algorithm !== undefined) return [];
    if (property.embedded === undefined) return fits(property) ? [property.property] : [];
    if (property.embeddedMany) return [];
    const inner = property.embedded.fields.filter((each) => each.kind === 'field' && fits(each));
    return inner.map((each) => `${property.property}.${each.property}`);
  });
}

/** A value of the record at hand, with one to stand in where it has none. */
function valueAt(meta: EntityMetadata, paths: readonly string[], otherwise: unknown): Expression | undefined {
  if (paths.length === 0) return undefined;
  return fc.constantFrom(...paths).map((path) => surql`(${named(meta.target, path)} ?? ${otherwise})`);
}

const NUMERIC = ['int', 'float', 'number'];
const SOME = fc.integer({ min: -2, max: 9 });

/** Numbers, by functions of several families over the fields of an entity. */
export function numberOf(meta: EntityMetadata): Expression {
  const number = valueAt(meta, pathsOf(meta, ...NUMERIC), 0) ?? fc.constant(surql`1`);
  const text = textOf(meta);
  const list = valueAt(meta, pathsOf(meta, 'array'), []);
  const date = valueAt(meta, pathsOf(meta, 'datetime'), new Date(0));
  return fc.oneof(
    number,
    number.map((n) => fn.math.abs(n as never)),
    number.map((n) => fn.math.floor(n as never)),
    fc.tuple(number, SOME).map(([n, by]) => surql`${n} + ${by}`),
    fc.tuple(number, SOME).map(([n, by]) => fn.math.clamp(n as never, by, by + 3)),
    fc.tuple(number, number).map(([a, b]) => surql`math::max([${a}, ${b}])`),
    text.map((t) => fn.string.len(t as never)),
    fc.tuple(text, text).map(([a, b]) => fn.string.distance.levenshtein(a as never, b as never)),
    ...(list === undefined ? [] : [list.map((l) => fn.array.len(l as never))]),
    ...(date === undefined
      ? []
      : [date.map((at) => fn.time.second(at as never)), date.map((at) => fn.time.unix(at as never))]),
  ) as Expression;
}

export function textOf(meta: EntityMetadata): Expression {
  const text = valueAt(meta, pathsOf(meta, 'string'), '') ?? fc.constant(surql`'x'`);
  const unary = ['lowercase', 'uppercase', 'reverse', 'trim', 'slug'] as const;
  return fc.oneof(
    text,
    fc.tuple(fc.constantFrom(...unary), text).map(([name, t]) => fn.string[name](t as never)),
    fc.tuple(text, fc.nat({ max: 2 })).map(([t, n]) => fn.string.slice(t as never, 0, n)),
    fc.tuple(text, text).map(([a, b]) => fn.string.concat(a as never, '-', b as never)),
    text.map((t) => fn.string.replace(t as never, 'e', 'E')),
    text.map((t) => fn.crypto.sha256(t as never)),
  ) as Expression;
}

/** A condition written as an expression, alone and with values bound in it. */
export function predicateOf(meta: EntityMetadata): Expression {
  return fc.oneof(
    fc
      .tuple(numberOf(meta), fc.constantFrom('<', '>=', '!=', '='), SOME)
      .map(([n, operator, by]) => compared(n, operator, by)),
    fc
      .tuple(textOf(meta), fc.constantFrom('r', '', 'X'))
      .map(([text, part]) => fn.string.contains(text as never, part)),
    numberOf(meta).map((n) => fn.type.is_int(n as never)),
  ) as Expression;
}

function compared(n: SurqlFragment<unknown>, operator: string, by: number): SurqlFragment<unknown> {
  if (operator === '<') return surql`${n} < ${by}`;
  if (operator === '>=') return surql`${n} >= ${by}`;
  return operator === '=' ? surql`${n} = ${by}` : surql`${n} != ${by}`;
}

export const expressionOf = (meta: EntityMetadata): Expression =>
  fc.oneof(numberOf(meta), textOf(meta), predicateOf(meta));
