import {
  Access,
  AuthenticationError,
  CapabilityError,
  Encrypted,
  EntityNotFoundError,
  Field,
  Id,
  Index,
  MetadataError,
  type RecordId,
  Reverie,
  Table,
  ValidationError,
  surql,
  type Opt,
  type WriteOnly,
} from '../../lib/index.js';
import { eventually } from '../server/support/eventually.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Access({ name: 'account', duration: { token: '15m', session: '12h', grant: '30d' } })
@Table({ name: 'member', permissions: { select: surql`id = $auth`, update: surql`id = $auth` } })
@Index({ fields: ['email'], unique: true })
class Member {
  @Id() id!: RecordId<'member'>;
  @Field('string') email!: string;
  @Field('string') name!: string;
  @Field('bool', { default: true }) active!: Opt<boolean>;
  @Encrypted('argon2') password!: WriteOnly<string>;
}

@Access({
  name: 'device_access',
  signin: surql`SELECT * FROM device WHERE serial = $serial`,
  authenticate: surql`{ IF !$auth.trusted { THROW 'not trusted' }; RETURN $auth }`,
  duration: { token: '1h', session: '2h' },
})
@Access({ name: 'device_key', type: 'bearer', for: 'record', duration: { grant: '10d', token: '1h' } })
@Access({ name: 'partner', type: 'jwt', jwt: { algorithm: 'HS256', key: 'secret' }, duration: { session: '1h' } })
@Table({ name: 'device', permissions: 'full' })
class Device {
  @Id() id!: RecordId<'device'>;
  @Field('string') serial!: string;
  @Field('bool') trusted!: boolean;
}

const ANN = { email: 'ann@example.com', name: 'Ann', password: 'secret' };

describe.each(backends)('auth on $name', (backend) => {
  let test: TestOrm;
  let orm: Reverie;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Member, Device] });
    orm = test.orm;
  });
  beforeEach(async () => {
    await orm.em.fork().query(surql`DELETE member; DELETE device`);
    test.clear();
  });
  afterAll(() => test.close());

  const whoami = async () => (await orm.em.fork().query(surql`RETURN $auth`))[0];

  it('schema sync defines each access once; nothing is left for the second sync', async () => {
    expect((await orm.schema.plan()).steps).toEqual([]);
    expect((await orm.schema.sync()).isEmpty).toBe(true);
    const [{ accesses }] = await orm.em.fork().query<[{ accesses: Record<string, string> }]>(surql`INFO FOR DB`);
    expect(Object.keys(accesses).sort()).toEqual(['account', 'device_access', 'device_key', 'partner']);
    expect(accesses['account']).toContain('DURATION FOR GRANT 4w2d, FOR TOKEN 15m, FOR SESSION 12h');
    expect(accesses['device_key']).toContain('TYPE BEARER FOR RECORD');
    expect(orm.schema.toSurql()).toContain('DEFINE ACCESS account ON DATABASE TYPE RECORD SIGNUP (CREATE');
    await orm.em.fork().query(surql`REMOVE ACCESS partner ON DATABASE`);
    expect((await orm.schema.plan()).steps).toMatchObject([{ kind: 'createAccess', risk: 'additive' }]);
    await orm.schema.sync();
    await orm.em
      .fork()
      .query(surql`DEFINE ACCESS OVERWRITE device_key ON DATABASE TYPE BEARER FOR RECORD DURATION FOR GRANT 1d`);
    expect((await orm.schema.plan()).steps).toMatchObject([{ kind: 'alterAccess', risk: 'rewrite' }]);
    await orm.schema.sync();
    expect((await orm.schema.plan()).isEmpty).toBe(true);
  });

  it('signs up and in with user and tokens, and never touches the shared connection', async () => {
    const up = await orm.auth.signup(Member, ANN);
    expect(up.user).toBeInstanceOf(Member);
    expect(up.user).toMatchObject({ email: ANN.email, name: 'Ann', active: true });
    expect(up.refresh).toMatch(/^surreal-refresh-/);
    const signedIn = await orm.auth.signin(Member, { email: ANN.email, password: ANN.password });
    expect(signedIn.user.id).toEqual(up.user.id);
    expect(await whoami()).toBeUndefined();
    const em = orm.em.fork({ auth: { token: signedIn.token } });
    expect((await em.find(Member)).map(({ name }) => name)).toEqual(['Ann']);
    const me = await em.findOneOrFail(Member, up.user.id);
    me.name = 'Anna';
    await em.flush();
    test.clear();
    await em.flush();
    expect(test.sent()).toEqual([]);
    // The hash has not been hashed again.
    expect((await orm.auth.signin(Member, { email: ANN.email, password: ANN.password })).user.name).toBe('Anna');
    await em.close();
  });

  it('refuses what is wrong with an AuthenticationError', async () => {
    await orm.auth.signup(Member, ANN);
    const wrong = { email: ANN.email, password: 'guess' };
    await expect(orm.auth.signin(Member, wrong)).rejects.toThrow(AuthenticationError);
    await expect(orm.auth.signin(Member, { email: 'nobody', password: '' })).rejects.toThrow(AuthenticationError);
    await expect(orm.auth.signup(Member, ANN)).rejects.toThrow(AuthenticationError);
    await expect(orm.auth.signin(Member, wrong, { access: 'nope' })).rejects.toThrow(ValidationError);
    expect(await orm.em.fork().count(Member)).toBe(1);
    expect(await whoami()).toBeUndefined();
  });

  it('keeps the answer about a token for as long as it is told to, and not from those who ask anew', async () => {
    const { user, token } = await orm.auth.signup(Member, ANN);
    const asked = () => test.sent().filter((text) => text.includes('$auth')).length;
    test.clear();
    for (let time = 0; time < 3; time += 1) expect(await orm.auth.validate(token, { ttl: 60_000 })).toEqual(user.id);
    expect(asked()).toBe(1);
    expect(await orm.auth.authenticate(Member, token, { ttl: 60_000 })).toMatchObject({ id: user.id });
    expect(asked()).toBe(1);
    expect(await orm.auth.validate(token)).toEqual(user.id);
    expect(await orm.auth.validate(token, { ttl: 1 })).toEqual(user.id);
    expect(asked()).toBe(3);
    expect(await orm.auth.validate(`${token.slice(0, -8)}AAAAAAAA`, { ttl: 60_000 })).toBeNull();
    await orm.auth.validate(token, { ttl: 60_000 });
    await orm.auth.invalidate(token);
    test.clear();
    await orm.auth.validate(token, { ttl: 60_000 });
    expect(asked()).toBe(1);
  });

  it('reads a token without asking anybody', async () => {
    const { user, token } = await orm.auth.signup(Member, ANN);
    test.clear();
    const reading = orm.auth.decodeUnsafe(token);
    expect(reading).toMatchObject({ id: user.id, access: 'account', namespace: 'test', claims: { iss: 'SurrealDB' } });
    const left = Number(reading?.expires) - Date.now();
    expect(left / 60_000).toBeGreaterThan(10);
    expect(left / 60_000).toBeLessThanOrEqual(15);
    const claim = (claims: object) => `h.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.s`;
    expect(orm.auth.decodeUnsafe(claim({ ID: 'root' }))).toMatchObject({ id: null, access: undefined });
    for (const none of ['', 'nonsense', 'a.b.c', claim({ ID: 'member:x', exp: 1 })])
      expect(orm.auth.decodeUnsafe(none)).toBeNull();
    expect(test.sent()).toEqual([]);
  });

  it('tells whose a token is, and that of others from none', async () => {
    const { user, token } = await orm.auth.signup(Member, ANN);
    expect(await orm.auth.validate(token)).toEqual(user.id);
    expect(await orm.auth.authenticate(Member, token)).toMatchObject({ id: user.id, user: { name: 'Ann' } });
    expect(await orm.auth.authenticate(Device, token)).toBeNull();
    for (const bad of ['', 'a.b.c', 'nonsense', `${token.slice(0, -8)}AAAAAAAA`]) {
      expect(await orm.auth.validate(bad)).toBeNull();
      expect(await orm.auth.authenticate(Member, bad)).toBeNull();
    }
    const other = orm.at({ database: 'elsewhere' });
    await other.schema.sync();
    expect(await other.auth.validate(token)).toBeNull();
    await orm.em.fork().query(surql`DELETE member`);
    expect(await orm.auth.authenticate(Member, token)).toBeNull();
  });

  it('refresh tokens are worth one use, and none after invalidate', async () => {
    const first = await orm.auth.signup(Member, ANN);
    const second = await orm.auth.refresh(Member, first);
    expect(second.user.id).toEqual(first.user.id);
    expect(second.refresh).not.toBe(first.refresh);
    await expect(orm.auth.refresh(Member, first)).rejects.toThrow(AuthenticationError);
    await orm.auth.invalidate(second);
    await expect(orm.auth.refresh(Member, second)).rejects.toThrow(AuthenticationError);
    await expect(orm.auth.refresh(Member, '')).rejects.toThrow(AuthenticationError);
    await orm.auth.invalidate(second.token);
    await expect(orm.auth.invalidate('a.b.c')).rejects.toThrow(AuthenticationError);
    expect(await whoami()).toBeUndefined();
  });

  it('keys of a bearer access sign in without a password, until they are taken back', async () => {
    const em = orm.em.fork();
    const device = em.create(Device, { serial: 'one', trusted: true });
    const other = em.create(Device, { serial: 'two', trusted: true });
    await em.flush();
    const keys = orm.auth.bearer(Device);
    await keys.revoke('all');
    const before = (await keys.list()).length;
    const grant = await keys.grant(device);
    expect(grant).toMatchObject({ subject: device.id, revoked: undefined });
    expect(grant.key).toMatch(/^surreal-bearer-/);
    expect(Math.round((grant.expires as Date).getTime() / 86_400_000 - grant.created.getTime() / 86_400_000)).toBe(10);
    if (backend.stateful) {
      expect((await keys.signin(grant.key)).user.serial).toBe('one');
      const fork = orm.em.fork({ auth: { access: 'device_key', variables: { key: grant.key } } });
      const inner = fork.fork({ database: orm.driver.database as string });
      expect((await fork.query(surql`RETURN $auth`))[0]).toEqual(device.id);
      expect((await inner.query(surql`RETURN $auth`))[0]).toEqual(device.id);
      await Promise.all([inner.close(), fork.close()]);
    } else {
      await expect(keys.signin(grant.key)).rejects.toThrow(CapabilityError);
    }
    await keys.grant(other.id);
    await keys.grant(String(other.id.key));
    expect(await keys.list()).toHaveLength(before + 3);
    const listed = await keys.list(device);
    expect(listed.map(({ id, subject }) => [id, subject])).toEqual([[grant.id, device.id]]);
    expect(JSON.stringify(listed)).not.toContain(grant.key);
    expect(await keys.revoke({ of: other })).toBe(2);
    expect(await keys.revoke(grant.id)).toBe(1);
    expect(await keys.revoke(grant.id)).toBe(0);
    expect((await keys.list(device))[0]?.revoked).toBeInstanceOf(Date);
    await expect(keys.signin(grant.key)).rejects.toThrow(AuthenticationError);
    await expect(keys.signin('nonsense')).rejects.toThrow(AuthenticationError);
    await expect(keys.grant('nobody')).rejects.toThrow(EntityNotFoundError);
    await expect(keys.revoke('')).rejects.toThrow(ValidationError);
    expect(() => orm.auth.bearer(Member)).toThrow(ValidationError);
    expect(() => orm.auth.bearer(Device, { access: 'partner' })).toThrow(ValidationError);
    expect(await whoami()).toBeUndefined();
  });

  it('forgets keys that were revoked', async () => {
    const em = orm.em.fork();
    const device = em.create(Device, { serial: 'gone', trusted: true });
    await em.flush();
    const keys = orm.auth.bearer(Device);
    await keys.grant(device);
    await keys.revoke('all');
    await eventually(async () => {
      await keys.purge();
      expect(await keys.list()).toEqual([]);
    });
  });

  it('changes a password, hashed once, for who knows the current one', async () => {
    const first = await orm.auth.signup(Member, ANN);
    const bob = await orm.auth.signup(Member, { ...ANN, email: 'bob@example.com', name: 'Bob' });
    await expect(orm.auth.changePassword(first.user, 'guess', 'better')).rejects.toThrow(AuthenticationError);
    test.clear();
    await orm.auth.changePassword(first.user, ANN.password, 'better');
    expect(test.sent()).toHaveLength(1);
    await expect(orm.auth.signin(Member, ANN)).rejects.toThrow(AuthenticationError);
    const second = await orm.auth.signin(Member, { email: ANN.email, password: 'better' });
    expect(second.user.id).toEqual(first.user.id);
    // Only hers, and what was given out before still holds.
    await orm.auth.signin(Member, { email: 'bob@example.com', password: ANN.password });
    const third = await orm.auth.refresh(Member, first);
    await orm.auth.changePassword(second.user, 'better', 'best', { revoke: true });
    await expect(orm.auth.refresh(Member, third)).rejects.toThrow(AuthenticationError);
    await orm.auth.refresh(Member, bob);
    for (const [current, next] of [
      ['', 'x'],
      ['best', ''],
    ] as const)
      await expect(orm.auth.changePassword(second.user, current, next)).rejects.toThrow(ValidationError);
    await expect(orm.auth.changePassword(second.user, 'best', 'x', { field: 'name' })).rejects.toThrow(ValidationError);
    await expect(orm.auth.changePassword(new Device(), 'a', 'b')).rejects.toThrow(ValidationError);
    // Two at once from the same password: one of them is late.
    const racing = await Promise.allSettled(
      ['red', 'blue'].map((next) => orm.auth.changePassword(second.user, 'best', next)),
    );
    expect(racing.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('AUTHENTICATE has the last word', async () => {
    const em = orm.em.fork();
    em.create(Device, { serial: 'good', trusted: true });
    em.create(Device, { serial: 'bad', trusted: false });
    await em.flush();
    expect((await orm.auth.signin(Device, { serial: 'good' }, { access: 'device_access' })).user.serial).toBe('good');
    const bad = orm.auth.signin(Device, { serial: 'bad' }, { access: 'device_access' });
    await expect(bad).rejects.toThrow(AuthenticationError);
  });

  it('tenants have users of their own', async () => {
    const acme = orm.at({ namespace: 'acme' });
    expect(orm.at({ namespace: 'acme' })).toBe(acme);
    await acme.schema.sync();
    expect((await acme.schema.plan()).isEmpty).toBe(true);
    const { user, token } = await acme.auth.signup(Member, ANN);
    expect(await orm.em.fork().count(Member)).toBe(0);
    await expect(orm.auth.signin(Member, ANN)).rejects.toThrow(AuthenticationError);
    const em = acme.em.fork({ auth: { token } });
    expect((await em.find(Member)).map(({ id }) => id)).toEqual([user.id]);
    await acme.em.fork().deleteWhere(Member, { email: ANN.email });
  });
});

describe('@Access', () => {
  const refused = async (make: () => unknown, text: RegExp) => {
    const entity = make() as never;
    await expect(Reverie.init({ url: 'mem://', entities: [entity] })).rejects.toThrow(MetadataError);
    await expect(Reverie.init({ url: 'mem://', entities: [entity] })).rejects.toThrow(text);
  };

  it('says at boot what it lacks', async () => {
    await refused(() => {
      @Access({ name: 'a' })
      @Table({ name: 'plain' })
      class Plain {
        @Id() id!: RecordId<'plain'>;
      }
      return Plain;
    }, /cannot tell how a user is known/);
    await refused(() => {
      @Access({ name: 'a', signin: surql`SELECT * FROM plain`, duration: { token: 'soon' } })
      @Table({ name: 'plain' })
      class Plain {
        @Id() id!: RecordId<'plain'>;
      }
      return Plain;
    }, /duration of the token/);
    await refused(() => {
      @Access({ name: 'a', signin: surql`SELECT * FROM plain`, tokens: 1 } as never)
      @Table({ name: 'plain' })
      class Plain {
        @Id() id!: RecordId<'plain'>;
      }
      return Plain;
    }, /no option "tokens"/);
  });
});
