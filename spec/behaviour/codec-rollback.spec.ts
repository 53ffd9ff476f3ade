import 'reflect-metadata';
import { Field, Id, Table, surql, type EntityManager, type RecordId } from '../../lib/index.js';
import type { FieldCodec } from '../../lib/metadata/entity-metadata.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

/** All of it is private: there is nothing that a copy of its members would take along. */
class Money {
  #cents: number;
  constructor(cents: number) {
    this.#cents = cents;
  }
  get cents(): number {
    return this.#cents;
  }
  add(cents: number): void {
    this.#cents += cents;
  }
}

/** Some of it is private. */
class Basket {
  #sealed = false;
  constructor(readonly fruits: string[]) {}
  seal(): this {
    this.#sealed = true;
    return this;
  }
  get isSealed(): boolean {
    return this.#sealed;
  }
}

const money: FieldCodec<number, Money> = { decode: (cents) => new Money(cents), encode: ({ cents }) => cents };
const basket: FieldCodec<string[], Basket> = {
  decode: ([sealed, ...fruits]) => (sealed === 'yes' ? new Basket(fruits).seal() : new Basket(fruits)),
  encode: ({ fruits, isSealed }) => [isSealed ? 'yes' : 'no', ...fruits],
};
/** Gives back what it is given. */
const same: FieldCodec<number[], number[]> = { decode: (list) => list, encode: (list) => list };

class Price {
  @Field('int', { codec: money }) net!: Money;
  @Field('string') currency!: string;
}

@Table({ name: 'stall' })
class Stall {
  @Id() id!: RecordId<'stall'>;
  @Field('int', { codec: money }) till!: Money;
  @Field('array<string>', { codec: basket }) basket!: Basket;
  @Field('array<int>', { codec: same }) numbers!: number[];
  @Field(() => Price) price!: Price;
  @Field(() => [Price]) prices!: Price[];
  @Field('int', { assert: surql`$value >= 0` }) rank!: number;
}

describe.each(backends)('values of codecs, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let stall: Stall;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Stall] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    await setup.query(surql`DELETE stall`);
    const price = (cents: number) => Object.assign(new Price(), { net: new Money(cents), currency: 'EUR' });
    setup.create(Stall, {
      id: 's',
      till: new Money(5),
      basket: new Basket(['fig']).seal(),
      numbers: [1],
      price: price(10),
      prices: [price(20)],
      rank: 0,
    });
    await setup.flush();
    em = test.orm.em.fork();
    stall = await em.findOneOrFail(Stall, 's');
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const shown = ({ till, basket: { fruits, isSealed }, numbers, price, prices, rank }: Stall) => ({
    till: till.cents,
    fruits,
    isSealed,
    numbers,
    price: price.net.cents,
    prices: prices.map(({ net }) => net.cents),
    rank,
  });
  const BEFORE = { till: 5, fruits: ['fig'], isSealed: true, numbers: [1], price: 10, prices: [20], rank: 0 };
  const AFTER = { till: 6, fruits: ['fig', 'pear'], isSealed: true, numbers: [1, 2], price: 11, prices: [21], rank: 0 };
  const stored = async () => shown(await test.orm.em.fork().findOneOrFail(Stall, 's'));

  function mutate(one: Stall): void {
    one.till.add(1);
    one.basket.fruits.push('pear');
    one.numbers.push(2);
    one.price.net.add(1);
    one.prices[0]?.net.add(1);
  }

  it('are compared by what they are stored as, mutated in place', async () => {
    expect(shown(stall)).toEqual(BEFORE);
    mutate(stall);
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    expect([shown(stall), await stored()]).toEqual([AFTER, AFTER]);
  });

  it.each([['deferred'], ['interactive']] as const)('are put back when a %s transaction fails', async (mode) => {
    if (mode === 'interactive' && !backend.stateful) return;
    const failing = em.transaction(
      async (tx) => {
        tx.merge(stall);
        mutate(stall);
        await tx.flush();
        throw new Error('changed my mind');
      },
      { mode },
    );
    await expect(failing).rejects.toThrow('changed my mind');
    expect([shown(stall), await stored()]).toEqual([BEFORE, BEFORE]);
    mutate(stall);
    await em.flush();
    expect(await stored()).toEqual(AFTER);
  });

  it('are put back by a nested block that fails, and by a flush that the database refuses', async () => {
    await em.transaction(async (tx) => {
      const mine = await tx.findOneOrFail(Stall, 's');
      const nested = tx.transaction(
        () => {
          mutate(mine);
          return Promise.reject(new Error('changed my mind'));
        },
        { propagation: 'NESTED' },
      );
      await expect(nested).rejects.toThrow('changed my mind');
      expect(shown(mine)).toEqual(BEFORE);
    });
    mutate(stall);
    stall.rank = -1;
    await expect(em.flush()).rejects.toThrow('Stall.rank');
    expect(shown(stall)).toEqual({ ...AFTER, rank: -1 });
    stall.rank = 0;
    await em.flush();
    expect(await stored()).toEqual(AFTER);
  });
});
