import type { SurrealType } from '../../types/surreal-type.js';
import { valueMembers } from '../../types/admits.js';
import { Decimal, equals } from '../../values/index.js';
import { everyField } from '../every-field.js';
import type { FieldCodec, FieldMetadata } from '../entity-metadata.js';
import type { Rule } from './rule.js';

/**
 * A codec gives back what it wrote: one that does not would show a change in every entity that was only read. It is tried
 * on its own results for a few plain values; those that it does not take tell nothing.
 */
export const checkCodecs: Rule = ({ entity, problems }) => {
  for (const field of everyField(entity.properties)) {
    const { codec, path } = field;
    if (codec === undefined) continue;
    if (typeof codec.encode !== 'function' || typeof codec.decode !== 'function') {
      problems.add(path, 'a codec has encode and decode', '{ codec: { encode: (value) => …, decode: (stored) => … } }');
    } else if (samplesOf(field).some((sample) => isUnstable(codec, sample))) {
      problems.add(
        path,
        'the codec is not stable: what it has written it reads and writes as something else',
        '{ codec: { encode, decode, equals: (a, b) => … } }, or let encode and decode undo each other',
      );
    }
  }
};

function isUnstable(codec: FieldCodec, sample: unknown): boolean {
  try {
    const written = codec.encode(codec.decode(sample));
    const first = codec.decode(written);
    const second = codec.decode(codec.encode(first));
    return codec.equals === undefined ? !equals(codec.encode(first), written) : !codec.equals(first, second);
  } catch {
    return false;
  }
}

const SAMPLES: Readonly<Partial<Record<SurrealType['kind'], readonly unknown[]>>> = {
  string: ['a', '1', '2024-01-01T00:00:00.000Z', '{"a":1}'],
  int: [1, 20],
  float: [1.5],
  number: [1.5],
  decimal: [new Decimal('1.5')],
  bool: [true, false],
  datetime: [new Date(1_700_000_000_000)],
  object: [{ a: 1 }],
  array: [['a'], [1]],
  bytes: [new Uint8Array([1, 2])],
};

function samplesOf({ type }: FieldMetadata): readonly unknown[] {
  return valueMembers(type).flatMap(({ kind }) => SAMPLES[kind] ?? []);
}
