import { Decimal, Duration, Field, Id, Table, Uuid, surql, type Opt, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm } from '../support/open-orm.js';

const TOKEN = '0193f0a0-0000-7000-8000-000000000000';

@Table({ name: 'fee' })
class Fee {
  @Id() id!: RecordId<'fee'>;
  @Field('decimal', { default: 0 }) amount!: Opt<Decimal>;
  @Field('decimal', { default: '1.10' }) rate!: Opt<Decimal>;
  @Field('option<decimal>', { default: 0.1 }) part?: Decimal;
  @Field('array<decimal>', { default: ['2.50', 3] as never }) steps!: Opt<Decimal[]>;
  @Field('duration', { default: '1h30m' }) after!: Opt<Duration>;
  @Field('uuid', { default: TOKEN }) token!: Opt<Uuid>;
  @Field('string | decimal', { default: '1.10' }) either!: Opt<string> | Opt<Decimal>;
}

describe.each(backends)('defaults in the forms that create takes, on $name', (backend) => {
  it('are values of the field, on the instance and in the database', async () => {
    const { orm, sent, clear, close } = await openOrm(backend, { entities: [Fee] });
    expect((await orm.schema.plan()).isEmpty).toBe(true);
    const em = orm.em.fork();
    const fee = em.create(Fee, {});
    await em.flush();
    const wanted = {
      amount: new Decimal(0),
      rate: new Decimal('1.10'),
      part: new Decimal('0.1'),
      steps: [new Decimal('2.50'), new Decimal(3)],
      after: Duration.parse('1h30m'),
      token: Uuid.parse(TOKEN),
      either: '1.10',
    };
    expect(fee).toMatchObject(wanted);
    expect(await orm.em.fork().findOneOrFail(Fee, fee.id)).toMatchObject(wanted);
    const [exact] = await em.query<[boolean[]]>(
      surql`SELECT VALUE type::is_decimal(amount) AND type::is_decimal(rate) AND part = 0.1dec FROM ${Fee}`,
    );
    expect(exact).toEqual([true]);
    clear();
    await em.flush();
    expect(sent()).toEqual([]);
    await close();
  });
});
