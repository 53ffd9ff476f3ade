import {
  Field,
  FullText,
  Analyzer,
  Id,
  Table,
  ValidationError,
  VectorField,
  type EntityManager,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

abstract class Arrow {
  @Id('int') id!: RecordId<string, number>;
  @Field('string') name!: string;
  @Field('bool') shown!: boolean;
}

@Table({ name: 'arrow' })
@Analyzer({ name: 'words', tokenizers: ['class'], filters: ['lowercase'] })
@FullText({ fields: ['name'], analyzer: 'words' })
class Indexed extends Arrow {
  @VectorField({ dimension: 3, distance: 'cosine', optional: true }) to?: number[];
}

@Table({ name: 'bare_arrow' })
class Bare extends Arrow {
  @VectorField({ dimension: 3, distance: 'cosine', index: false, optional: true }) to?: number[];
}

const ROWS = [
  { id: 1, name: 'east', shown: true, to: [1, 0, 0] },
  { id: 2, name: 'nowhere', shown: true, to: [0, 0, 0] },
  { id: 3, name: 'north', shown: true, to: [0, 1, 0] },
  { id: 4, name: 'nowhere too', shown: false, to: [0, 0, -0] },
  { id: 5, name: 'nearly east', shown: true, to: [0.9, 0.1, 0] },
  { id: 6, name: 'unknown', shown: true },
];

describe.each(backends)('vectors of zeros on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Indexed, Bare] });
    em = test.orm.em.fork();
    await em.insert(Indexed, ROWS);
    await em.insert(Bare, ROWS);
  });
  afterAll(() => test.close());
  beforeEach(() => test.clear());

  it.each([
    ['an index', Indexed],
    ['comparing all', Bare],
  ])('have no cosine distance, and take nobody’s place: by %s', async (_title, entity) => {
    const ids = async (k: number, where = {}) =>
      (await em.nearest(entity, 'to', [1, 0, 0], { k, where })).map(({ entity: { id }, distance }) => {
        expect(distance).toBeGreaterThan(-1e-6);
        return id.key;
      });
    expect(await ids(2)).toEqual([1, 5]);
    expect(await ids(10)).toEqual([1, 5, 3]);
    expect(await ids(2, { shown: true })).toEqual([1, 5]);
    const euclidean = await em.nearest(entity, 'to', [0.1, 0, 0], { k: 2, metric: 'euclidean' });
    expect(euclidean.map(({ entity: { id } }) => id.key)).toEqual([2, 4]);
  });

  it('nor do they in a search by words and meaning', async () => {
    const hits = await em.hybrid(Indexed, { vector: { to: [1, 0, 0] }, text: { name: 'unknown' }, k: 3 });
    expect(hits.map(({ entity: { id } }) => id.key).toSorted()).toEqual([1, 5, 6]);
  });

  it('are compared with nothing by a cosine', async () => {
    for (const entity of [Indexed, Bare]) {
      await expect(em.nearest(entity, 'to', [0, 0, 0])).rejects.toThrow(/zeros, which have no direction/);
      await expect(em.nearest(entity, 'to', [0, -0, 0])).rejects.toBeInstanceOf(ValidationError);
    }
    await expect(em.hybrid(Indexed, { vector: { to: [0, 0, 0] }, text: { name: 'east' } })).rejects.toBeInstanceOf(
      ValidationError,
    );
    expect(test.sent()).toEqual([]);
    expect(await em.nearest(Bare, 'to', [0, 0, 0], { k: 1, metric: 'manhattan' })).toHaveLength(1);
  });
});
