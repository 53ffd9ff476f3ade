import {
  CreatedAt,
  Encrypted,
  Field,
  Id,
  Index,
  SoftDelete,
  Table,
  Unique,
  UpdatedAt,
  Version,
} from '../../lib/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { WriteOnly } from '../../lib/types/index.js';
import type { Decimal, RecordId } from '../../lib/values/index.js';
import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';
import { KITCHEN } from '../support/schema-entities.js';

enum Level {
  Low,
  High,
}

@Table({ name: 'account' })
@Index({ fields: ['email'], unique: true })
@Index({ name: 'one_open', fields: ['kind'], unique: true, where: { level: Level.High } })
@Index({ name: 'either', fields: ['kind'], unique: true, where: surql`level = 0 OR kind = 'x'` })
@Index({ name: 'no_gaps', fields: ['kind', 'nick'], unique: true, nullsDistinct: false })
class Account {
  @Id() id!: RecordId<'account'>;
  @Field('string') email!: string;
  @Field('string') @Unique() kind!: string;
  @Field('option<string>') nick?: string;
  @Encrypted('argon2') password!: WriteOnly<string>;
  @Encrypted('bcrypt', { optional: true, name: 'old_password' }) oldPassword?: WriteOnly<string>;
  @Field({ enum: Level }) level!: Level;
  @Field({ type: 'string', enum: ['x', 'y'] }) step!: string;
  @Field('option<string>', { enum: ['a', "it's"], permissions: 'none' }) odd?: string;
  @Field('option<decimal>', { precision: 6, scale: 1 }) price?: Decimal;
  @Field('decimal', { scale: 2 }) rate!: Decimal;
  @Field('decimal', { precision: 4 }) whole!: Decimal;
  @SoftDelete({ name: 'gone at' }) goneAt?: Date;
  @CreatedAt({ precision: 'ns' }) readonly made!: Date;
  @UpdatedAt({ name: 'touched_at', comment: 'by the server' }) readonly touchedAt!: Date;
  @Version({ type: 'datetime' }) readonly version!: Date;
}

@Table({ name: 'note' })
class Note {
  @Id('int') id!: RecordId<'note', number>;
  @Version() readonly version!: number;
  @SoftDelete() deletedAt?: Date;
  @Field('bool', { default: false }) done!: boolean;
  @Field('string', { default: 'new' }) state!: string;
}

describe("Reverie's own declarations come back from a database", () => {
  let bench: SchemaBench;
  let generated: GeneratedFiles | undefined;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(async () => {
    generated?.remove();
    await bench.close();
  });

  const generate = async () => {
    const { files, remainder } = await bench.manager().introspect();
    generated = new GeneratedFiles(files);
    const found = generated;
    const sourceOf = (table: string) => files.find(({ name }) => name === `${table}.entity.ts`)?.source ?? '';
    return { remainder, found, sourceOf };
  };

  it('as the decorators that say them, which compile in both dialects and sync to an empty plan', async () => {
    await bench.sync('safe', ...KITCHEN, Account, Note);
    await bench.run('CREATE note:1 SET done = true; CREATE note:2');
    const { remainder, found, sourceOf } = await generate();
    expect(remainder).toEqual([]);
    expect((await bench.manager(...found.load()).plan()).steps).toEqual([]);
    for (const dialect of ['legacy', 'standard'] as const) expect(found.errors(dialect)).toEqual([]);

    const account = sourceOf('account');
    for (const line of [
      `@Index({ name: 'email_unique', fields: ['email'], unique: true })`,
      `@Index({ name: 'one_open', fields: ['kind'], unique: true, where: surql\`level = 1\` })`,
      `@Index({ name: 'no_gaps', fields: ['kind', 'nick'], unique: true, nullsDistinct: false })`,
      `@Encrypted('argon2')\n  password!: WriteOnly<string>;`,
      `@Encrypted('bcrypt', { optional: true })\n  old_password?: WriteOnly<string>;`,
      `@Field('0 | 1')\n  level!: 0 | 1;`,
      `@Field({ type: 'string', enum: ['x', 'y'] })\n  step!: 'x' | 'y';`,
      `@Field('option<decimal>', { precision: 6, scale: 1 })\n  price?: Decimal;`,
      `@Field('decimal', { scale: 2 })\n  rate!: Decimal;`,
      `@Field('decimal', { precision: 4 })\n  whole!: Decimal;`,
      `@SoftDelete({ name: 'gone at' })\n  goneAt?: Date;`,
      `@CreatedAt({ precision: 'ns' })\n  readonly made!: Date;`,
      `@UpdatedAt({ comment: 'by the server' })\n  readonly touched_at!: Date;`,
      `@Version({ type: 'datetime' })\n  readonly version!: Date;`,
    ])
      expect(account).toContain(line);
    expect(account).not.toContain('~unique');

    const note = sourceOf('note');
    for (const line of [
      `@Id('int') id!: RecordId<'note', number>;`,
      `@Version()\n  readonly version!: number;`,
      `@SoftDelete()\n  deletedAt?: Date;`,
      `@Field('bool', { default: false })\n  done!: Opt<boolean>;`,
      `@Field('string', { default: 'new' })\n  state!: Opt<string>;`,
    ])
      expect(note).toContain(line);

    const kitchen = sourceOf('kitchen');
    for (const line of [
      `@Index({ name: 'one_per_role', fields: ['role'], unique: true, where: surql\`active = true\` })`,
      `@Index({ name: 'nick_once', fields: ['nick'], unique: true, nullsDistinct: false })`,
      `@Field('decimal', { precision: 10, scale: 2 })\n  balance!: Decimal;`,
      `@Computed(surql\`age * 2\`, { type: 'int', stored: true })\n  readonly twice!: number;`,
      `@CreatedAt()\n  readonly createdAt!: Date;`,
      `@UpdatedAt()\n  readonly updatedAt!: Date;`,
      `@Field(() => KitchenAddress)\n  address!: KitchenAddress;`,
    ])
      expect(kitchen).toContain(line);
  }, 180_000);

  it('a unique index that counts deleted records too tells that there is no soft delete', async () => {
    await bench.run(`DEFINE TABLE t SCHEMAFULL; DEFINE FIELD deletedAt ON t TYPE option<datetime>;
      DEFINE FIELD n ON t TYPE int; DEFINE INDEX n_unique ON t FIELDS n UNIQUE`);
    const { found, sourceOf } = await generate();
    expect(sourceOf('t')).toContain(`@Field('option<datetime>')\n  deletedAt?: Date;`);
    expect((await bench.manager(...found.load()).plan()).steps).toEqual([]);
  });

  it.each([
    ['ulid', ['01HZX3Z6J9Q6T6F4Q9K7V8W2AB'], `@Id('ulid') id!: RecordId<'t'>;`],
    ['text', ['01HZX3Z6J9Q6T6F4Q9K7V8W2AB', 'ann'], `@Id() id!: RecordId<'t'>;`],
    ['uuid', [`u'018a6680-bef9-701b-9025-e1754f296a0f'`], `@Id('uuid') id!: RecordId<'t', Uuid>;`],
    ['lists', [`['a', 1]`, `['b', 2]`], `@Id(['string', 'int']) id!: RecordId<'t', [string, number]>;`],
    ['objects', ['{ a: 1 }'], `@Id('object') id!: RecordId<'t'>;`],
    ['several kinds', ['1', 'ann'], `@Id('any') id!: RecordId<'t'>;`],
  ])('keys that are %s', async (_kind, keys, line) => {
    const literal = (key: string) => (/^\w{3,}$/.test(key) ? `'${key}'` : key);
    await bench.run(
      `DEFINE TABLE t SCHEMALESS; ${keys.map((key) => `CREATE type::record('t', ${literal(key)})`).join('; ')}`,
    );
    const { found, sourceOf } = await generate();
    expect(sourceOf('t')).toContain(line);
    expect((await bench.manager(...found.load()).plan()).steps).toEqual([]);
  });
});
