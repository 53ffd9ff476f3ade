import 'reflect-metadata';
import {
  Encrypted,
  Field,
  Hidden,
  Id,
  Index,
  Subscriber,
  Table,
  UniqueConstraintError,
  surql,
  type EntityManager,
  type EntitySubscriber,
  type RecordId,
  type UpdateEvent,
  type WriteOnly,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'slot' })
@Index({ fields: ['room', 'hour'], unique: true, nullsDistinct: false })
@Index({ fields: ['code'], unique: true, nullsDistinct: false })
class Slot {
  @Id() id!: RecordId<'slot'>;
  @Field('option<string>') room?: string;
  @Field('option<string>') hour?: string;
  @Field('option<string>') code?: string;
}

@Table({ name: 'guest' })
class Guest {
  @Id() id!: RecordId<'guest'>;
  @Field('string') name!: string;
  @Hidden() @Field('string') pin!: string;
  @Encrypted('argon2') password!: WriteOnly<string>;
}

const heard: UpdateEvent<Guest>[] = [];

@Subscriber(Guest)
class Listener implements EntitySubscriber<Guest> {
  afterUpdate(event: UpdateEvent<Guest>): void {
    heard.push(event);
  }
}

describe.each(backends)('what messages and events say of values, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Slot, Guest], subscribers: [Listener] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE slot; DELETE guest`);
    heard.length = 0;
    em = test.orm.em.fork();
    em.create(Slot, { id: 'a', room: 'red', code: 'x' });
    em.create(Slot, { id: 'b', room: 'red', hour: 'noon' });
    await em.flush();
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  it.each([
    [{ room: 'red', code: 'y' }, '["red", NONE] is taken', ['red', undefined]],
    [{ room: 'red', hour: 'noon', code: 'y' }, '["red", "noon"] is taken', ['red', 'noon']],
    [{ room: 'blue' }, 'Slot.code must be unique, and NONE is taken', undefined],
    [{ room: 'blue', code: 'x' }, 'Slot.code must be unique, and "x" is taken', 'x'],
  ])('a missing value that is not distinct is NONE: %j', async (data, text, value) => {
    const late = em.create(Slot, { id: 'late', ...data });
    const error = (await em.flush().catch((thrown: unknown) => thrown)) as UniqueConstraintError;
    expect(error).toBeInstanceOf(UniqueConstraintError);
    expect(error.message).toContain(text);
    expect(error.message).not.toMatch(/object Object|\{ {2}\}/);
    expect(error.value).toEqual(value);
    em.remove(late);
    const row = { id: 'late', ...data };
    await expect(test.orm.em.fork().insert(Slot, [row])).rejects.toThrow(text);
    expect(await em.count(Slot)).toBe(2);
  });

  it('changes show hidden values to code, and never in JSON; secrets are shown to nobody', async () => {
    const guest = em.create(Guest, { name: 'Ann', pin: '1234', password: 'swordfish' as never });
    await em.flush();
    guest.pin = '5678';
    guest.name = 'Anna';
    guest.password = 'hunter2' as never;
    await em.flush();
    const changes = heard[0]?.changes as unknown as Record<string, { readonly old: unknown; readonly new: unknown }>;
    expect(changes['pin']).toEqual({ old: '1234', new: '5678' });
    expect(changes['password']?.new).toBe('(secret)');
    const json = JSON.stringify({ changes });
    expect(JSON.parse(json)).toEqual({ changes: { name: { old: 'Ann', new: 'Anna' } } });
    expect(JSON.stringify(guest)).not.toMatch(/5678|hunter2/);
    expect(test.sent().join()).not.toMatch(/5678|hunter2/);
  });
});
