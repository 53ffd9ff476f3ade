import {
  CapabilityError,
  Field,
  Id,
  Index,
  MetadataError,
  Reverie,
  Table,
  VectorField,
  type RecordId,
} from '../../lib/index.js';
import { backend } from '../support/backends.js';

@Table({ name: 'word' })
class Plain {
  @Id('int') id!: RecordId<'word', number>;
  @Field('string') text!: string;
  @Field('int') size!: number;
}

@Table({ name: 'word' })
@Index({ fields: ['size'], concurrently: true })
@Index({ fields: ['text'], concurrently: true, comment: 'by text' })
@Index({ name: 'how_many', count: true })
class Word {
  @Id('int') id!: RecordId<'word', number>;
  @Field('string') text!: string;
  @Field('int') size!: number;
}

const ROOT = { username: 'root', password: 'root' };
const ROWS = Array.from({ length: 4000 }, (_, id) => ({ id, text: `w${id}`, size: id % 5 }));

describe('an index that is built concurrently', () => {
  it('is ready when the sync ends, and a count index counts what was there', async () => {
    const store = await backend('ws').open();
    const options = { url: store.url, auth: ROOT, namespace: 'a', database: 'a' };
    const first = await Reverie.init({ ...options, entities: [Plain], sync: 'safe' });
    await first.em.fork().insert(Plain, ROWS);
    await first.close();

    const orm = await Reverie.init({ ...options, entities: [Word], sync: 'off' });
    const plan = await orm.schema.sync();
    expect(plan.steps.map(({ statement }) => statement)).toEqual([
      'DEFINE INDEX size_index ON TABLE word FIELDS size CONCURRENTLY',
      "DEFINE INDEX text_index ON TABLE word FIELDS text COMMENT 'by text' CONCURRENTLY",
      'DEFINE INDEX how_many ON TABLE word COUNT',
    ]);
    const em = orm.em.fork();
    expect(await em.count(Word, { size: 3 })).toBe(800);
    expect(await em.find(Word, { text: 'w3999' })).toHaveLength(1);
    expect(await em.count(Word)).toBe(4000);
    const { indexesUsed } = await em.explain(Word, { text: 'w3999' });
    expect(indexesUsed).toEqual(['text_index']);
    await em.deleteWhere(Word, { size: 0 });
    expect(await em.count(Word)).toBe(3200);
    expect((await orm.schema.plan()).isEmpty).toBe(true);
    await orm.close();
    await store.close();
  });
});

describe('what this server cannot build', () => {
  @Table({ name: 'place' })
  class OnDisk {
    @Id() id!: RecordId<'place', string>;
    @VectorField({ dimension: 3, distance: 'cosine', index: 'diskann', degree: 64 }) at!: number[];
  }
  @Table({ name: 'place' })
  @Index({ fields: ['name'], defer: true })
  class Deferred {
    @Id() id!: RecordId<'place', string>;
    @Field('string') name!: string;
  }

  it.each([
    ['DISKANN', OnDisk],
    ['DEFER', Deferred],
  ])('%s is a capability error that names the version', async (feature, entity) => {
    const booting = Reverie.init({ url: 'mem://', entities: [entity] });
    await expect(booting).rejects.toBeInstanceOf(CapabilityError);
    await expect(booting).rejects.toThrow(new RegExp(`${feature}.*3\\.1\\.0.*3\\.0\\.`));
    const orm = await Reverie.init({ url: 'mem://', entities: [entity], sync: 'off' });
    expect(orm.schema.toSurql()).toContain(feature);
    await orm.close();
  });
});

describe('what no index can be', () => {
  @Table({ name: 'a' })
  @Index({ fields: ['name'], unique: true, concurrently: true })
  class UniqueLater {
    @Id() id!: RecordId<'a', string>;
    @Field('string') name!: string;
  }
  @Table({ name: 'a' })
  @Index({ count: true, where: { name: 'x' } })
  class CountSome {
    @Id() id!: RecordId<'a', string>;
    @Field('string') name!: string;
  }
  @Table({ name: 'a' })
  class Hamming {
    @Id() id!: RecordId<'a', string>;
    @VectorField({ dimension: 3, distance: 'hamming', index: 'diskann' }) at!: number[];
  }

  it.each([
    ['unique and in the background', UniqueLater, 'lets doubles in'],
    ['a count of some', CountSome, 'counts only what is written after'],
    ['DISKANN of a distance that it has not', Hamming, 'a DISKANN index takes'],
  ])('%s', async (_name, entity, why) => {
    const booting = Reverie.init({ url: 'mem://', entities: [entity] });
    await expect(booting).rejects.toBeInstanceOf(MetadataError);
    await expect(booting).rejects.toThrow(why);
  });
});
