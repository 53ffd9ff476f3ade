import { ValidationError } from '../errors/index.js';
import {
  BoundExcluded,
  BoundIncluded,
  bytesOf,
  DateTime,
  Decimal,
  Duration,
  FileRef,
  Float,
  geometryFrom,
  kindOf,
  Range,
  RecordId,
  RecordIdRange,
  Table,
  Uuid,
  type Bound,
  type GeoJson,
  type Geometry,
  type RecordKey,
} from '../values/index.js';

/**
 * Any value of SurrealDB as JSON that keeps its type. What JSON has words for is plain; anything else is an object with one
 * member whose name starts with `$`, and an object that has such a name itself stands in `$object`.
 *
 * ```ts
 * toTypedJson({ at: new DateTime('2024-01-01T00:00:00.000000001Z'), n: 1 });
 * // { at: { $datetime: '2024-01-01T00:00:00.000000001Z' }, n: 1 }
 * ```
 */
export function toTypedJson(value: unknown): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { $float: numberText(value) };
    case 'bigint':
      return { $int: String(value) };
    case 'object':
      return value === null ? null : fromObject(value);
    default:
      return { $none: true };
  }
}

const numberText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function fromObject(value: object): unknown {
  if (Array.isArray(value)) return value.map(toTypedJson);
  if (value instanceof Set) return { $set: [...(value as ReadonlySet<unknown>)].map(toTypedJson) };
  const kind = kindOf(value);
  if (kind === undefined) {
    const bytes = bytesOf(value);
    return bytes === undefined ? members(value) : { $bytes: toBase64(bytes) };
  }
  switch (kind) {
    case 'RecordId':
      return { $record: recordOf(value as RecordId) };
    case 'RecordIdRange': {
      const { table, begin, end } = value as RecordIdRange;
      return { $recordRange: { table, ...bounds(begin, end) } };
    }
    case 'Range':
      return { $range: bounds((value as Range).begin, (value as Range).end) };
    case 'Float':
      return { $float: numberText((value as Float).value) };
    case 'DateTime':
      return { $datetime: (value as DateTime).toISOString() };
    case 'Decimal':
      return { $decimal: (value as Decimal).toFixed() };
    case 'NONE':
      return { $none: true };
    case 'Uuid':
    case 'Duration':
      return { [`$${kind.toLowerCase()}`]: String(value) };
    case 'FileRef':
      return { $file: { bucket: (value as FileRef).bucket, key: (value as FileRef).key } };
    case 'Table':
      return { $table: (value as Table).name };
    default:
      return { $geometry: (value as Geometry).toJSON() };
  }
}

function members(value: object): unknown {
  const entries = Object.entries(value);
  const plain = Object.fromEntries(entries.map(([name, member]) => [name, toTypedJson(member)]));
  return entries.some(([name]) => name.startsWith('$')) ? { $object: plain } : plain;
}

/** Text where the text is the whole key, else table and key. */
function recordOf({ table, key }: RecordId): unknown {
  return typeof key === 'object' || typeof key === 'bigint' ? [table, toTypedJson(key)] : [table, key];
}

function bounds(begin: Bound, end: Bound): Readonly<Record<string, unknown>> {
  return { ...bound('from', 'after', begin), ...bound('to', 'before', end) };
}

function bound(included: string, excluded: string, given: Bound): Readonly<Record<string, unknown>> {
  if (given === undefined) return {};
  return { [kindOf(given) === 'BoundExcluded' ? excluded : included]: toTypedJson(given.value) };
}

/**
 * The value that `toTypedJson` made this of.
 *
 * @throws ValidationError for a `$` word that is not known, and for what its value cannot be
 */
export function fromTypedJson(json: unknown): unknown {
  if (typeof json !== 'object' || json === null) return json;
  if (Array.isArray(json)) return json.map(fromTypedJson);
  const names = Object.keys(json);
  const [first] = names;
  if (first !== undefined && names.length === 1 && first.startsWith('$')) return typed(first, (json as Members)[first]);
  return fromMembers(json);
}

type Members = Readonly<Record<string, unknown>>;

function fromMembers(json: object): unknown {
  return Object.fromEntries(Object.entries(json).map(([name, member]) => [name, fromTypedJson(member)]));
}

const READERS: Readonly<Record<string, (content: unknown) => unknown>> = {
  $none: () => undefined,
  $int: (content) => BigInt(content as string),
  $float: floatOf,
  $decimal: (content) => new Decimal(content as string),
  $datetime: (content) => DateTime.parse(content as string),
  $duration: (content) => Duration.parse(content as string),
  $uuid: (content) => Uuid.parse(content as string),
  $bytes: (content) => fromBase64(content as string),
  $record: (content) =>
    typeof content === 'string'
      ? RecordId.parse(content)
      : new RecordId((content as readonly [string])[0], fromTypedJson((content as readonly unknown[])[1]) as RecordKey),
  $recordRange: (content) => {
    const { table } = content as { readonly table: string };
    const [begin, end] = boundsIn(content as Members);
    return new RecordIdRange(table, begin as Bound<RecordKey>, end as Bound<RecordKey>);
  },
  $range: (content) => new Range(...boundsIn(content as Members)),
  $set: (content) => new Set((content as readonly unknown[]).map(fromTypedJson)),
  $geometry: (content) => geometryFrom(content as GeoJson),
  $file: (content) => new FileRef((content as FileRef).bucket, (content as FileRef).key),
  $table: (content) => new Table(content as string),
  $object: (content) => fromMembers(content as object),
};

function typed(word: string, content: unknown): unknown {
  const read = READERS[word];
  if (read === undefined) {
    throw new ValidationError({
      what: `${word} is no type of a value`,
      why: `there are ${Object.keys(READERS).join(', ')}`,
      fix: 'an object with such a name of its own stands in { "$object": { … } }',
    });
  }
  try {
    return read(content);
  } catch (cause) {
    throw new ValidationError({
      what: `${JSON.stringify(content)} is no ${word.slice(1)}`,
      why: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  }
}

/** `1.5` is a float as it is; a whole one has to be said. */
function floatOf(content: unknown): unknown {
  const value = content === '' || content === null ? NaN : Number(content);
  if (Number.isNaN(value) && content !== 'NaN') throw new Error('it is no number');
  return Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float(value) : value;
}

function boundsIn(content: Members): [Bound, Bound] {
  return [boundIn(content, 'from', 'after'), boundIn(content, 'to', 'before')];
}

function boundIn(content: Members, included: string, excluded: string): Bound {
  if (included in content) return new BoundIncluded(fromTypedJson(content[included]));
  return excluded in content ? new BoundExcluded(fromTypedJson(content[excluded])) : undefined;
}

/** In pieces: a function takes only so many arguments. */
function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}
