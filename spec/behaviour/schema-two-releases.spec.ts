import { Field, Id, Relation, Table } from '../../lib/decorators/index.js';
import { Reverie, type EntityClass } from '../../lib/index.js';
import { startServer } from '../../lib/server/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links } from '../../lib/types/index.js';
import { RecordId } from '../../lib/values/index.js';
import { GUESTS, STAYS, VISITORS } from '../support/renamed-entities.js';
import { SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'user' })
class First {
  @Id('int') id!: RecordId<'user', number>;
  @Field('option<string>') nick?: string;
}
@Table({ name: 'user' })
class Second {
  @Id('int') id!: RecordId<'user', number>;
  @Field('option<string>', { renamedFrom: 'nick' }) name?: string;
}
@Table({ name: 'person', renamedFrom: 'user' })
class Third {
  @Id('int') id!: RecordId<'person', number>;
  @Field('option<string>', { renamedFrom: 'nick' }) name?: string;
}

@Table({ name: 'post' })
class Post {
  @Id('int') id!: RecordId<'post', number>;
  @Field('record') about!: RecordId;
  @Field('any') extra: unknown;
}
@Table({ name: 'post' })
class PersonPost {
  @Id('int') id!: RecordId<'post', number>;
  @Relation(() => Third, { onDelete: 'reject' }) about!: Link<Third>;
  @Relation(() => Third, { optional: true }) extra?: Link<Third>;
}

@Table({ name: 'note' })
class Note {
  @Id('int') id!: RecordId<'note', number>;
  @Relation(() => First) to!: Link<First>;
  @Relation(() => First, { many: true }) readers!: Links<First>;
}
@Table({ name: 'note' })
class PersonNote {
  @Id('int') id!: RecordId<'note', number>;
  @Relation(() => Third) to!: Link<Third>;
  @Relation(() => Third, { many: true }) readers!: Links<Third>;
}

describe('two releases at once', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.sync('safe', First);
  });
  afterEach(() => bench.close());

  it('what the last one writes under the old name of a column is counted when the column goes', async () => {
    await bench.sync('safe', Second);
    await bench.run(`CREATE user:1 SET nick = 'Ann'; CREATE user:2 SET name = 'Bob', nick = 'B'; CREATE user:3`);
    const contract = bench.manager(Second).sync({ contract: true });
    await expect(contract).rejects.toMatchObject({
      code: 'SCHEMA_DRIFT',
      message: expect.stringContaining('1 record'),
    });
    expect(await bench.run('SELECT VALUE nick FROM user')).toEqual(['Ann', 'B', undefined]);
    await bench.run('UPDATE user SET name = nick WHERE name = NONE');
    await bench.manager(Second).sync({ contract: true });
    expect(await bench.run('SELECT VALUE name FROM user')).toEqual(['Ann', 'Bob', undefined]);
  });

  it('a table that is renamed takes over what still stands under the old name of a column', async () => {
    await bench.sync('safe', Second);
    await bench.run(`CREATE user:1 SET nick = 'Ann'; CREATE user:2 SET name = 'Bob', nick = 'B'; CREATE user:3`);
    await bench.manager(Third).sync({ contract: true });
    const person = (key: number) => new RecordId('person', key);
    expect(await bench.run('SELECT * FROM person')).toEqual([
      { id: person(1), name: 'Ann' },
      { id: person(2), name: 'Bob' },
      { id: person(3) },
    ]);
    await bench.manager(Third).verify();
  });

  it('links in columns that took any record are led back where the new table goes again', async () => {
    await bench.sync('safe', First, Post);
    await bench.run(
      'CREATE user:1; CREATE post:1 SET about = user:1, extra = user:1; CREATE post:2 SET about = user:1',
    );
    const before = await bench.describe();
    const { parts } = await bench.manager(Third, PersonPost).script();
    for (const { up } of parts) await bench.run(`BEGIN; ${up.join(';\n')}; COMMIT`);
    expect(await bench.run('SELECT VALUE about FROM post')).toEqual(Array(2).fill(new RecordId('person', 1)));
    for (const { down } of [...parts].reverse()) await bench.run(`BEGIN; ${down.join(';\n')}; COMMIT`);
    expect(await bench.describe()).toEqual(before);
  });
});

it('both releases read lists of links that the other one has written', async () => {
  const server = await startServer({ url: 'mem://', user: 'root', pass: 'root' });
  try {
    await readEachOther(server.wsUrl);
  } finally {
    await server.close();
  }
});

async function readEachOther(url: string): Promise<void> {
  const open = (...entities: EntityClass[]) =>
    Reverie.init({
      url,
      auth: { username: 'root', password: 'root' },
      namespace: 'app',
      database: 'app',
      entities,
      sync: 'safe',
    });
  const last = await open(First, Note);
  await last.em.fork().query(surql`CREATE user:1; CREATE note:1 SET to = user:1, readers = [user:1]`);
  const next = await open(Third, PersonNote);
  await last.em.fork().query(surql`CREATE note:2 SET to = user:1, readers = [user:1, person:1]`);
  const readers = async (orm: Reverie, note: EntityClass<Note | PersonNote>): Promise<readonly string[][]> => {
    const em = orm.em.fork();
    const notes = await em.find(note, {}, { orderBy: { id: 'asc' }, fetch: { readers: true } });
    await em.flush();
    return notes.map((each) => [...each.readers].map(({ id }) => String(id)));
  };
  const both = [['person:1'], ['user:1', 'person:1']];
  expect(await readers(next, PersonNote)).toEqual(both);
  expect(await readers(last, Note)).toEqual(both);
  await last.close();
  await next.close();
}

it('any number of processes take the old table away, one does', async () => {
  const bench = await SchemaBench.open();
  await bench.sync('safe', ...VISITORS);
  await bench.run(STAYS);
  for (const contracts of [
    [false, true, true, false, true],
    [true, true, true, true],
  ])
    await Promise.all(contracts.map((contract) => bench.manager(...GUESTS).sync({ contract })));
  expect(await bench.run('RETURN count(SELECT * FROM guest)')).toBe(200);
  expect(await bench.run('RETURN count(SELECT * FROM stay WHERE record::exists(of))')).toBe(200);
  expect((await bench.manager(...GUESTS).plan({ contract: true })).steps).toEqual([]);
  await bench.close();
});
