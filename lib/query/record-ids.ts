import type { ValidationError } from '../errors/index.js';
import type { EntityMetadata, KeyType } from '../metadata/entity-metadata.js';
import { isPlain, RecordId, toRecordId, Uuid, type RecordKey } from '../values/index.js';
import { describe, refused } from './query-errors.js';
import type { QueryContext } from './query-context.js';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/i;

/**
 * The record id that `input` names: a RecordId, an entity or link, `'user:abc'` with the entity's own table before the
 * colon, or a key. The declared key type decides how text is read.
 *
 * ```ts
 * toId(userMeta, 'abc', context);        // user:abc
 * toId(userMeta, 'user:abc', context);   // user:abc
 * toId(userMeta, 'team:abc', context);   // throws
 * ```
 * @param place the property that was given the id, for messages
 * @throws ValidationError for an id of another table and for what is no key of this entity; never a silent miss.
 */
export function toId(meta: EntityMetadata, input: unknown, context?: QueryContext, place?: string): RecordId {
  const id = toRecordId(input);
  if (id !== undefined) return ownTable(meta, id, place);
  if (typeof input === 'object' && input !== null && !isKeyObject(input)) throw noId(meta, input, place);
  return new RecordId(meta.table, keyOf(meta, input, context, place));
}

/** A key taken as it is: text is the key itself, whatever stands before a colon. */
export function keyToId(meta: EntityMetadata, key: unknown): RecordId {
  const read = readKey(meta.id.key, key);
  if (read === undefined) throw wrongKey(meta, key);
  return new RecordId(meta.table, read);
}

function ownTable(meta: EntityMetadata, id: RecordId, place?: string): RecordId {
  if (id.table === meta.table) return id;
  throw refused({
    path: place ?? `${meta.className}.id`,
    what: `${at(place)}${String(id)} is no id of ${meta.className}`,
    why: `${meta.className} lives in table ${meta.table}, the id is one of ${id.table}`,
    rule: 'table',
  });
}

function isKeyObject(input: object): boolean {
  return Array.isArray(input) || Uuid.is(input) || isPlain(input);
}

function keyOf(meta: EntityMetadata, input: unknown, context?: QueryContext, place?: string): RecordKey {
  const text = typeof input === 'string' ? splitText(meta, input, context, place) : undefined;
  const key = text === undefined ? readKey(meta.id.key, input) : readPrefixed(meta, text);
  if (key === undefined) throw wrongKey(meta, input, place);
  return key;
}

/** The table before the colon of a text, and how long it is with that; undefined for a text without a colon. */
export function tableInText(text: string): { readonly table: string; readonly length: number } | undefined {
  const parsed = /^(?:`((?:[^`\\]|\\.)*)`|([^:`]*)):/s.exec(text);
  if (parsed === null) return undefined;
  const table = parsed[2] === undefined ? (parsed[1] as string).replace(/\\(.)/gs, '$1') : parsed[2];
  return { table, length: parsed[0].length };
}

/** What stands behind the table of a text such as `user:abc`; undefined for text that is a key by itself. */
function splitText(meta: EntityMetadata, text: string, context?: QueryContext, place?: string): string | undefined {
  const prefix = tableInText(text);
  if (prefix === undefined) return undefined;
  const { table, length } = prefix;
  if (table === meta.table) return text.slice(length);
  const other = context?.registry.byTable(table);
  if (other === undefined) return undefined;
  throw refused({
    path: place ?? `${meta.className}.id`,
    what: `${at(place)}${describe(text)} is no id of ${meta.className}`,
    why: `${table} is the table of ${other.className}`,
    fix: [
      `give an id of ${meta.table}`,
      `if this text is itself the key, say so: em.id(${meta.className}, ${describe(text)})`,
    ],
    rule: 'table',
  });
}

/** The key in `user:abc`. Text keys are read as text even where SurrealQL would see a number. */
function readPrefixed(meta: EntityMetadata, text: string): RecordKey | undefined {
  if (/^[A-Za-z0-9_]+$/.test(text)) return readKey(meta.id.key, text);
  const key = parseKey(meta, text);
  return key === undefined ? undefined : readKey(meta.id.key, key);
}

function parseKey(meta: EntityMetadata, text: string): unknown {
  try {
    return RecordId.parse(`_:${text}`).key;
  } catch {
    // What SurrealQL could not read may still be a key that needs no quotes here, such as a bare uuid.
    return meta.id.key === 'uuid' || meta.id.key === 'int' ? text : undefined;
  }
}

/** The input as a key of the declared type; undefined when it is none. */
function readKey(type: KeyType, input: unknown): RecordKey | undefined {
  if (typeof type !== 'string') return readList(type, input);
  switch (type) {
    case 'string':
      return typeof input === 'string' ? input : undefined;
    case 'ulid':
      return typeof input === 'string' && ULID.test(input) ? input : undefined;
    case 'int':
      return readInt(input);
    case 'uuid':
      return readUuid(input);
    case 'object':
      return typeof input === 'object' && input !== null && !Array.isArray(input) && isPlain(input)
        ? (input as RecordKey)
        : undefined;
    case 'any':
      return readAny(input);
  }
}

function readInt(input: unknown): RecordKey | undefined {
  if (typeof input === 'bigint') return BigInt.asIntN(64, input) === input ? input : undefined;
  if (typeof input === 'number') return Number.isSafeInteger(input) ? input : undefined;
  if (typeof input !== 'string' || !/^-?\d{1,19}$/.test(input)) return undefined;
  const number = Number(input);
  return Number.isSafeInteger(number) ? number : readInt(BigInt(input));
}

function readUuid(input: unknown): RecordKey | undefined {
  if (Uuid.is(input)) return input;
  if (typeof input !== 'string' || !/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(input)) return undefined;
  return Uuid.parse(input);
}

/** Any key SurrealDB takes; the constructor of RecordId refuses the rest. */
function readAny(input: unknown): RecordKey | undefined {
  return input === undefined || input === null || typeof input === 'boolean' ? undefined : (input as RecordKey);
}

function readList(types: readonly KeyType[], input: unknown): RecordKey | undefined {
  if (!Array.isArray(input) || input.length !== types.length) return undefined;
  const parts = types.map((type, index) =>
    type === 'any' ? (input as unknown[])[index] : readKey(type, (input as unknown[])[index]),
  );
  return parts.includes(undefined) ? undefined : parts;
}

function printKeyType(type: KeyType): string {
  return typeof type === 'string' ? type : `[${type.map(printKeyType).join(', ')}]`;
}

const SAMPLE_KEYS: Readonly<Partial<Record<string, string>>> = {
  int: '1',
  uuid: '01890a5d-ac96-774b-bcce-b302099a8057',
  ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
};

function sampleId(meta: EntityMetadata): string {
  const { key } = meta.id;
  return `${meta.table}:${(typeof key === 'string' ? SAMPLE_KEYS[key] : undefined) ?? 'key'}`;
}

function wrongKey(meta: EntityMetadata, input: unknown, place?: string): ValidationError {
  const wanted = printKeyType(meta.id.key);
  return refused({
    path: place ?? `${meta.className}.id`,
    what: `${at(place)}${describe(input)} is no id of ${meta.className}`,
    why: `its keys are of type ${wanted}`,
    fix: [`give a key of type ${wanted}, or text such as '${sampleId(meta)}'`, `declare another key type: @Id('any')`],
    rule: 'key',
  });
}

function noId(meta: EntityMetadata, input: object, place?: string): ValidationError {
  return refused({
    path: place ?? `${meta.className}.id`,
    what: `${at(place)}${describe(input)} stands where an id of ${meta.className} is needed`,
    why: 'it has no id: it is new, or no entity at all',
    fix: 'flush the new entity first, or give its id',
    rule: 'key',
  });
}

function at(place: string | undefined): string {
  return place === undefined ? '' : `${place}: `;
}
