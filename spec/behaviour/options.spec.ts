import { MetadataError, RequestContext, Reverie, ValidationError } from '../../lib/index.js';
import { Team } from '../support/entities.js';

describe('Reverie.init', () => {
  it('finds entities by glob', async () => {
    const orm = await Reverie.init({ url: 'mem://', entities: ['spec/support/ent*.ts'] });
    expect(orm.metadata.find(Team)).toBeDefined();
    expect(orm.metadata.entities.length).toBeGreaterThan(3);
    await orm.close();
  });

  it.each([
    ['spec/support/nothing-*.ts', /no file matches/],
    ['spec/support/open-orm.ts', /exports a decorated class/],
  ])('a glob that finds nothing is an error: %s', async (pattern, why) => {
    const boot = Reverie.init({ url: 'mem://', entities: [pattern] });
    await expect(boot).rejects.toBeInstanceOf(MetadataError);
    await expect(boot).rejects.toThrow(why);
  });

  it.each([
    [{ url: 'mem://', entities: [Team], enities: [] }, /enities.*Did you mean "entities"/s],
    [{ host: 'localhost', entities: [Team] }, /`host`.*\n.*\n {2}- write url: 'ws:/],
    [{ url: 'mem://', entities: [Team], synchronize: true }, /- write sync: 'safe'/],
    [{ url: 'mem://', entities: [Team], username: 'root' }, /- write auth: \{ username: '…', password: '…' \}/],
    [{ entities: [Team] }, /`url`/],
    [{ url: 'mem://' }, /`entities`/],
    [{ url: 'mem://', entities: [Team], sync: 'sometimes' }, /sometimes/],
  ])('options that cannot be right are refused: %#', async (options, why) => {
    const boot = Reverie.init(options as never);
    await expect(boot).rejects.toBeInstanceOf(ValidationError);
    await expect(boot).rejects.toThrow(why);
  });

  it('health never throws', async () => {
    const orm = await Reverie.init({ url: 'mem://', entities: [Team] });
    expect(await orm.health()).toMatchObject({ ok: true, version: expect.stringMatching(/^3\./) });
    await orm.close();
    await orm.close();
    expect(await orm.health()).toMatchObject({ ok: false });
  });

  it('outside of a request the global EntityManager says how to go on', async () => {
    const orm = await Reverie.init({ url: 'mem://', entities: [Team] });
    await expect(orm.em.find(Team)).rejects.toThrow(/orm\.em\.fork\(\)/);
    await orm.close();
    const script = await Reverie.init({ url: 'mem://', entities: [Team], allowGlobalContext: true });
    script.em.create(Team, { name: 'Red' });
    await script.em.flush();
    expect(await script.em.count(Team)).toBe(1);
    await script.close();
  });
});

describe('RequestContext', () => {
  it('gives each request its own EntityManager, across awaits and timers', async () => {
    const orm = await Reverie.init({ url: 'mem://', entities: [Team] });
    const other = await Reverie.init({ url: 'mem://', entities: [Team] });
    const seen = await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        RequestContext.run(orm, async () => {
          orm.em.create(Team, { name: `team ${i}` });
          const before = orm.em.session;
          await new Promise((resolve) => setTimeout(resolve, Math.random() * 20));
          expect(orm.em.session).toBe(before);
          await orm.em.flush();
          return RequestContext.run(other, {}, () => [before, other.em.session, orm.em.session]);
        }),
      ),
    );
    expect(new Set(seen.map(([first]) => first)).size).toBe(100);
    for (const [mine, theirs, still] of seen) {
      expect(still).toBe(mine);
      expect(theirs).not.toBe(mine);
    }
    expect(await orm.em.fork().count(Team)).toBe(100);
    expect(() => RequestContext.run(orm, { namespase: 'x' } as object, () => 0)).toThrow(/namespace/);
    await Promise.all([orm.close(), other.close()]);
  });
});
