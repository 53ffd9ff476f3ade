import type { ChangeRecord, CommitEvent, CreateEvent, RecordId } from '../../lib/index.js';
import {
  Encrypted,
  Field,
  Id,
  Relation,
  Reverie,
  Table,
  Unique,
  ValidationError,
  Version,
  surql,
  type EntityManager,
  type Link,
  type WriteOnly,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openRecordedOrm, type RecordedOrm } from '../support/recorded-orm.js';

@Table({ name: 'member' })
class Member {
  @Id() id!: RecordId<'member', string>;
  @Field('string') @Unique() email!: string;
  @Field('string') name!: string;
  @Encrypted() password!: WriteOnly<string>;
  @Encrypted('bcrypt', { name: 'pin_hash', optional: true }) pin?: WriteOnly<string>;
  @Version() readonly version!: number;
}

@Table({ name: 'vault' })
class Vault {
  @Id() id!: RecordId<'vault', string>;
  @Relation(() => Member) owner!: Link<Member>;
  @Encrypted() first!: WriteOnly<string>;
  @Encrypted('bcrypt') second!: WriteOnly<string>;
}

/** Algorithms that take seconds where the machine is busy. */
@Table({ name: 'slow' })
class Slow {
  @Id() id!: RecordId<'slow', string>;
  @Encrypted('pbkdf2') first!: WriteOnly<string>;
  @Encrypted('scrypt') second!: WriteOnly<string>;
}

const ANN = { id: 'ann', email: 'ann@x.y', name: 'Ann', password: 'correct horse' };

describe.each(backends)('secrets in changes on $name', (backend) => {
  test('are masked for hooks and change sets, while the entity still holds them', async () => {
    const seen: unknown[] = [];
    const test = await openRecordedOrm(backend, {
      entities: [Member, Vault],
      subscribers: [
        {
          beforeCreate({ entity, changes }: CreateEvent<Member>) {
            seen.push(entity.password, changes.password);
          },
          afterCommit({ changes }: CommitEvent) {
            seen.push((changes[0] as ChangeRecord<Member>).changes.password);
          },
        },
      ],
    });
    const em = test.orm.em.fork();
    em.create(Member, ANN);
    const [set] = em.changeSets() as readonly ChangeRecord<Member>[];
    const mask = { old: undefined, new: '(secret)' };
    expect(set?.changes).toMatchObject({ password: mask, name: { new: 'Ann' } });
    await em.flush();
    expect(seen).toEqual(['correct horse', mask, mask]);
    expect(await em.verify(Member, 'ann', { password: 'correct horse' })).toMatchObject({ name: 'Ann' });
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    await test.close();
  });
});

describe.each(backends)('secrets on $name', (backend) => {
  let test: RecordedOrm;
  let em: EntityManager;

  beforeAll(async () => {
    test = await openRecordedOrm(backend, { entities: [Member, Vault] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    em = test.orm.em.fork();
    await em.query(surql`DELETE vault; DELETE member`);
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  const hashOf = async (column = 'password'): Promise<unknown> => {
    const [[row]] = await em.query<[[Record<string, unknown>]]>(surql`SELECT * FROM member:ann`);
    return row[column];
  };
  const knows = (password: string, fork = test.orm.em.fork()) => fork.verify(Member, 'ann', { password });

  it('are hashed by the server and gone from memory', async () => {
    const ann = em.create(Member, { ...ANN, pin: '1234' });
    await em.flush();
    expect(test.written()).toEqual([
      "CREATE ONLY member:ann CONTENT { email: 'ann@x.y', name: 'Ann', password: 'correct horse', pin_hash: '1234', version: 1 } RETURN AFTER",
    ]);
    expect([ann.password, ann.pin]).toEqual([undefined, undefined]);
    expect(await hashOf()).toMatch(/^\$argon2id\$/);
    expect(await hashOf('pin_hash')).toMatch(/^\$2b\$/);
    expect(await knows('correct horse')).toMatchObject({ name: 'Ann', password: undefined });
    expect(await knows('wrong')).toBeNull();
    expect(await knows('')).toBeNull();
    const read = await test.orm.em.fork().findOneOrFail(Member, 'ann');
    expect([read.password, read.pin]).toEqual([undefined, undefined]);
    expect(Object.keys(JSON.parse(JSON.stringify(read)) as object).sort()).toEqual(['email', 'id', 'name', 'version']);
  });

  it('are no part of JSON while they wait to be written', () => {
    const ann = test.orm.em.fork().create(Member, ANN);
    expect(JSON.stringify(ann)).not.toContain('horse');
    expect({ ...ann }.password).toBe('correct horse');
  });

  it('survive every other update, and change when they are given', async () => {
    const ann = em.create(Member, ANN);
    await em.flush();
    const hash = await hashOf();
    ann.name = 'Anna';
    await em.flush();
    await em.patch(Member, 'ann', { name: 'Annie' });
    await em.updateWhere(Member, { id: 'ann' }, { name: 'Ann' });
    await em.upsert(Member, { id: 'ann', email: 'ann@x.y', name: 'An', password: undefined as never }).catch(() => 0);
    expect(await hashOf()).toBe(hash);
    test.clear();
    ann.password = 'new one';
    await em.flush();
    expect(test.written()).toEqual(["UPDATE ONLY member:ann SET password = 'new one', version += 1 RETURN AFTER"]);
    expect(ann.password).toBeUndefined();
    expect([await knows('correct horse'), (await knows('new one'))?.id.key]).toEqual([null, 'ann']);
    await em.patch(Member, 'ann', { password: 'patched' });
    expect((await knows('patched'))?.name).toBe('Ann');
    await em.updateWhere(Member, { email: 'ann@x.y' }, { password: 'set', pin: '9' });
    expect(await test.orm.em.fork().verify(Member, { email: 'ann@x.y' }, { password: 'set', pin: '9' })).not.toBeNull();
    expect(await test.orm.em.fork().verify(Member, { email: 'ann@x.y' }, { password: 'set', pin: '8' })).toBeNull();
    await em.upsert(Member, { ...ANN, password: 'upserted' });
    expect(await knows('upserted')).not.toBeNull();
    await em.refresh(ann);
    expect(ann.password).toBeUndefined();
  });

  it('the same text again is a change, and an old one that failed is still pending', async () => {
    const ann = em.create(Member, ANN);
    await em.flush();
    const hash = await hashOf();
    test.clear();
    ann.password = 'correct horse';
    await em.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY member:ann SET password = 'correct horse', version += 1 RETURN AFTER",
    ]);
    expect(ann.password).toBeUndefined();
    expect(await hashOf()).not.toBe(hash);
    em.create(Member, { id: 'bob', email: 'ann@x.y', name: 'Bob', password: 'x' });
    ann.password = 'late';
    await expect(em.flush()).rejects.toMatchObject({ code: 'UNIQUE_CONSTRAINT' });
    expect([ann.password, await knows('late')]).toEqual(['late', null]);
    em.clear();
    em = test.orm.em.fork();
  });

  it('inserts, rows answered by them, partial entities and fetches hold none', async () => {
    const { entities } = await em.insert(Member, [ANN], { returning: 'after' });
    expect(entities?.[0]?.password).toBeUndefined();
    const vault = em.create(Vault, { owner: 'member:ann', first: 'a', second: 'b' });
    await em.flush();
    expect([vault.first, vault.second]).toEqual([undefined, undefined]);
    const fork = test.orm.em.fork();
    const [part] = await fork.find(Member, { email: 'ann@x.y' }, { select: ['name'] });
    expect(part && Object.keys(part)).not.toContain('password');
    const opened = await fork.findOneOrFail(Vault, vault.id, { fetch: { owner: true } });
    expect([opened.first, opened.owner.get().password]).toEqual([undefined, undefined]);
    if (part) fork.assign(part, { password: 'by a partial one' });
    test.clear();
    await fork.flush();
    expect(test.written()).toEqual([
      "UPDATE ONLY member:ann SET password = 'by a partial one', version += 1 RETURN AFTER",
    ]);
    expect((part as Member | undefined)?.password).toBeUndefined();
    expect(await knows('by a partial one')).not.toBeNull();
    expect(await em.verify(Vault, vault.id, { first: 'a', second: 'b' })).toBe(vault);
    test.clear();
    await fork.flush();
    expect(test.sent()).toEqual([]);
    const plain = await fork.find(Member, {}, { managed: false, omit: ['name'] });
    expect(JSON.stringify(plain.map((each) => ({ ...each })))).not.toContain('argon2');
    await em.refresh(entities?.[0] as Member);
  });

  it('in transactions too, guarded by nothing that nobody has read', async () => {
    em.create(Member, ANN);
    await em.flush();
    test.clear();
    await em.transaction(async (tx) => {
      const ann = await tx.findOneOrFail(Member, 'ann');
      ann.password = 'deferred';
    });
    expect(test.statements().slice(1)).toEqual([
      'BEGIN',
      "IF (SELECT VALUE true FROM ONLY member:ann) = NONE { THROW 'reverie:gone' }",
      "IF member:ann.version != 1 { THROW 'reverie:stale' }",
      "UPDATE ONLY member:ann SET password = 'deferred', version += 1 RETURN AFTER",
      "IF $o = NONE { THROW 'reverie:gone' }",
      'COMMIT',
    ]);
    expect(await knows('deferred')).not.toBeNull();
    await em.transaction(async (tx) => void (await tx.patch(Member, 'ann', { password: 'queued' })));
    expect(await knows('queued')).not.toBeNull();
    await em.transaction(async (tx) => {
      tx.remove(await tx.findOneOrFail(Member, 'ann'));
      tx.create(Member, { ...ANN, password: 'again' });
    });
    expect(await knows('again')).not.toBeNull();
    if (backend.stateful)
      await em.transaction(
        async (tx) => {
          const ann = await tx.findOneOrFail(Member, 'ann');
          ann.password = 'interactive';
          await tx.flush();
          expect(await tx.verify(Member, { name: 'Ann' }, { password: 'interactive' })).toBe(ann);
        },
        { mode: 'interactive' },
      );
  });

  it('verify finds the managed one, by any where, and never by none', async () => {
    const ann = em.create(Member, ANN);
    em.create(Member, { id: 'bob', email: 'bob@x.y', name: 'Bob', password: 'correct horse' });
    await em.flush();
    test.clear();
    const verify = (where: object | string) => em.verify(Member, where, { password: 'correct horse' });
    expect(await verify({ email: 'ann@x.y' })).toBe(ann);
    expect(await verify({ email: { $in: ['bob@x.y', 'cleo@x.y'] } })).toMatchObject({ name: 'Bob' });
    expect(await verify('ann')).toBe(ann);
    expect(await verify('nobody')).toBeNull();
    expect(await verify({ email: 'nobody@x.y' })).toBeNull();
    expect(test.sent()).toHaveLength(5);
    await expect(verify({})).rejects.toThrow(/empty where/);
    await expect(verify(undefined as never)).rejects.toThrow(/undefined/);
    await expect(em.verify(Member, 'ann', {})).rejects.toThrow(/no secret/);
    await expect(em.verify(Member, 'ann', { password: undefined as never })).rejects.toThrow(/compared with a text/);
    await expect(em.verify(Member, 'ann', { password: { $ne: '' } as never })).rejects.toThrow(/compared with a text/);
    await expect(em.verify(Member, 'ann', { email: 'ann@x.y' } as never)).rejects.toThrow(/no secret that/);
    // A record without a hash is nobody's.
    expect(await em.verify(Member, 'ann', { pin: '' })).toBeNull();
    expect(await em.getRepository(Member).verify({ name: 'Ann' }, { password: 'correct horse' })).toBe(ann);
  });

  it('cannot be selected, compared or sorted by, and are required', async () => {
    const refused = [
      () => em.find(Member, { password: 'x' } as never),
      () => em.find(Member, { $not: { pin: null } } as never),
      () => em.find(Member, {}, { select: ['password'] as never }),
      () => em.find(Member, {}, { orderBy: { password: 'asc' } as never }),
      () => em.find(Vault, { owner: { password: 'x' } } as never),
    ];
    for (const read of refused) {
      await expect(read()).rejects.toBeInstanceOf(ValidationError);
      await expect(read()).rejects.toThrow(/em\.verify/);
    }
    expect(test.sent()).toEqual([]);
    const lacking = test.orm.em.fork();
    lacking.create(Member, { id: 'x', email: 'x', name: 'x' } as never);
    await expect(lacking.flush()).rejects.toThrow(/Member\.password: a value is required/);
    const wrong = test.orm.em.fork();
    wrong.create(Member, { ...ANN, password: 5 as never });
    await expect(wrong.flush()).rejects.toThrow(/Member\.password/);
  });

  it('a hash is stored as it is: what was exported can be imported', async () => {
    em.create(Member, { ...ANN, pin: '1' });
    await em.flush();
    const [password, pin] = [await hashOf(), await hashOf('pin_hash')];
    await em.query(surql`DELETE member; INSERT INTO member ${[{ ...ANN, password, pin_hash: pin, version: 1 }]}`);
    expect([await hashOf(), await hashOf('pin_hash')]).toEqual([password, pin]);
    const costly = '$argon2id$v=19$m=4194304,t=9999,p=1$c2FsdHNhbHQ$aGFzaGhhc2g';
    await em.query(surql`UPDATE member:ann SET password = ${costly}`);
    expect(await hashOf()).not.toBe(costly);
  });
});

describe('the declaration', () => {
  it('of an unknown algorithm, of an index over hashes and in an embedded class is refused', async () => {
    class Inner {
      @Encrypted() secret!: WriteOnly<string>;
    }
    @Table({ name: 'wrong' })
    class Wrong {
      @Id() id!: RecordId<'wrong'>;
      @Encrypted('md5' as never) a!: WriteOnly<string>;
      @Encrypted() @Unique() b!: WriteOnly<string>;
      @Field(() => Inner) inner!: Inner;
    }
    const opening = Reverie.init({ url: 'mem://', namespace: 'a', database: 'a', entities: [Wrong] });
    await expect(opening).rejects.toThrow(/no algorithm "md5"/);
    await expect(opening).rejects.toThrow(/index over hashes/);
    await expect(opening).rejects.toThrow(/cannot have @Encrypted/);
  });

  it('knows every algorithm of the server', async () => {
    const orm = await Reverie.init({ url: 'mem://', namespace: 'a', database: 'a', entities: [Slow] });
    const em = orm.em.fork();
    const slow = em.create(Slow, { id: 'x', first: 'a', second: 'b' });
    await em.flush();
    expect([slow.first, slow.second]).toEqual([undefined, undefined]);
    expect(await em.verify(Slow, 'x', { first: 'a', second: 'b' })).toBe(slow);
    await orm.close();
  }, 120_000);

  it('syncs to an empty plan', async () => {
    const orm = await Reverie.init({
      url: 'mem://',
      namespace: 'a',
      database: 'a',
      entities: [Member, Vault],
      sync: 'safe',
    });
    expect((await orm.schema.plan()).isEmpty).toBe(true);
    await orm.close();
  });
});
