import {
  Field,
  Id,
  Table,
  Uuid,
  ValidationError,
  defineTable,
  surql,
  type EntityManager,
  type Opt,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

let made = 0;

@Table({ name: 'ticket' })
class Ticket {
  @Id() id!: RecordId<'ticket'>;
  @Field('string') title!: string;
  @Field('uuid', { generate: 'uuid', unique: true }) token!: Opt<Uuid>;
  @Field('string', { generate: 'ulid', readonly: true }) code!: Opt<string>;
  @Field('int', { generate: () => ++made }) number!: Opt<number>;
}

/** The key is the sku; where nobody gives one it is made. */
@Table({ name: 'product' })
class Product {
  @Id({ generate: 'ulid', from: 'sku' }) id!: RecordId<'product', string>;
  @Field('option<string>') sku?: string;
}

/** A made value is a key too. */
class Invoice {
  id!: RecordId<'invoice', string>;
  number!: Opt<string>;
}
defineTable({
  class: Invoice,
  name: 'invoice',
  properties: {
    id: Id({ type: 'string', from: 'number' }),
    number: Field('string', { generate: () => `R-${++made}` }),
  },
});

@Table({ name: 'wrong' })
class Wrong {
  @Id() id!: RecordId<'wrong'>;
  @Field('int', { generate: () => 'text' }) number!: Opt<number>;
}

describe.each(backends)('generated values on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Ticket, Product, Invoice, Wrong] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE ticket; DELETE product; DELETE invoice; DELETE wrong`);
    made = 0;
    em = test.orm.em.fork();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const stored = async (table: string) => {
    const [rows] = await test.orm.em
      .fork()
      .query<[Record<string, unknown>[]]>(surql`SELECT * FROM ${surql.id(table)} ORDER BY id`);
    return rows;
  };

  it('they are there when the entity is made, written with it, and never made again', async () => {
    const ticket = em.create(Ticket, { title: 'a' });
    const { token, code } = ticket;
    expect(token).toBeInstanceOf(Uuid);
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/i);
    expect(ticket.number).toBe(1);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ticket.id} CONTENT { code: '${code}', number: 1, title: 'a', token: u'${token}' } RETURN NONE`,
    ]);
    expect(await stored('ticket')).toMatchObject([{ title: 'a', code, number: 1 }]);
    test.clear();
    ticket.title = 'b';
    await em.flush();
    expect(test.written()).toEqual([`UPDATE ONLY ${ticket.id} SET title = 'b' RETURN VALUE id`]);
    const again = await test.orm.em.fork().findOneOrFail(Ticket, ticket.id);
    expect(String(again.token)).toBe(String(token));
    expect(again).toMatchObject({ title: 'b', code, number: 1 });
    expect(made).toBe(1);
  });

  it('what is given stays', async () => {
    const token = Uuid.v7();
    const ticket = em.create(Ticket, { title: 'a', token, code: 'mine', number: 0 });
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ticket.id} CONTENT { code: 'mine', number: 0, title: 'a', token: u'${token}' } RETURN NONE`,
    ]);
    expect(String(ticket.token)).toBe(String(token));
    expect(await stored('ticket')).toMatchObject([{ code: 'mine', number: 0 }]);
    expect(made).toBe(0);
  });

  it('instances made with new get them when they are persisted', async () => {
    const ticket = Object.assign(new Ticket(), { title: 'a' });
    em.persist(ticket);
    expect(ticket.token).toBeInstanceOf(Uuid);
    await em.flush();
    expect(test.written()).toEqual([
      `CREATE ONLY ${ticket.id} CONTENT { code: '${ticket.code}', number: 1, title: 'a', token: u'${ticket.token}' } RETURN NONE`,
    ]);
    expect(await stored('ticket')).toMatchObject([{ number: 1 }]);
  });

  it('inserted rows get them; a record that is there already keeps its own', async () => {
    await em.insert(Ticket, [
      { id: 'a', title: 'a' },
      { id: 'b', title: 'b', number: 9 },
    ]);
    const before = await stored('ticket');
    expect(before).toMatchObject([{ number: 1 }, { number: 9 }]);
    await em.insert(Ticket, [{ id: 'a', title: 'new' }], { onConflict: 'update' });
    await em.upsert(Ticket, { id: 'b', title: 'newer' });
    const after = await stored('ticket');
    expect(after.map(({ title }) => title)).toEqual(['new', 'newer']);
    expect(after.map(({ token, code, number }) => [String(token), code, number])).toEqual(
      before.map(({ token, code, number }) => [String(token), code, number]),
    );
  });

  it('a key is taken from its field, and made where that has no value', async () => {
    const named = em.create(Product, { sku: 'ABC' });
    const unnamed = em.create(Product, {});
    expect(String(named.id)).toBe('product:ABC');
    expect(unnamed.id.key).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/i);
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY product:ABC CONTENT { sku: 'ABC' } RETURN NONE",
      `CREATE ONLY ${unnamed.id} CONTENT {  } RETURN NONE`,
    ]);
    expect(await stored('product')).toHaveLength(2);
  });

  it('a made value is the key, with defineTable as with decorators', async () => {
    const invoice = em.create(Invoice, {});
    expect(invoice.number).toBe('R-1');
    expect(invoice.id.key).toBe('R-1');
    await em.flush();
    expect(test.written()).toEqual(["CREATE ONLY invoice:`R-1` CONTENT { number: 'R-1' } RETURN NONE"]);
    expect(await stored('invoice')).toMatchObject([{ number: 'R-1' }]);
  });

  it('a generator that makes something else is found before anything is sent', async () => {
    const wrong = em.create(Wrong, {});
    test.clear();
    await expect(em.flush()).rejects.toThrow(ValidationError);
    expect(test.sent()).toEqual([]);
    wrong.number = 1;
    await em.flush();
    expect(test.written()).toEqual([`CREATE ONLY ${wrong.id} CONTENT { number: 1 } RETURN NONE`]);
    expect(await stored('wrong')).toMatchObject([{ number: 1 }]);
  });
});
