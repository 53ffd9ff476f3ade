import { valueMembers } from '../../types/admits.js';
import type { EntityMetadata, KeyType } from '../entity-metadata.js';
import type { Problems } from '../problems.js';
import type { Rule } from './rule.js';

const KEYS: readonly string[] = ['string', 'int', 'uuid', 'ulid', 'object', 'any'];
/** Which key types a generator makes. */
const MADE: Readonly<Record<string, readonly string[]>> = {
  random: ['string', 'any'],
  uuid: ['uuid', 'any'],
  ulid: ['ulid', 'string', 'any'],
};
/** Which field types a key can be taken from. */
const SOURCES: Readonly<Record<string, readonly string[]>> = {
  string: ['string', 'literal'],
  ulid: ['string'],
  int: ['int', 'literal'],
  uuid: ['uuid'],
  object: ['object', 'shape'],
};

/** An entity has one @Id, called `id`, whose key can be made or taken as it says. */
export const checkId: Rule = ({ collected, entity, problems }) => {
  const ids = collected.properties.filter((each) => each.declaration.kind === 'id');
  if (ids.length === 0)
    problems.add(collected.className, 'the entity has no @Id', `@Id() id!: RecordId<'${entity.table}'>`);
  for (const { property, path } of ids) {
    if (property !== 'id')
      problems.add(path, 'the record id is always called id', `@Id() id!: RecordId<'${entity.table}'>`);
  }
  const { key, generate } = entity.id;
  const path = `${entity.className}.id`;
  if (!isKeyType(key)) {
    problems.add(
      path,
      `${JSON.stringify(key)} is not a type of key`,
      "@Id('string' | 'int' | 'uuid' | 'ulid' | 'object' | 'any' | ['string', 'int'])",
    );
  } else if (typeof generate === 'string' && generate !== 'none' && !(MADE[generate] ?? []).includes(key as string)) {
    problems.add(
      path,
      `a ${generate} generator does not make keys of type ${JSON.stringify(key)}`,
      `@Id('${generate === 'random' ? 'string' : generate}')`,
    );
  }
  checkSource(entity, path, problems);
};

function isKeyType(key: KeyType): boolean {
  return typeof key === 'string' ? KEYS.includes(key) : Array.isArray(key) && key.length > 0 && key.every(isKeyType);
}

/** `@Id({ from: 'sku' })`. */
function checkSource({ id, byProperty }: EntityMetadata, path: string, problems: Problems): void {
  if (id.from === undefined) return;
  const source = byProperty.get(id.from);
  if (source === undefined || source.kind !== 'field') {
    problems.add(
      path,
      `the key is taken from "${id.from}", which is not a field of the class`,
      `@Id({ from: '${id.from}' }) beside @Field('string') ${id.from}`,
    );
    return;
  }
  const wanted = typeof id.key === 'string' ? SOURCES[id.key] : ['array', 'tuple'];
  // Where the field has no value a generator makes the key.
  const all = source.type.kind === 'union' ? source.type.members : [source.type];
  const kinds = (id.generate === 'none' ? all : valueMembers(source.type)).map((each) => each.kind);
  if (wanted !== undefined && !kinds.every((kind) => wanted.includes(kind))) {
    problems.add(
      path,
      `the key is taken from "${id.from}", whose type does not make a key of type ${JSON.stringify(id.key)}`,
      `@Id({ type: '…', from: '${id.from}' })`,
    );
  }
}
