import 'reflect-metadata';
import {
  Field,
  Id,
  Relation,
  SoftDelete,
  Table,
  surql,
  type EntityManager,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';
import { backends } from '../support/backends.js';
import { expectInOrder } from '../support/in-order.js';
import { openOrm, type TestOrm } from '../support/open-orm.js';

@Table({ name: 'album' })
class Album {
  @Id() id!: RecordId<'album'>;
  @SoftDelete() deletedAt?: Date;
  @Relation(() => Song, { inverse: 'album', owns: true }) songs!: Links<Song>;
  @Relation(() => Song, { many: true, owns: true }) extras!: Links<Song>;
  @Relation(() => Note, { inverse: 'album', owns: true }) notes!: Links<Note>;
}

@Table({ name: 'song' })
class Song {
  @Id() id!: RecordId<'song'>;
  @SoftDelete() deletedAt?: Date;
  @Relation(() => Album, { optional: true }) album?: Link<Album>;
  @Relation(() => Verse, { inverse: 'song', owns: true }) verses!: Links<Verse>;
}

@Table({ name: 'verse' })
class Verse {
  @Id() id!: RecordId<'verse'>;
  @SoftDelete() deletedAt?: Date;
  @Relation(() => Song, { optional: true }) song?: Link<Song>;
}

/** Deleted for good, whatever its owner is. */
@Table({ name: 'note' })
class Note {
  @Id() id!: RecordId<'note'>;
  @Field('option<string>') text?: string;
  @Relation(() => Album, { optional: true }) album?: Link<Album>;
}

const TABLES = ['album', 'song', 'verse', 'note'];
const FETCH = { songs: { fetch: { verses: true } }, extras: true, notes: true } as const;
const SHOWN = { filters: { softDelete: false } } as const;

describe.each(backends)('owners that are deleted softly, on $name', (backend) => {
  let test: TestOrm;
  let em: EntityManager;
  let album: Album;

  beforeAll(async () => {
    test = await openOrm(backend, { entities: [Album, Song, Verse, Note] });
  });
  afterAll(() => test.close());
  beforeEach(async () => {
    const setup = test.orm.em.fork();
    for (const table of TABLES) await setup.query(surql`DELETE ${surql.id(table)}`);
    setup.create(Album, {
      id: 'a',
      songs: [{ id: 's1', verses: [{ id: 'v1' }] }, { id: 's0' }],
      extras: [{ id: 's2' }],
      notes: [{ id: 'n' }],
    });
    await setup.flush();
    // One was deleted by itself, before all the others.
    setup.remove(await setup.findOneOrFail(Song, 's0'));
    await setup.flush();
    await new Promise((resolve) => setTimeout(resolve, 5));
    em = test.orm.em.fork();
    album = await em.findOneOrFail(Album, 'a', { fetch: FETCH });
    test.clear();
  });
  afterEach(() => expectInOrder(test, em));

  async function keys(hidden: boolean): Promise<string[]> {
    const fork = test.orm.em.fork();
    const options = hidden ? SHOWN : {};
    const found = [
      await fork.find(Album, {}, options),
      await fork.find(Song, {}, options),
      await fork.find(Verse, {}, options),
      await fork.find(Note, {}, options),
    ];
    return found
      .flat()
      .map(({ id }) => String(id.key))
      .sort();
  }
  const live = () => keys(false);
  const all = () => keys(true);

  async function flushed(): Promise<string[]> {
    test.clear();
    await em.flush();
    return test.sent();
  }

  it('take what they own along at one time, and what cannot come back stays', async () => {
    em.remove(album);
    expect(await flushed()).toHaveLength(1);
    expect(await live()).toEqual(['n']);
    expect(await all()).toEqual(['a', 'n', 's0', 's1', 's2', 'v1']);
    const fork = test.orm.em.fork();
    const [gone, song, verse] = [
      await fork.findOneOrFail(Album, 'a', SHOWN),
      await fork.findOneOrFail(Song, 's1', SHOWN),
      await fork.findOneOrFail(Verse, 'v1', SHOWN),
    ];
    expect([song.deletedAt, verse.deletedAt]).toEqual([gone.deletedAt, gone.deletedAt]);
  });

  it('come back with what went with them, and not with what had gone before', async () => {
    em.remove(album);
    await em.flush();
    em.restore(album);
    expect((await flushed()).filter((text) => text.startsWith('BEGIN'))).toHaveLength(1);
    expect(await live()).toEqual(['a', 'n', 's1', 's2', 'v1']);
    expect(album.songs.ids.map(({ key }) => key)).toEqual(['s1']);
    expect(album.deletedAt).toBeUndefined();
  });

  it('come back so to an EntityManager that knows nothing of that', async () => {
    em.remove(album);
    await em.flush();
    em = test.orm.em.fork();
    em.restore(await em.findOneOrFail(Album, 'a', SHOWN));
    await em.flush();
    expect(await live()).toEqual(['a', 'n', 's1', 's2', 'v1']);
  });

  it('go for good with what went with them', async () => {
    em.remove(album);
    await em.flush();
    em.remove(album, { hard: true });
    await em.flush();
    expect(await all()).toEqual(['s0']);
    expect(em.contains(album)).toBe(false);
  });

  it('and so from an EntityManager that has only read the owner', async () => {
    em.remove(album);
    await em.flush();
    em = test.orm.em.fork();
    em.remove(await em.findOneOrFail(Album, 'a', SHOWN), { hard: true });
    await em.flush();
    // Notes were never deleted: what is owned and nobody has read is the business of `onDelete`.
    expect(await all()).toEqual(['n', 's0']);
  });

  it('whoever changes his mind before the flush leaves them as they are', async () => {
    em.remove(album);
    await em.flush();
    const before = await all();
    em.restore(album);
    em.remove(album);
    await em.flush();
    expect(await live()).toEqual(['n']);
    em.remove(album, { hard: true });
    em.restore(album);
    await em.flush();
    expect(await live()).toEqual(['a', 'n', 's1', 's2', 'v1']);
    expect(await all()).toEqual(before);
  });
});
