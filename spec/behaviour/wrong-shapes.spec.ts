import { Field, Id, ReverieError, Table, type EntityManager, type RecordId, type Reverie } from '../../lib/index.js';
import { createTestOrm } from '../../lib/testing/index.js';

@Table({ name: 'shape' })
class Shape {
  @Id() id!: RecordId<'shape'>;
  @Field('string') name!: string;
}

type Loose = Readonly<Record<string, (...given: readonly unknown[]) => unknown>>;

describe('arguments of a wrong shape are told, not stumbled over', () => {
  let orm: Reverie;
  let em: EntityManager;
  beforeAll(async () => {
    orm = await createTestOrm({ entities: [Shape] });
    em = orm.em.fork();
  });
  afterAll(() => orm.close());

  const loose = () => em as unknown as Loose;
  it.each<[string, () => unknown, RegExp]>([
    ['aggregate without a select', () => loose()['aggregate']?.(Shape, {}), /Shape in select/],
    [
      'groupBy without a select',
      () => (em.select(Shape).groupBy as never as Loose['x'])?.call(em.select(Shape), ['name']),
      /./,
    ],
    ['select as a text', () => loose()['find']?.(Shape, {}, { select: 'name' }), /Shape in select needs a list/],
    [
      'omit as a text',
      () =>
        em
          .select(Shape)
          .omit('name' as never)
          .list(),
      /Shape in omit needs a list/,
    ],
    [
      'a row whose id is a text',
      () => em.map(Shape, { id: 'shape:x', name: 'n' }),
      /id is the text "shape:x"[\s\S]*RecordId\.parse/,
    ],
  ])('%s', async (_, act, told) => {
    const failed = await Promise.resolve()
      .then(act)
      .then((built) => (built as { execute?: () => unknown } | undefined)?.execute?.())
      .catch((error: unknown) => error);
    expect(failed).toBeInstanceOf(ReverieError);
    expect((failed as Error).message).toMatch(told);
  });

  it('restore of what is deleted for good', async () => {
    const shape = em.create(Shape, { name: 'a' });
    await em.flush();
    em.remove(shape);
    await em.flush();
    expect(() => em.restore(shape)).toThrow(/deleted for good: its class has no @SoftDelete/);
  });
});
