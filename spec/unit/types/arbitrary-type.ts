import fc from 'fast-check';
import { unionOf, type ScalarKind, type SurrealType } from '../../../lib/types/index.js';

const SCALARS: readonly ScalarKind[] = [
  'bool',
  'bytes',
  'datetime',
  'decimal',
  'duration',
  'float',
  'int',
  'number',
  'object',
  'string',
  'uuid',
  'regex',
  'range',
  'function',
];

/** Any type that SurrealDB 3.0.2 takes, with hostile names and texts. */
export function arbitraryType(): fc.Arbitrary<SurrealType> {
  const text = fc.string({ unit: 'binary', maxLength: 6 });
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 5, unit: 'binary' }),
    fc.constantFrom('user', 'NaN', 'a-b', 'select'),
  );
  // Between 2^50 and 2^51 a fraction may lie halfway between two texts of it, of which the server takes the other one.
  const fraction = fc.double({ noNaN: true, noDefaultInfinity: true, noInteger: true, min: -(2 ** 50), max: 2 ** 50 });
  const { type } = fc.letrec<{ type: SurrealType; single: SurrealType }>((tie) => ({
    type: fc.oneof(
      { depthSize: 'small' },
      tie('single'),
      fc.array(tie('single'), { minLength: 2, maxLength: 3 }).map((members) => unionOf(members)),
      fc.constant<SurrealType>({ kind: 'any' }),
    ),
    single: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...SCALARS).map((kind): SurrealType => ({ kind })),
      fc.array(name, { maxLength: 2 }).map((tables): SurrealType => ({ kind: 'record', tables })),
      fc
        .subarray(['point', 'line', 'polygon', 'collection'] as const)
        .map((shapes): SurrealType => ({ kind: 'geometry', shapes })),
      fc
        .oneof(text, fc.boolean(), fc.maxSafeInteger(), fraction)
        .map((value): SurrealType => ({ kind: 'literal', value })),
      fc.record({ kind: fc.constantFrom('array' as const, 'set' as const), items: tie('type') }),
      fc
        .record({ items: tie('type'), max: fc.nat() })
        .map(({ items, max }): SurrealType => ({ kind: 'array', items, max })),
      fc.array(tie('type'), { maxLength: 2 }).map((items): SurrealType => ({ kind: 'tuple', items })),
      fc
        .dictionary(text, tie('type'), { maxKeys: 2, noNullPrototype: true })
        .map((fields): SurrealType => ({ kind: 'shape', fields })),
    ),
  }));
  return type;
}
