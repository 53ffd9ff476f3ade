import { Field, Id, In, Index, Out, Table, type Link, type RecordId } from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

class Place {
  @Field('string') city!: string;
  @Field('option<string>') street?: string;
}
@Table({ name: 'guest' })
class Guest {
  @Id() id!: RecordId<'guest', string>;
}
@Table({ name: 'visited', type: 'relation', in: () => Guest, out: () => Guest })
@Index({ fields: ['in', 'out', 'place.city', 'place.street'], unique: true })
class Visited {
  @Id() id!: RecordId<'visited', string>;
  @In() in!: Link<Guest>;
  @Out() out!: Link<Guest>;
  @Field(() => Place) place!: Place;
  @Field('int') times!: number;
}

describe.each(backends)('edges that are told apart by members of an object, on $name', (backend) => {
  let test: RecordedOrm;
  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Guest, Visited] });
    await test.orm.em.fork().insert(Guest, [{ id: 'ann' }, { id: 'bob' }]);
  });
  afterAll(() => test.close());

  it('meet where all of them are the same, and never without a value', async () => {
    const em = test.orm.em.fork();
    const visit = (city: string, street: string | undefined, times: number) => {
      const place = { city, ...(street !== undefined && { street }) };
      return em.relate('ann', Visited, 'bob', { place, times }, { onConflict: 'update' });
    };
    const first = await visit('Rome', 'Via Appia', 1);
    const other = await visit('Oslo', 'Via Appia', 1);
    expect(await visit('Rome', 'Via Appia', 2)).toBe(first);
    expect([first.times, other.times]).toEqual([2, 1]);
    test.clear();
    await visit('Rome', undefined, 3);
    expect(test.sent()[0]).not.toMatch(/false|true/);
    await visit('Rome', undefined, 4);
    expect((await em.find(Visited, {}, { orderBy: { times: 'asc' } })).map(({ times }) => times)).toEqual([1, 2, 3, 4]);
  });
});
