import { MetadataError, Reverie, ValidationError } from '../../lib/index.js';
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
