import {
  AfterSave,
  BeforeSave,
  Computed,
  CreatedAt,
  Field,
  Hidden,
  Id,
  In,
  Index,
  Out,
  Relation,
  Subscriber,
  Table,
  Unique,
  UpdatedAt,
  VectorField,
  Version,
} from '../../../lib/decorators/index.js';
import { discover } from '../../../lib/metadata/index.js';
import type { EntityMetadata, FieldMetadata, IdMetadata, PropertyMetadata } from '../../../lib/metadata/index.js';
import { stagedOf } from '../../../lib/metadata/staging.js';
import { isFragment, surql } from '../../../lib/surrealql/surql.js';
import { printType, type Link, type Links, type Opt } from '../../../lib/types/index.js';
import { DateTime, Decimal, type RecordId, type Uuid } from '../../../lib/values/index.js';
import { loose } from './loose-decorators.js';

enum Level {
  Low,
  High = 5,
}

class Street {
  @Field('string') name!: string;
  @Field('int', { default: 1 }) number!: Opt<number>;
}
class Address {
  @Field(() => Street) street!: Street;
  @Field('option<string>', { name: 'zip_code' }) zip?: string;
  @Relation(() => Team, { optional: true }) home?: Link<Team>;
  @Relation(() => Team, { many: true }) visited!: Links<Team>;
  @CreatedAt() readonly since!: Date;
}

@Table({ name: 'team' })
class Team {
  @Id() id!: RecordId<'team'>;
}

abstract class Stamped {
  @CreatedAt() readonly createdAt!: Date;
  @Field('string') note!: string;
  @BeforeSave() stamp(): void {}
}

@Table({ name: 'thing', schema: 'less', changefeed: { expiry: '1d' }, permissions: 'full' })
@Index({ fields: ['address.street.name'], unique: true })
class Thing extends Stamped {
  @Id() id!: RecordId<'thing'>;
  @loose.Field('option<string>') override note: string = '';
  @Field('any') anything!: unknown;
  @Field('string | null') nullable!: string | null;
  @Field('int', { defaultAlways: 0, readonly: true, comment: 'c' }) always!: Opt<number>;
  @Field('decimal', { precision: 10, scale: 2, default: new Decimal('1.5') }) price!: Opt<Decimal>;
  @Field('datetime', { codec: DateTime }) exact!: DateTime;
  @Field('uuid', { name: 'new_name', permissions: 'none' }) token!: Opt<Uuid>;
  @Field('string', { value: surql`string::lowercase($value)`, assert: surql`$value != ''` }) lower!: string;
  @Field({ enum: Level }) level!: Level;
  @Field({ enum: Level, optional: true }) maybe?: Level;
  @Field('object', { flexible: true }) bag!: Record<string, unknown>;
  @Field(() => Address) address!: Address;
  @Field(() => [Address], { optional: true }) others?: Address[];
  @Hidden() @Unique() @Field('string') secret!: string;
  @Relation(() => Team) team!: Link<Team>;
  @Relation(() => Team, { onDelete: 'cascade', name: 'team_id', owns: true, hidden: true }) owned!: Link<Team>;
  @Relation(() => [Team, Thing], { onDelete: 'unset' }) either?: Link<Team | Thing>;
  @Relation(() => Team, { many: true, list: true, optional: true }) list?: Links<Team>;
  @Computed(surql`note ?? ''`) readonly shown!: string;
  @Computed(surql`1 + 1`, { type: 'int', stored: true, name: 'sum' }) readonly stored!: number;
  @VectorField({ dimension: 3, index: false, optional: true }) vector?: number[];
  @UpdatedAt({ precision: 'ns' }) readonly updatedAt!: Date;
  @Version() readonly version!: number;
  @BeforeSave() @AfterSave() both(): void {}
}

const registry = discover([Thing, Team]);
const thing: EntityMetadata = registry.get(Thing);
const property = (name: string): PropertyMetadata => thing.byProperty.get(name) as PropertyMetadata;
const field = (name: string): FieldMetadata => property(name) as FieldMetadata;
const type = (name: string): string => printType(field(name).type);

describe('entities', () => {
  test('what @Table says', () => {
    expect(thing).toMatchObject({
      className: 'Thing',
      table: 'thing',
      type: 'normal',
      schema: 'less',
      readOnly: false,
    });
    expect(thing.options).toMatchObject({ changefeed: { expiry: '1d' }, permissions: 'full' });
  });
  test('the base class comes first, a redeclared property in its place', () => {
    expect([...thing.byProperty.keys()].slice(0, 3)).toEqual(['createdAt', 'note', 'anything']);
    expect(type('note')).toBe('none | string');
  });
  test('hooks, those of the base first', () => {
    expect([...thing.hooks]).toEqual([
      ['beforeSave', ['stamp', 'both']],
      ['afterSave', ['both']],
    ]);
  });
  test('everything is frozen', () => {
    for (const each of [
      thing,
      thing.properties,
      thing.indexes,
      thing.options,
      thing.id,
      registry.entities,
      ...thing.properties,
    ])
      expect(Object.isFrozen(each)).toBe(true);
  });
  test('columns, not properties, name the row', () => {
    expect(thing.byColumn.get('new_name')).toBe(property('token'));
    expect(thing.byColumn.get('team_id')).toBe(property('owned'));
    expect(thing.byColumn.has('token')).toBe(false);
  });
});

describe('fields', () => {
  test('NONE and NULL as the type says', () => {
    expect(
      ['note', 'anything', 'nullable', 'always', 'maybe', 'others', 'vector'].map((name) => [
        name,
        field(name).optional,
        field(name).nullable,
      ]),
    ).toEqual([
      ['note', true, false],
      ['anything', true, true],
      ['nullable', false, true],
      ['always', false, false],
      ['maybe', true, false],
      ['others', true, false],
      ['vector', true, false],
    ]);
  });
  test('options', () => {
    expect(field('always')).toMatchObject({
      default: 0,
      defaultAlways: true,
      immutable: true,
      comment: 'c',
      serverProduced: false,
    });
    expect(field('price')).toMatchObject({ precision: 10, scale: 2, defaultAlways: false });
    expect(field('exact').codec).toBe(DateTime);
    expect(field('token')).toMatchObject({
      column: 'new_name',
      permissions: 'none',
    });
    expect(isFragment(field('lower').value) && isFragment(field('lower').assert)).toBe(true);
    expect(field('bag')).toMatchObject({ flexible: true });
    expect(field('secret')).toMatchObject({ hidden: true });
    expect('default' in field('lower')).toBe(false);
  });
  test('enums become literals; reverse names of numeric enums do not count', () => {
    expect([type('level'), type('maybe')]).toEqual(['0 | 5', 'none | 0 | 5']);
    expect(field('level').enumValues).toEqual([0, 5]);
  });
  test('embedded classes, with paths from the entity', () => {
    const address = field('address').embedded;
    expect([type('address'), type('others')]).toEqual(['object', 'none | array<object>']);
    expect(address?.fields.map((each) => [each.path, each.column, printType(each.type)])).toEqual([
      ['Thing.address.street', 'street', 'object'],
      ['Thing.address.zip', 'zip_code', 'none | string'],
      ['Thing.address.home', 'home', 'none | record<team>'],
      ['Thing.address.visited', 'visited', 'array<record<team>>'],
      ['Thing.address.since', 'since', 'datetime'],
    ]);
    const street = address?.fields[0] as FieldMetadata;
    expect(street.embedded?.target).toBe(Street);
    expect(street.embedded?.fields.map((each) => each.path)).toEqual([
      'Thing.address.street.name',
      'Thing.address.street.number',
    ]);
    expect([field('address').embeddedMany, field('others').embeddedMany]).toEqual([false, true]);
    expect(field('others').embedded?.fields[0]?.path).toBe('Thing.others.street');
  });
});

describe('what the server produces', () => {
  test('timestamps in whole milliseconds unless nanoseconds are asked for', () => {
    expect(field('createdAt')).toMatchObject({
      role: 'createdAt',
      serverProduced: true,
      immutable: true,
      defaultAlways: false,
    });
    expect(field('createdAt').default).toEqual(surql`time::floor(time::now(), 1ms)`);
    expect(field('createdAt').value).toBeUndefined();
    expect(field('updatedAt')).toMatchObject({ role: 'updatedAt', serverProduced: true, immutable: false });
    expect(field('updatedAt').value).toEqual(surql`time::now()`);
    expect(type('createdAt')).toBe('datetime');
  });
  test('the version is an int that the flush manages', () => {
    expect(field('version')).toMatchObject({ role: 'version', serverProduced: false, default: 1, column: 'version' });
    expect(thing.version).toBe(property('version'));
  });
  test('computed values', () => {
    expect(property('shown')).toMatchObject({ kind: 'computed', stored: false, column: 'shown' });
    expect(property('stored')).toMatchObject({ kind: 'computed', stored: true, column: 'sum' });
    expect([type('shown'), type('stored')]).toEqual(['any', 'int']);
  });
  test('vectors', () => {
    expect(field('vector')).toMatchObject({
      role: 'vector',
      vector: { dimension: 3, distance: 'euclidean', type: 'F32', index: false },
    });
    expect(type('vector')).toBe('none | array<float>');
    expect(thing.indexes.map((each) => [each.name, each.columns])).toEqual([
      ['address_street_name_unique', ['address.street.name']],
      ['secret_unique', ['secret']],
    ]);
  });
});

describe('relations', () => {
  test('types and options', () => {
    expect(['team', 'owned', 'either', 'list'].map((name) => [type(name), property(name)])).toEqual([
      [
        'record<team>',
        expect.objectContaining({ kind: 'link', optional: false, onDelete: 'ignore', reference: true, owns: false }),
      ],
      ['record<team>', expect.objectContaining({ column: 'team_id', onDelete: 'cascade', owns: true, hidden: true })],
      ['none | record<team | thing>', expect.objectContaining({ optional: true, onDelete: 'unset' })],
      ['none | array<record<team>>', expect.objectContaining({ kind: 'links', list: true, optional: true })],
    ]);
    const either = property('either');
    expect(either.kind === 'link' && either.targets().map((each) => each.table)).toEqual(['team', 'thing']);
  });
});

describe('ids', () => {
  test.each<[unknown[], Partial<IdMetadata>]>([
    [[], { key: 'string', generate: 'random' }],
    [['uuid'], { key: 'uuid', generate: 'uuid' }],
    [['ulid'], { key: 'ulid', generate: 'ulid' }],
    [['int'], { key: 'int', generate: 'none' }],
    [['any'], { key: 'any', generate: 'random' }],
    [['object'], { key: 'object', generate: 'none' }],
    [[['string', ['int', 'uuid']]], { key: ['string', ['int', 'uuid']], generate: 'none' }],
    [[{ generate: 'ulid' }], { key: 'ulid', generate: 'ulid' }],
    [['string', { generate: 'ulid' }], { key: 'string', generate: 'ulid' }],
    [['string', { generate: false }], { key: 'string', generate: 'none' }],
    [[{ from: 'sku' }], { key: 'string', generate: 'none', from: 'sku' }],
  ])('@Id(%j)', (options, expected) => {
    class T {
      @loose.Id(...options) id!: RecordId;
      @Field('string') sku!: string;
    }
    Table({ name: 't' })(T);
    expect(discover([T]).get(T).id).toEqual({
      property: 'id',
      from: undefined,
      ...expected,
      ...(expected.from === undefined && { from: undefined }),
    });
  });
  test('a function makes keys', () => {
    const make = (): number => 7;
    class T {
      @Id('int', { generate: make }) id!: RecordId<'t', number>;
    }
    Table({ name: 't' })(T);
    expect(discover([T]).get(T).id.generate).toBe(make);
  });
});

describe('edges and subscribers', () => {
  test('an edge between several tables', () => {
    @Table({ name: 'near', type: 'relation', in: [() => Thing, () => Team], out: () => [Team] })
    class Near {
      @Id() id!: RecordId<'near'>;
      @In() in!: Link<Thing | Team>;
      @Out() out!: Link<Team>;
    }
    const near = discover([Thing, Team, Near]).get(Near);
    expect(near.edge?.in.map((each) => each.table)).toEqual(['thing', 'team']);
    expect(near.edge?.out.map((each) => each.table)).toEqual(['team']);
    expect(near.edge?.enforced).toBe(false);
    expect(near.properties.map((each) => ('type' in each ? printType(each.type) : ''))).toEqual([
      'record<thing | team>',
      'record<team>',
    ]);
  });
  test('@Subscriber stages its entities; none means all', () => {
    @Subscriber(Thing, Team)
    class Some {}
    @Subscriber()
    class All {}
    expect(stagedOf(Some)?.subscriber).toEqual([Thing, Team]);
    expect(stagedOf(All)?.subscriber).toEqual([]);
  });
});
