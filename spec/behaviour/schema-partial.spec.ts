import { Field, Id, Index, SoftDelete, Table } from '../../lib/decorators/index.js';
import { Reverie } from '../../lib/orm.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Opt } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { harmful, kinds, SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'booking' })
@Index({ name: 'one_open', fields: ['room'], unique: true, where: { state: 'open' } })
@Index({ name: 'one_guest', fields: ['guest', 'night'], unique: true, nullsDistinct: false })
class Booking {
  @Id() id!: RecordId<'booking'>;
  @Field('string') room!: string;
  @Field('string') state!: string;
  @Field('option<string>') guest?: string;
  @Field('option<int>') night?: number;
  @Field('int', { default: 0 }) n!: Opt<number>;
}

@Table({ name: 'seat' })
@Index({ name: 'one_open', fields: ['room'], unique: true, where: { state: 'open' } })
@Index({ name: 'one_guest', fields: ['room', 'guest'], unique: true, nullsDistinct: false })
@Index({ name: 'both', fields: ['guest'], unique: true, where: { state: 'open' }, nullsDistinct: false })
class Seat {
  @Id() id!: RecordId<'seat'>;
  @Field('string') room!: string;
  @Field('string') state!: string;
  @Field('option<string>') guest?: string;
  @SoftDelete() @Field('option<datetime>', { name: 'deleted at' }) deletedAt?: Date;
}

describe('unique indexes over a part of the records', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  it('hold within the condition and nowhere else, whatever becomes of a record', async () => {
    await bench.sync('safe', Booking);
    const run = (text: string): Promise<unknown> => bench.run(text);
    await run(`CREATE booking:1 SET room = 'a', state = 'open', guest = 'x', night = 1`);
    await run(`CREATE booking:2 SET room = 'a', state = 'done', guest = 'x', night = 2`);
    await run(`CREATE booking:3 SET room = 'a', state = 'done', guest = 'x', night = 3`);
    await expect(run(`CREATE booking:4 SET room = 'a', state = 'open', guest = 'x', night = 4`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
      index: 'one_open',
    });
    await expect(run(`UPDATE booking:2 SET state = 'open'`)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    await run(`UPDATE booking:1 SET state = 'done'; UPDATE booking:2 SET state = 'open'`);
    await expect(run(`UPDATE booking:1 SET state = 'open'`)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
  });

  it('count a missing value as one value where nulls are not distinct', async () => {
    await bench.sync('safe', Booking);
    const run = (text: string): Promise<unknown> => bench.run(text);
    await run(`CREATE booking:1 SET room = 'a', state = 'done', guest = 'x'`);
    await run(`CREATE booking:2 SET room = 'a', state = 'done'`);
    await run(`CREATE booking:3 SET room = 'a', state = 'done', guest = 'y'`);
    await expect(run(`CREATE booking:4 SET room = 'a', state = 'done', guest = 'x'`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
      index: 'one_guest',
    });
    await expect(run(`CREATE booking:5 SET room = 'a', state = 'done'`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
    });
  });

  it('are refused over records that break them, counted by what the records will hold', async () => {
    @Table({ name: 'booking' })
    class Plain {
      @Id() id!: RecordId<'booking'>;
      @Field('string') room!: string;
      @Field('string') state!: string;
    }
    @Table({ name: 'booking' })
    @Index({ name: 'one_open', fields: ['room'], unique: true, where: surql`state = 'open'` })
    class Next extends Plain {}
    @Table({ name: 'booking' })
    @Index({ name: 'one_open', fields: ['room'], unique: true, where: surql`state != 'done'` })
    class Other extends Plain {}
    await bench.sync('safe', Plain);
    await bench.run(
      `CREATE booking:1 SET room = 'a', state = 'open'; CREATE booking:2 SET room = 'a', state = 'open'; CREATE booking:3 SET room = 'a', state = 'done'; CREATE booking:4 SET room = 'b', state = 'open'`,
    );
    expect(harmful(await bench.refused(Next))).toEqual(['createIndex narrowing 2']);
    await bench.run(`UPDATE booking:2 SET state = 'done'`);
    await bench.sync('safe', Next);
    await expect(bench.run(`UPDATE booking:3 SET state = 'open'`)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    const applied = await bench.sync('safe', Other);
    expect(kinds(applied)).toEqual(['backfill', 'alterField']);
    await expect(bench.run(`UPDATE booking:3 SET state = 'maybe'`)).rejects.toMatchObject({
      code: 'UNIQUE_CONSTRAINT',
    });
    expect(kinds(await bench.sync('safe', Plain))).toEqual(['removeIndex', 'removeField']);
    await bench.run(`UPDATE booking SET state = 'open'`);
  });

  it('with soft delete, count live records only, beside their own condition', async () => {
    await bench.sync('safe', Seat);
    expect((await bench.sync('safe', Seat)).steps).toEqual([]);
    const run = (text: string): Promise<unknown> => bench.run(text);
    const taken = (index: string) => ({ code: 'UNIQUE_CONSTRAINT', index });
    await run(`CREATE seat:1 SET room = 'a', state = 'open', guest = 'x'`);
    await expect(run(`CREATE seat:2 SET room = 'a', state = 'open', guest = 'y'`)).rejects.toMatchObject(
      taken('one_open'),
    );
    await expect(run(`CREATE seat:2 SET room = 'b', state = 'open', guest = 'x'`)).rejects.toMatchObject(taken('both'));
    await run(`UPDATE seat:1 SET \`deleted at\` = time::now()`);
    await run(`CREATE seat:2 SET room = 'a', state = 'open', guest = 'x'`);
    await expect(run(`UPDATE seat:1 UNSET \`deleted at\``)).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    await run(`CREATE seat:3 SET room = 'c', state = 'done'`);
    await expect(run(`CREATE seat:4 SET room = 'c', state = 'done'`)).rejects.toMatchObject(taken('one_guest'));
    await run(`UPDATE seat:3 SET \`deleted at\` = time::now(); CREATE seat:4 SET room = 'c', state = 'done'`);
  });

  it('do not show on entities, and do not make them dirty', async () => {
    const orm = await Reverie.init({ url: 'mem://', namespace: 'a', database: 'a', entities: [Booking] });
    const em = orm.em.fork();
    em.create(Booking, { room: 'a', state: 'open', guest: 'g', night: 1 });
    await em.flush();
    const other = orm.em.fork();
    const [found] = await other.find(Booking);
    expect(Object.keys(found as object).filter((key) => key.startsWith('~'))).toEqual([]);
    const before = await orm.driver.query('SELECT * FROM booking');
    await other.flush();
    expect(await orm.driver.query('SELECT * FROM booking')).toEqual(before);
    (found as Booking).state = 'done';
    await other.flush();
    expect(await orm.em.fork().find(Booking, { state: 'done' })).toHaveLength(1);
    await orm.close();
  });
});
