import { Field, Id, Table, surql, type Opt, type RecordId, type Reverie } from '../../lib/index.js';
import { createTestOrm } from '../../lib/testing/index.js';

@Table({ name: 'preset' })
class Preset {
  @Id() id!: RecordId<'preset'>;
  @Field('set<string>', { default: ['a', 'b'] }) letters!: Opt<Set<string>>;
  @Field('bool', { default: false, defaultAlways: true }) always!: Opt<boolean>;
  @Field('bool', { default: true, defaultAlways: false }) once!: Opt<boolean>;
  @Field('bool', { defaultAlways: true }) value!: Opt<boolean>;
  @Field('int', { default: 3, defaultAlways: true }) number!: Opt<number>;
}

describe('defaults', () => {
  let orm: Reverie;
  beforeAll(async () => (orm = await createTestOrm({ entities: [Preset] })));
  afterAll(() => orm.close());

  it('a list is the default of a set, as create takes it', async () => {
    const em = orm.em.fork();
    const made = em.create(Preset, {});
    await em.flush();
    expect([...made.letters]).toEqual(['a', 'b']);
    await em.insert(Preset, { id: 'x' });
    expect([...(await em.findOneOrFail(Preset, 'x')).letters]).toEqual(['a', 'b']);
  });

  it('defaultAlways is a flag beside a default, and the default itself alone', async () => {
    const em = orm.em.fork();
    const made = em.create(Preset, {});
    await em.flush();
    expect(made).toMatchObject({ always: false, once: true, value: true, number: 3 });
    const [{ fields }] = await em.query<[{ fields: Record<string, string> }]>(surql`INFO FOR TABLE preset`);
    const defaults = Object.entries(fields).map(([name, text]) => [name, /DEFAULT (ALWAYS )?\S+/.exec(text)?.[0]]);
    expect(Object.fromEntries(defaults)).toMatchObject({
      always: 'DEFAULT ALWAYS false',
      once: 'DEFAULT true',
      value: 'DEFAULT ALWAYS true',
      number: 'DEFAULT ALWAYS 3',
    });
    expect((await orm.schema.plan()).isEmpty).toBe(true);
  });
});
