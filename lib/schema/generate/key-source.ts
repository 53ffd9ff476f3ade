import { kindOf } from '../../values/kind.js';
import type { RecordId } from '../../values/index.js';
import { quoted, type Source } from './source.js';

/** `@Id` of a table and the type of its property. */
export interface KeySource {
  /** As TypeScript; undefined for text, which needs no word. */
  readonly declared: string | undefined;
  /** What stands behind the name of the table in `RecordId<…>`. */
  readonly type: string;
}

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;

/** By the definition of `id` where there is one, else by ids of records: all alike, or of any kind. */
export function keySource(kind: string | undefined, ids: readonly unknown[], source: Source): KeySource {
  if (kind !== undefined) return written(DEFINED.has(kind) ? (kind as Word) : 'any', source);
  const [first, ...more] = ids.map((id) => wordOf((id as RecordId).key));
  if (first === undefined) return written('string', source);
  const all = [first, ...more].map((word) => JSON.stringify(word));
  const same = all.every((word) => word === all[0]);
  const isText = [first, ...more].every((word) => word === 'string' || word === 'ulid');
  return written(same ? first : isText ? 'string' : 'any', source);
}

type Word = 'string' | 'ulid' | 'int' | 'uuid' | 'object' | 'any';
type Key = Word | readonly Word[];

const DEFINED: ReadonlySet<string> = new Set(['string', 'int', 'uuid', 'object']);

function wordOf(key: unknown): Key {
  if (!Array.isArray(key)) return simpleWord(key);
  const words = key.map(simpleWord).map((word) => (word === 'ulid' ? 'string' : word));
  return words.length > 0 && words.every((word) => TYPES[word] !== undefined) ? words : 'any';
}

function simpleWord(key: unknown): Word {
  if (typeof key === 'string') return ULID.test(key) ? 'ulid' : 'string';
  if (typeof key === 'number' || typeof key === 'bigint') return 'int';
  if (kindOf(key) === 'Uuid') return 'uuid';
  return typeof key === 'object' && key !== null && kindOf(key) === undefined && !Array.isArray(key) ? 'object' : 'any';
}

const TYPES: Readonly<Partial<Record<Word, string>>> = { string: 'string', int: 'number', uuid: 'Uuid' };

function written(key: Key, source: Source): KeySource {
  const typeOf = (word: Word): string => (word === 'uuid' ? source.useType('Uuid') : (TYPES[word] as string));
  if (typeof key !== 'string') {
    return { declared: `[${key.map(quoted).join(', ')}]`, type: `, [${key.map(typeOf).join(', ')}]` };
  }
  const isTyped = key === 'int' || key === 'uuid';
  return { declared: key === 'string' ? undefined : quoted(key), type: isTyped ? `, ${typeOf(key)}` : '' };
}
