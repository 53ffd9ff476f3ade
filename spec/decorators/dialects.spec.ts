import type { EntityClass, EntityMetadata, MetadataRegistry } from '../../lib/metadata/index.js';
import { discover } from '../../lib/metadata/index.js';
import { stagedOf } from '../../lib/metadata/staging.js';
import { printType } from '../../lib/types/index.js';
import { COMPILERS, run, type Compiler } from './compilers.js';

interface Fixture {
  readonly entities: readonly EntityClass[];
  readonly subscriber: EntityClass;
}

/** Everything that metadata says, as plain data: functions answered, maps and types written out. */
function describeRegistry(registry: MetadataRegistry): unknown {
  return registry.entities.map((entity) => describeValue(entity, new Set()));
}

function describeValue(value: unknown, above: ReadonlySet<unknown>): unknown {
  if (typeof value === 'function') {
    return /^class\b/.test(Function.prototype.toString.call(value))
      ? `class ${value.name}`
      : describeReference((value as () => unknown)());
  }
  if (typeof value !== 'object' || value === null) return value;
  if (above.has(value)) return '(above)';
  if (value instanceof Map) return [...value.keys()];
  const within = new Set([...above, value]);
  if (Array.isArray(value))
    return value.map((each) => (isEntity(each) ? `entity ${each.table}` : describeValue(each, within)));
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === 'type' && typeof member === 'object' ? printType(member as never) : describeValue(member, within),
    ]),
  );
}

function describeReference(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(describeReference);
  if (typeof value === 'function') return `class ${value.name}`;
  if (isEntity(value)) return `entity ${value.table}`;
  return typeof value === 'object' && value !== null && 'path' in value ? `property ${String(value.path)}` : value;
}

function isEntity(value: unknown): value is EntityMetadata {
  return typeof value === 'object' && value !== null && 'byProperty' in value;
}

const described = (compiler: Compiler): unknown =>
  describeRegistry(discover(run<Fixture>(compiler, 'entities').entities));

describe('one implementation of the decorators', () => {
  const reference = described(COMPILERS[0] as Compiler) as readonly Record<string, unknown>[];

  test('the reference says what was declared', () => {
    expect(reference.map((each) => [each['table'], each['type'], each['byProperty']])).toEqual([
      [
        'user',
        'normal',
        [
          'createdAt',
          'updatedAt',
          'deletedAt',
          'owner',
          'name',
          'bio',
          'age',
          'email',
          'role',
          'active',
          'address',
          'others',
          'code',
          'status',
          'team',
          'friends',
          'following',
          'shout',
          'embedding',
          'secret',
          'version',
        ],
      ],
      ['team', 'normal', ['createdAt', 'updatedAt', 'deletedAt', 'owner', 'name', 'members']],
      ['follows', 'relation', ['in', 'out', 'since']],
      ['ages', 'view', ['n', 'age']],
    ]);
    expect(reference[0]).toMatchObject({
      id: { key: 'ulid', generate: 'ulid' },
      hooks: ['beforeSave', 'beforeCreate', 'afterSave', 'onLoad'],
      indexes: [
        { name: 'createdAt_index', columns: ['createdAt'] },
        { name: 'address_zip_code_age_index', columns: ['address.zip_code', 'age'] },
        { name: 'email_unique', unique: true },
        { name: 'name_fulltext', fulltext: { analyzer: 'english', bm25: true } },
        { name: 'bio_fulltext' },
        { name: 'code_unique', unique: true },
        { name: 'embedding_hnsw', vector: { dimension: 3, distance: 'cosine' } },
      ],
      softDelete: { column: 'deletedAt', optional: true },
      filters: [
        { name: 'softDelete', default: true },
        { name: 'recent', default: false },
      ],
      events: [{ name: 'first' }, { name: 'second' }],
      analyzers: [{ name: 'english' }],
    });
  });

  test.each(COMPILERS.slice(1).map((each) => [each.name, each] as const))(
    '%s gives the same metadata',
    (_name, compiler) => {
      expect(described(compiler)).toEqual(reference);
    },
  );

  test.each(COMPILERS.map((each) => [each.name, each] as const))(
    '%s: hooks of the base come first, an overridden one runs once',
    (_name, compiler) => {
      const [user] = discover(run<Fixture>(compiler, 'entities').entities).entities;
      expect(user?.hooks.get('beforeSave')).toEqual(['check', 'audit']);
    },
  );

  test.each(COMPILERS.map((each) => [each.name, each] as const))(
    '%s: a subscriber and a base class keep what is theirs',
    (_name, compiler) => {
      const { entities, subscriber } = run<Fixture>(compiler, 'entities');
      expect(stagedOf(subscriber)?.subscriber).toEqual([entities[0], entities[1]]);
      expect(stagedOf(entities[1] as EntityClass)?.declarations.map((each) => each.property)).toEqual([
        'name',
        'members',
      ]);
    },
  );

  test.each(COMPILERS.map((each) => [each.name, each] as const))(
    '%s: decorating leaves instances plain',
    (_name, compiler) => {
      const [User] = run<{ readonly entities: readonly (new () => object)[] }>(compiler, 'entities').entities;
      const user = new (User as new () => Record<string, unknown>)();
      expect(user['bio']).toBe('');
      expect(Object.getOwnPropertySymbols(user)).toEqual([]);
    },
  );
});

describe('types taken from the compiler', () => {
  test.each(COMPILERS.filter((each) => each.emitsTypes).map((each) => [each.name, each] as const))(
    '%s emits them',
    (_name, compiler) => {
      const [entity] = discover(run<Fixture>(compiler, 'guessed').entities).entities;
      expect(entity?.properties.map((each) => ('type' in each ? printType(each.type) : ''))).toEqual([
        'string',
        'number',
        'bool',
        'datetime',
      ]);
    },
  );

  test.each(COMPILERS.filter((each) => !each.emitsTypes).map((each) => [each.name, each] as const))(
    '%s does not: all properties are reported at once',
    (_name, compiler) => {
      expect(() => discover(run<Fixture>(compiler, 'guessed').entities)).toThrow(
        /^4 problems in the entity classes\n {2}- Guessed\.text: .*\n {4}write: @Field\('string'\) text\n/,
      );
    },
  );
});
