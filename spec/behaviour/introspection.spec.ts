import { objectsOf } from '../../lib/functions/objects-of.js';
import { discover } from '../../lib/metadata/index.js';
import { SchemaManager } from '../../lib/schema/index.js';
import { GeneratedFiles } from '../support/generated.js';
import { SchemaBench } from '../support/schema-bench.js';
import { KITCHEN } from '../support/schema-entities.js';

const SHOP = `
DEFINE ANALYZER words TOKENIZERS blank, class FILTERS lowercase, snowball(english);
DEFINE TABLE users SCHEMAFULL CHANGEFEED 1d INCLUDE ORIGINAL COMMENT "people's table"
  PERMISSIONS FOR select WHERE id = $auth, FOR create FULL;
DEFINE FIELD name ON users TYPE string ASSERT $value != '' PERMISSIONS FOR select FULL, FOR update NONE;
DEFINE FIELD email ON users TYPE option<string> COMMENT 'with \`ticks\`, \${holes} and \\\\ slashes';
DEFINE FIELD address ON users TYPE option<object>;
DEFINE FIELD address.city ON users TYPE string;
DEFINE FIELD address.geo ON users TYPE object DEFAULT {};
DEFINE FIELD address.geo.at ON users TYPE option<geometry<point>>;
DEFINE FIELD items ON users TYPE array<object>;
DEFINE FIELD items.*.n ON users TYPE int DEFAULT 1;
DEFINE FIELD extra ON users TYPE object FLEXIBLE DEFAULT {};
DEFINE FIELD team ON users TYPE option<record<team>> REFERENCE ON DELETE UNSET;
DEFINE FIELD teams ON users TYPE array<record<team>> REFERENCE;
DEFINE FIELD boss ON users TYPE record<users | team> REFERENCE ON DELETE CASCADE;
DEFINE FIELD plain ON users TYPE option<record<team>>;
DEFINE FIELD kind ON users TYPE 'a' | 'b' DEFAULT 'a';
DEFINE FIELD many ON users TYPE option<array<decimal | duration>>;
DEFINE FIELD unique_tags ON users TYPE set<string>;
DEFINE FIELD loc ON users TYPE geometry<point | polygon>;
DEFINE FIELD pair ON users TYPE [string, int];
DEFINE FIELD maybe ON users TYPE string | null;
DEFINE FIELD u ON users TYPE uuid DEFAULT rand::uuid() READONLY;
DEFINE FIELD at ON users TYPE datetime VALUE time::now();
DEFINE FIELD v ON users TYPE array<float>;
DEFINE FIELD full_name ON users TYPE string COMPUTED string::uppercase(name);
DEFINE FIELD \`first name\` ON users TYPE option<string>;
DEFINE INDEX h ON users FIELDS v HNSW DIMENSION 3 DIST COSINE TYPE F32 EFC 100 M 8;
DEFINE INDEX ft ON users FIELDS name FULLTEXT ANALYZER words BM25(1.2, 0.75) HIGHLIGHTS;
DEFINE INDEX by_city ON users FIELDS address.city, \`first name\`;
DEFINE INDEX one ON users FIELDS email UNIQUE;
DEFINE INDEX c ON users COUNT;
DEFINE EVENT noted ON users ASYNC RETRY 2 WHEN $event = 'CREATE' THEN { CREATE team SET label = 'x' };
DEFINE EVENT twice ON users THEN ({ CREATE team SET label = 'y' }), ({ CREATE team SET label = 'z' });
DEFINE TABLE team TYPE ANY SCHEMALESS;
DEFINE FIELD label ON team TYPE string;
DEFINE TABLE likes TYPE RELATION IN users OUT team | users ENFORCED SCHEMAFULL;
DEFINE FIELD weight ON likes TYPE float DEFAULT 1;
DEFINE TABLE stats AS SELECT count() AS n, kind FROM users GROUP BY kind;
DEFINE TABLE date SCHEMAFULL DROP;`;

describe('schema.introspect', () => {
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
    const result = await bench.manager().introspect();
    generated = new GeneratedFiles(result.files);
    return { ...result, generated };
  };

  it('an empty database has no classes', async () => {
    expect(await bench.manager().introspect()).toEqual({ files: [], remainder: [] });
  });

  it('writes classes that compile under strict and sync to an empty plan', async () => {
    await bench.run(SHOP);
    const { files, remainder, generated: found } = await generate();
    expect(files.map(({ name }) => name)).toEqual([
      'date.entity.ts',
      'likes.entity.ts',
      'stats.entity.ts',
      'team.entity.ts',
      'users.entity.ts',
    ]);
    expect(remainder).toEqual([]);
    const plan = await bench.manager(...found.load()).plan();
    expect(plan.steps).toEqual([]);
    const users = files.find(({ name }) => name === 'users.entity.ts')?.source ?? '';
    for (const line of [
      `export class User {`,
      `@Id() id!: RecordId<'users'>;`,
      `@Relation(() => Team, { optional: true, onDelete: 'unset' })\n  team?: Link<Team>;`,
      `@Relation(() => Team, { many: true })\n  teams!: Links<Team>;`,
      `@Relation(() => [User, Team], { onDelete: 'cascade' })`,
      `@Field(() => UserAddress, { optional: true })\n  address?: UserAddress;`,
      `@Field(() => [UserItems])\n  items!: UserItems[];`,
      `@VectorField({ dimension: 3, distance: 'cosine', type: 'F32', efc: 100, m: 8, indexName: 'h' })`,
      `@Field('option<string>', { name: 'first name' })\n  firstName?: string;`,
      `@Index({ name: 'by_city', fields: ['address.city', 'firstName'] })`,
    ])
      expect(users).toContain(line);
    expect(found.errors()).toEqual([]);
  }, 180_000);

  it('every declaration of the decorators comes back', async () => {
    await bench.sync('safe', ...KITCHEN);
    const { generated: found } = await generate();
    expect((await bench.manager(...found.load()).plan()).steps).toEqual([]);
  });

  it('functions, parameters, sequences and accesses come back too', async () => {
    await bench.run(`DEFINE TABLE user SCHEMAFULL; DEFINE FIELD name ON user TYPE string;
      DEFINE ACCESS people ON DATABASE TYPE RECORD SIGNUP (CREATE user SET name = $name)
        SIGNIN (SELECT * FROM user WHERE name = $name) WITH REFRESH AUTHENTICATE { IF $auth.x { THROW 'no' } }
        DURATION FOR GRANT 30d, FOR TOKEN 15m, FOR SESSION 12h;
      DEFINE ACCESS tokens ON DATABASE TYPE JWT URL 'https://example.com/jwks' DURATION FOR TOKEN 2h;
      DEFINE ACCESS keys ON DATABASE TYPE BEARER FOR RECORD DURATION FOR GRANT 10d;
      DEFINE ACCESS shared ON DATABASE TYPE JWT ALGORITHM HS512 KEY 'k';
      DEFINE FUNCTION fn::billing::gross($net: decimal, $rate: option<decimal>) -> decimal {
        LET $used = $rate ?? 0.19dec; RETURN $net * (1 + $used) } COMMENT "it's gross" PERMISSIONS NONE;
      DEFINE FUNCTION fn::delete() { RETURN \`x\` } PERMISSIONS WHERE $auth.ok;
      DEFINE PARAM $limits VALUE { low: 1, high: 2.5, 'a key': ['x', true], rate: 1.50dec, every: 1h30m, boss: user:⟨a b⟩ };
      DEFINE PARAM $whole VALUE 5f;
      DEFINE SEQUENCE numbers BATCH 5 START 10 TIMEOUT 5s; DEFINE SEQUENCE plain;
      DEFINE USER someone ON DATABASE PASSWORD 'x' ROLES VIEWER`);
    const { files, remainder, generated: found } = await generate();
    expect(files.map(({ name }) => name)).toEqual(['user.entity.ts', 'database.ts']);
    expect(remainder).toEqual([
      'user: access shared: its key is withheld by the server',
      'param whole',
      'DEFINE USER someone ON DATABASE ROLES VIEWER DURATION FOR TOKEN 1h, FOR SESSION NONE',
    ]);
    const objects = objectsOf(found.definitions());
    expect(objects).toHaveLength(5);
    const manager = new SchemaManager(bench.db, discover(found.load()).entities, { objects });
    expect((await manager.plan()).steps).toEqual([]);
    expect(found.errors()).toEqual([]);
  }, 180_000);

  it('lists what no decorator says', async () => {
    await bench.run(`DEFINE TABLE t SCHEMAFULL; DEFINE FIELD a ON t TYPE array<string>; DEFINE FIELD OVERWRITE a.* ON t TYPE string ASSERT $value != '';
      DEFINE PARAM $p VALUE 1f; DEFINE TABLE reverie_migration; DEFINE TABLE reverie_lease`);
    const { files, remainder } = await generate();
    expect(files).toHaveLength(1);
    expect(remainder).toEqual(['t: field a.*: string', 'param p']);
    expect(files[0]?.source).toContain('// Not said by decorators:\n//   field a.*: string\n');
  });
});
