import 'reflect-metadata';
import type { Opt, RecordId } from '../../lib/index.js';
import {
  Decimal,
  Field,
  Id,
  Table,
  ValidationError,
  surql,
  type DateTime,
  type EntityManager,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

class Point2 {
  @Field('float') x!: number;
  @Field('option<float>') y?: number;
}

class Place {
  @Field('string') street!: string;
  @Field('option<string>', { name: 'town' }) city?: string;
  @Field('option<decimal>') rent?: Decimal;
  @Field('option<datetime>') since?: Date;
  @Field(() => Point2, { type: 'option<object>' }) at?: Point2;
  @Field('option<object>', { flexible: true }) extra?: Record<string, unknown>;
  @Field('option<array<string>>') tags?: string[];
}

@Table({ name: 'home' })
class Home {
  @Id() id!: RecordId<'home'>;
  @Field(() => Place) place!: Place;
  @Field(() => Place, { type: 'option<object>' }) old?: Place;
  @Field(() => [Place], { type: 'option<array<object>>' }) all?: Place[];
  @Field('option<object>', { flexible: true }) settings?: Record<string, unknown>;
  @Field('option<string>', { value: surql`IF $value THEN string::lowercase($value) END` }) mail?: string;
  @Field('int', { default: 7 }) rank!: Opt<number>;
}

describe.each(backends)('changes inside objects on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;
  let home: Home;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Home] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    await test.orm.em.fork().query(surql`DELETE home`);
    em = test.orm.em.fork();
    home = em.create(Home, {
      id: 'h',
      place: {
        street: 'Elm',
        city: 'Ulm',
        rent: new Decimal('1.50'),
        since: new Date('2026-01-01'),
        at: { x: 1, y: 2 },
        extra: { a: { b: 1, c: [1, 2] } },
        tags: ['t'],
      },
      settings: { theme: 'dark', deep: { one: 1, two: 2 } },
    });
    await em.flush();
  });
  afterEach(() => expectInOrder(test, em));

  /** What the one update of a flush sets. */
  async function set(): Promise<string | undefined> {
    test.clear();
    await em.flush();
    expect(test.sent()).toHaveLength(1);
    const [written, ...more] = test.written();
    expect(more).toEqual([]);
    return /^UPDATE ONLY home:h SET (.*) RETURN AFTER$/s.exec(written as string)?.[1];
  }

  const stored = async () => {
    const [[row]] = await test.orm.em
      .fork()
      .query<[Record<string, Record<string, unknown>>[]]>(surql`SELECT * FROM home:h`);
    return row as Record<string, Record<string, unknown>>;
  };

  it('send the changed member only, under its column', async () => {
    home.place.city = 'Bonn';
    expect(await set()).toBe("place.town = 'Bonn'");
    expect((await stored())['place']).toMatchObject({ street: 'Elm', town: 'Bonn' });
    home.place.rent = new Decimal('1.5');
    home.place.since = new Date('2026-01-01');
    home.place.street = 'Oak';
    (home.place.at as Point2).y = 9;
    expect(await set()).toBe("place.street = 'Oak', place.at.y = 9");
    expect((await stored())['place']).toMatchObject({ at: { x: 1, y: 9 }, street: 'Oak' });
  });

  it('of two writers of one object both are kept', async () => {
    const other = test.orm.em.fork();
    const same = await other.findOneOrFail(Home, 'h');
    home.place.city = 'Bonn';
    same.place.street = 'Oak';
    (same.settings as Record<string, unknown>)['theme'] = 'light';
    test.clear();
    await em.flush();
    await other.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY home:h SET place.town = 'Bonn' RETURN AFTER",
      "UPDATE ONLY home:h SET place.street = 'Oak', settings.theme = 'light' RETURN AFTER",
    ]);
    expect((await stored())['place']).toMatchObject({ street: 'Oak', town: 'Bonn' });
    await em.refresh(home);
    expect(home.place).toMatchObject({ street: 'Oak', city: 'Bonn' });
  });

  it('a member is cleared by undefined, null and delete; what the class does not know stays', async () => {
    await em.query(surql`UPDATE home:h SET settings.unseen = 1`);
    home.place.city = undefined;
    delete home.place.rent;
    (home.place as { since: Date | null }).since = null;
    delete (home.settings as Record<string, unknown>)['theme'];
    expect(await set()).toBe('place.town = NONE, place.rent = NONE, place.since = NONE, settings.theme = NONE');
    expect(await stored()).toMatchObject({ settings: { deep: { one: 1, two: 2 }, unseen: 1 } });
    expect(Object.keys((await stored())['place'] ?? {}).sort()).toEqual(['at', 'extra', 'street', 'tags']);
    expect(home.settings).toHaveProperty('unseen', 1);
  });

  it('an object assigned anew sends what differs; to and from nothing it goes as a whole', async () => {
    em.assign(home, { place: { ...home.place, street: 'Oak' } });
    expect(await set()).toBe("place.street = 'Oak'");
    em.assign(home, { old: { street: 'Old' } });
    expect(await set()).toBe("old = { street: 'Old' }");
    expect(home.old).toBeInstanceOf(Place);
    home.old = undefined;
    expect(await set()).toBe('old = NONE');
    expect(await stored()).not.toHaveProperty('old');
  });

  it('lists are values: they go as a whole', async () => {
    (home.place.tags as string[]).push('u');
    ((home.place.extra as { a: { c: number[] } }).a.c[0] as number) = 5;
    expect(await set()).toBe("place.extra.a.c = [5, 2], place.tags = ['t', 'u']");
    em.assign(home, { all: [{ street: 'A' }] });
    expect(await set()).toBe("all = [{ street: 'A' }]");
    ((home.all as Place[])[0] as Place).city = 'B';
    expect(await set()).toBe("all = [{ street: 'A', town: 'B' }]");
    expect(await stored()).toMatchObject({ all: [{ street: 'A', town: 'B' }] });
  });

  it.each(['0', 'we ird', 'a.b', '`', "'", '$x', '⟨x⟩', 'SELECT', 'a[0]', '*', '__proto__ x', 'ключ', '\n'])(
    'a key %j is a key',
    async (key) => {
      const settings = home.settings as Record<string, unknown>;
      settings[key] = 1;
      await em.flush();
      expect((await stored())['settings']).toEqual({ theme: 'dark', deep: { one: 1, two: 2 }, [key]: 1 });
      settings[key] = { [key]: 2 };
      await em.flush();
      (settings[key] as Record<string, unknown>)[key] = 3;
      await em.flush();
      expect((await stored())['settings']).toMatchObject({ theme: 'dark', [key]: { [key]: 3 } });
      delete settings[key];
      await em.flush();
      expect((await stored())['settings']).toEqual({ theme: 'dark', deep: { one: 1, two: 2 } });
    },
  );

  it('an empty key, and another kind of value, go with the whole', async () => {
    const settings = home.settings as Record<string, unknown>;
    settings[''] = 1;
    expect(await set()).toBe(`settings = { "": 1, deep: { one: 1, two: 2 }, theme: 'dark' }`);
    settings['deep'] = 5;
    expect(await set()).toBe(`settings = { "": 1, deep: 5, theme: 'dark' }`);
    expect((await stored())['settings']).toEqual({ theme: 'dark', deep: 5, '': 1 });
  });

  it('nanoseconds beside a change stay', async () => {
    await em.query(surql`UPDATE home:h SET place.since = d'2026-01-01T00:00:00.123456789Z'`);
    await em.refresh(home);
    home.place.city = 'Bonn';
    test.clear();
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY home:h SET place.town = 'Bonn' RETURN AFTER"]);
    expect(((await stored())['place']?.['since'] as DateTime).nanoseconds).toBe(123_456_789);
  });

  it('what is wrong inside is refused with its path, before anything is sent', async () => {
    test.clear();
    home.place.street = 5 as never;
    const error: unknown = await em.flush().catch((caught: unknown) => caught);
    expect((error as ValidationError).errors[0]?.path).toBe('Home.place.street');
    home.place.street = undefined as never;
    await expect(em.flush()).rejects.toThrow(ValidationError);
    expect(test.sent()).toEqual([]);
    expect((await stored())['place']).toMatchObject({ street: 'Elm' });
    home.place.street = 'Elm';
  });

  it('a deferred transaction sees that somebody else has changed the object', async () => {
    let runs = 0;
    test.clear();
    await em.transaction(async (tx) => {
      const mine = await tx.findOneOrFail(Home, 'h');
      if (++runs === 1) await test.orm.em.fork().query(surql`UPDATE home:h SET place.street = 'Oak'`);
      mine.place.city = `${mine.place.street} town`;
    });
    expect(runs).toBe(2);
    expect(test.written()).toEqual([
      "UPDATE home:h SET place.street = 'Oak'",
      "UPDATE ONLY home:h SET place.town = 'Elm town' RETURN AFTER",
      "UPDATE ONLY home:h SET place.town = 'Oak town' RETURN AFTER",
    ]);
    expect((await stored())['place']).toMatchObject({ street: 'Oak', town: 'Oak town' });
    await em.refresh(home);
  });

  it('values that the server rewrites or adds are read back in the same request, and are no change', async () => {
    test.clear();
    const fresh = em.create(Home, { id: 'i', place: { street: 'X' }, mail: 'Ann@X.org', rank: undefined as never });
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY home:i CONTENT { mail: 'Ann@X.org', place: { street: 'X' } } RETURN AFTER",
    ]);
    expect(fresh).toMatchObject({ mail: 'ann@x.org', rank: 7 });
    fresh.mail = 'BOB@X.ORG';
    await em.flush();
    expect(fresh.mail).toBe('bob@x.org');
    fresh.rank = 8;
    await em.flush();
    expect(test.written().slice(1)).toEqual([
      "UPDATE ONLY home:i SET mail = 'BOB@X.ORG' RETURN AFTER",
      'UPDATE ONLY home:i SET rank = 8 RETURN AFTER',
    ]);
    expect(await em.fork().findOneOrFail(Home, 'i')).toMatchObject({ mail: 'bob@x.org', rank: 8 });
    expect(fresh).toMatchObject({ mail: 'bob@x.org', rank: 8 });
  });
});
