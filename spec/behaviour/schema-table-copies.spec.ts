import {
  Analyzer,
  Computed,
  CreatedAt,
  Encrypted,
  Event,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  UpdatedAt,
  VectorField,
  Version,
} from '../../lib/decorators/index.js';
import { MetadataError, ValidationError } from '../../lib/errors/index.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, WriteOnly } from '../../lib/types/index.js';
import { RecordId } from '../../lib/values/index.js';
import { harmful, SchemaBench } from '../support/schema-bench.js';

@Table({ name: 'item' })
@Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
@Event({ name: 'noted', then: surql`CREATE note SET of = $after.id` })
class Item {
  @Id('int') id!: RecordId<'item', number>;
  @Field('string') title!: string;
  @Field('string', { readonly: true }) code!: string;
  @Encrypted('argon2') secret!: WriteOnly<string>;
  @Computed(surql`string::uppercase(title)`, { type: 'string' }) shown!: string;
  @Computed(surql`string::lowercase(title)`, { type: 'string', stored: true }) low!: string;
  @VectorField({ dimension: 2, distance: 'cosine' }) embedding!: number[];
  @CreatedAt() created!: Date;
  @UpdatedAt() updated!: Date;
  @Version() version!: number;
}

@Table({ name: 'article', renamedFrom: 'item', changefeed: { expiry: '1d' } })
@Analyzer({ name: 'words', tokenizers: ['blank'], filters: ['lowercase'] })
@FullText({ name: 'by_title', fields: ['title'], analyzer: 'words' })
@Event({ name: 'noted', then: surql`CREATE note SET of = $after.id` })
class Article {
  @Id('int') id!: RecordId<'article', number>;
  @Field('string', { assert: surql`$value != ''` }) title!: string;
  @Field('string', { readonly: true }) code!: string;
  @Encrypted('argon2') secret!: WriteOnly<string>;
  @Computed(surql`string::uppercase(title)`, { type: 'string' }) shown!: string;
  @Computed(surql`string::lowercase(title)`, { type: 'string', stored: true }) low!: string;
  @VectorField({ dimension: 2, distance: 'cosine' }) embedding!: number[];
  @CreatedAt() created!: Date;
  @UpdatedAt() updated!: Date;
  @Version() version!: number;
}

const ITEMS = `CREATE item:1 SET title = 'Red Fox', code = 'a', secret = 'pass', embedding = [1, 0];
  CREATE item:2 SET title = 'Blue Whale', code = 'b', secret = 'word', embedding = [0, 1];
  UPDATE item:2 SET title = 'Grey Whale'; DELETE note`;

describe('what a copied table holds', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.sync('safe', Item);
    await bench.run(ITEMS);
  });
  afterEach(() => bench.close());

  it('is what stood there: no field is computed anew, and no event is set off', async () => {
    const held = (rows: readonly object[]) => rows.map((row) => ({ ...row, id: undefined }));
    const before = await bench.run<object[]>('SELECT * FROM item ORDER BY id');
    await bench.sync('safe', Article);
    expect(held(await bench.run('SELECT * FROM article ORDER BY id'))).toEqual(held(before));
    expect(before).toMatchObject([{ shown: 'RED FOX', low: 'red fox' }, { low: 'grey whale' }]);
    expect(await bench.run('SELECT * FROM note')).toEqual([]);
    // They are in force from then on.
    await bench.run(`UPDATE article:1 SET title = 'Old Fox'`);
    expect(await bench.run('SELECT VALUE of FROM note')).toEqual([new RecordId('article', 1)]);
    await expect(bench.run(`UPDATE article:1 SET code = 'z'`)).rejects.toMatchObject({ code: 'QUERY' });
    await expect(bench.run(`UPDATE article:1 SET title = ''`)).rejects.toMatchObject({ code: 'QUERY' });
    // What is computed is not stored.
    await bench.run('DEFINE FIELD OVERWRITE shown ON article TYPE option<string>');
    expect(await bench.run('SELECT VALUE shown FROM article')).toEqual([undefined, undefined]);
  });

  it('is found by full text and by vector', async () => {
    await bench.sync('safe', Article);
    expect(await bench.run(`SELECT VALUE id FROM article WHERE title @@ 'whale'`)).toEqual([
      new RecordId('article', 2),
    ]);
    expect(await bench.run('SELECT VALUE id FROM article WHERE embedding <|1,10|> [1, 0]')).toEqual([
      new RecordId('article', 1),
    ]);
  });

  it('is 10,000 records', async () => {
    await bench.run('DELETE item; REMOVE EVENT noted ON item');
    for (let from = 0; from < 10_000; from += 500) {
      await bench.run(
        `FOR $i IN $from..$to { CREATE type::record('line', $i) SET text = <string> $i, amount = $i RETURN NONE }`,
        { from, to: from + 500 },
      );
    }
    const started = performance.now();
    await bench.sync('safe', Row);
    expect(await bench.run('SELECT count() AS n, math::sum(amount) AS sum FROM row GROUP ALL')).toEqual([
      { n: 10_000, sum: 49_995_000 },
    ]);
    expect(await bench.run(`SELECT VALUE amount FROM row WHERE text = '9999'`)).toEqual([9999]);
    expect(performance.now() - started).toBeLessThan(60_000);
  }, 120_000);
});

@Table({ name: 'row', renamedFrom: 'line' })
@Index({ name: 'by_text', fields: ['text'], unique: true })
class Row {
  @Id('int') id!: RecordId<'row', number>;
  @Field('string') text!: string;
  @Field('int') amount!: number;
}

describe('a table that cannot be copied as it is', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.run(`DEFINE TABLE line SCHEMAFULL; DEFINE FIELD text ON line TYPE string;
      DEFINE FIELD amount ON line TYPE option<int>; CREATE line:1 SET text = 'a', amount = 1;
      CREATE line:2 SET text = 'a'; CREATE line:3 SET text = 'b', amount = 3`);
  });
  afterEach(() => bench.close());

  it('is left alone, with the records counted that do not fit', async () => {
    const error = await bench.refused(Row);
    expect(harmful(error)).toEqual(['createField narrowing 1', 'createIndex narrowing 2']);
    await bench.run('UPDATE line:2 SET amount = 2');
    expect(harmful(await bench.refused(Row))).toEqual(['createIndex narrowing 2']);
    await expect(bench.manager(Row).sync({ mode: 'force' })).rejects.toMatchObject({ code: 'SCHEMA_DRIFT' });
    await bench.run(`UPDATE line:2 SET text = 'c'`);
    expect(harmful(await bench.sync('safe', Row))).toEqual([]);
  });

  it('is copied in one: what fails in the middle leaves everything as it was', async () => {
    await bench.run(`UPDATE line:2 SET amount = 2, text = 'c'; DEFINE TABLE late SCHEMAFULL; CREATE late:1`);
    const before = await bench.describe();
    await expect(bench.manager(Row, Broken).sync()).rejects.toMatchObject({ code: 'QUERY' });
    expect(await bench.describe()).toEqual(before);
    await bench.sync('safe', Row);
  });

  it('has edges: they are counted, and stay with the old table', async () => {
    await bench.run(`UPDATE line:2 SET amount = 2, text = 'c'; RELATE line:1->near->line:2`);
    const error = await bench.refused(Row);
    expect(harmful(error)).toEqual(['copyTable narrowing 2']);
    expect(error.message).toContain('2 records could not be copied to row as they are');
    await bench.sync('force', Row);
    expect(await bench.run('RETURN [line:1->near->line, (SELECT VALUE id FROM row)]')).toEqual([
      [new RecordId('line', 2)],
      [1, 2, 3].map((key) => new RecordId('row', key)),
    ]);
    expect(harmful(await bench.manager(Row).plan({ contract: true }))).toEqual(['removeTable destructive 2']);
  });

  it('has a column that the new table has not: that is lost when the old table goes, and counted then', async () => {
    await bench.run(`UPDATE line:2 SET amount = 2, text = 'c'; DEFINE FIELD more ON line TYPE option<string>;
      UPDATE line:3 SET more = 'x'`);
    expect(harmful(await bench.sync('safe', Row))).toEqual([]);
    expect(await bench.run('SELECT * FROM row:3')).toEqual([{ id: new RecordId('row', 3), text: 'b', amount: 3 }]);
    expect(harmful(await bench.manager(Row).plan({ contract: true }))).toEqual(['removeTable destructive 1']);
    await bench.run('UPDATE line UNSET more');
    expect(harmful(await bench.manager(Row).plan({ contract: true }))).toEqual([]);
  });

  it('holds columns in no definition: they are counted where the new table takes none', async () => {
    await bench.run(`DEFINE TABLE OVERWRITE line SCHEMALESS; UPDATE line:2 SET amount = 2, text = 'c';
      UPDATE line:3 SET more = 'x'`);
    expect(harmful(await bench.refused(Row))).toEqual(['copyTable narrowing 1']);
  });

  it('gets a new column with a default that takes any key', async () => {
    @Table({ name: 'row', renamedFrom: 'line' })
    class Wide extends Row {
      @Field('array<object>', { flexible: true, default: surql`[{ a: 1 }]` }) more!: object[];
    }
    await bench.run(`UPDATE line:2 SET amount = 2, text = 'c'`);
    await bench.sync('safe', Wide);
    expect(await bench.run('SELECT VALUE more FROM row')).toEqual([[{ a: 1 }], [{ a: 1 }], [{ a: 1 }]]);
    await bench.run('UPDATE row SET more += { b: 2 }');
  });

  it('was renamed once: what is there already is not copied again', async () => {
    await bench.run(`UPDATE line:2 SET amount = 2, text = 'c'`);
    await bench.sync('safe', Row);
    await bench.run('DELETE row:1');
    await bench.sync('safe', Row);
    expect(await bench.run('SELECT VALUE id FROM row')).toEqual([2, 3].map((key) => new RecordId('row', key)));
    expect(harmful(await bench.manager(Row).plan({ contract: true }))).toEqual(['removeTable destructive 1']);
  });
});

describe('a new table that was there before anybody said what it had been', () => {
  it('is not copied to: links stay, and take both, until the old table goes', async () => {
    @Table({ name: 'human' })
    class Early {
      @Id() id!: RecordId<'human'>;
    }
    const bench = await SchemaBench.open();
    await bench.sync('safe', Member, Badge);
    await bench.run('CREATE member:a; CREATE badge:1 SET of = member:a');
    await bench.sync('safe', Early);
    await bench.sync('safe', Human, HumanBadge);
    expect(await bench.run('RETURN [(SELECT * FROM human), (SELECT VALUE of FROM badge)]')).toEqual([
      [],
      [new RecordId('member', 'a')],
    ]);
    await bench.run('CREATE human:b; CREATE badge:2 SET of = human:b; UPDATE badge');
    const schema = bench.manager(Human, HumanBadge);
    expect(harmful(await schema.plan({ contract: true }))).toEqual(['removeTable destructive 1']);
    await bench.run('CREATE human:a');
    expect(harmful(await schema.sync({ contract: true }))).toEqual([]);
    expect(await bench.run('SELECT VALUE of FROM badge')).toEqual([
      new RecordId('human', 'a'),
      new RecordId('human', 'b'),
    ]);
    await bench.close();
  });
});

@Table({ name: 'late' })
class Broken {
  @Id('int') id!: RecordId<'late', number>;
  @Field('int', { default: surql`<int> 'no number'` }) rank!: number;
}

@Table({ name: 'member' })
class Member {
  @Id() id!: RecordId<'member'>;
}

@Table({ name: 'knows', type: 'relation', in: () => Member, out: () => Member })
class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Member>;
  @Out() out!: Link<Member>;
  @Field('int') since!: number;
}

@Table({ name: 'human', renamedFrom: 'member' })
class Human {
  @Id() id!: RecordId<'human'>;
}

@Table({ name: 'knows', type: 'relation', in: () => Human, out: () => Human })
class KnowsHuman {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Human>;
  @Out() out!: Link<Human>;
  @Field('int') since!: number;
}

@Table({ name: 'badge' })
class Badge {
  @Id('int') id!: RecordId<'badge', number>;
  @Relation(() => Member, { onDelete: 'cascade' }) of!: Link<Member>;
}

@Table({ name: 'badge' })
class HumanBadge {
  @Id('int') id!: RecordId<'badge', number>;
  @Relation(() => Human, { onDelete: 'cascade' }) of!: Link<Human>;
}

@Table({ name: 'plain', renamedFrom: 'knows' })
class Plain {
  @Id() id!: RecordId<'plain'>;
}

describe('edges and renamed tables', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
    await bench.sync('safe', Member, Knows);
  });
  afterEach(() => bench.close());

  it.each<[string, readonly EntityClass[], RegExp]>([
    ['its own', [Plain, Member], /The table knows cannot be renamed to plain[^]*its records are edges/],
    ['of an entity, at its ends', [Human, KnowsHuman], /The table member cannot[^]*knows is a table of edges/],
    ['of no entity, at its ends', [Human], /The table member cannot[^]*knows is a table of edges[^]*m\.em/],
  ])('are refused before anything is done: %s', async (_, classes, message) => {
    const before = await bench.describe();
    const schema = bench.manager(...classes);
    await expect(schema.plan()).rejects.toThrow(message);
    await expect(schema.sync({ mode: 'force' })).rejects.toBeInstanceOf(ValidationError);
    expect(await bench.describe()).toEqual(before);
  });
});

describe('the name that a table had', () => {
  it.each<[string, () => readonly EntityClass[], RegExp]>([
    [
      'its own',
      () => {
        @Table({ name: 'a', renamedFrom: 'a' })
        class A {
          @Id() id!: RecordId;
        }
        return [A];
      },
      /A: it is renamed from "a", which is the table of the class itself/,
    ],
    [
      "another entity's",
      () => {
        @Table({ name: 'b' })
        class B {
          @Id() id!: RecordId;
        }
        @Table({ name: 'a', renamedFrom: 'b' })
        class A {
          @Id() id!: RecordId;
        }
        return [A, B];
      },
      /A: it is renamed from "b", which is the table of B/,
    ],
    [
      "another one's as well",
      () => {
        @Table({ name: 'a', renamedFrom: 'x' })
        class A {
          @Id() id!: RecordId;
        }
        @Table({ name: 'b', renamedFrom: 'x' })
        class B {
          @Id() id!: RecordId;
        }
        return [A, B];
      },
      /A: B is renamed from the table "x" too[^]*renamedFrom at one of them/,
    ],
    [
      'no name',
      () => {
        @Table({ name: 'a', renamedFrom: ' ' })
        class A {
          @Id() id!: RecordId;
        }
        return [A];
      },
      /A: renamedFrom is no name of a table/,
    ],
    [
      'that of edges',
      () => {
        @Table({ name: 'likes', type: 'relation', in: () => Member, out: () => Member, renamedFrom: 'x' })
        class Likes {
          @Id() id!: RecordId;
          @In() in!: Link<Member>;
          @Out() out!: Link<Member>;
        }
        return [Likes, Member];
      },
      /Likes: the records of "x" are edges/,
    ],
    [
      'said by a class below',
      () => {
        @Table({ name: 'a', discriminator: 'kind', value: 'a' })
        class A {
          @Id() id!: RecordId;
        }
        @Table({ value: 'b', renamedFrom: 'x' })
        class B extends A {}
        return [A, B];
      },
      /B: it shares the table of A, which alone can be renamed from "x"/,
    ],
  ])('cannot be %s', async (_, classes, message) => {
    const bench = await SchemaBench.open();
    expect(() => bench.manager(...classes())).toThrow(MetadataError);
    expect(() => bench.manager(...classes())).toThrow(message);
    await bench.close();
  });

  it('is that of a table of several classes', async () => {
    @Table({ name: 'animal', discriminator: 'kind', value: 'animal' })
    class Animal {
      @Id('int') id!: RecordId<'animal', number>;
    }
    @Table({ value: 'dog' })
    class Dog extends Animal {
      @Relation(() => Animal, { optional: true }) friend?: Link<Animal>;
    }
    @Table({ name: 'creature', discriminator: 'kind', value: 'animal', renamedFrom: 'animal' })
    class Creature {
      @Id('int') id!: RecordId<'creature', number>;
    }
    @Table({ value: 'dog' })
    class Hound extends Creature {
      @Relation(() => Creature, { optional: true }) friend?: Link<Creature>;
    }
    const bench = await SchemaBench.open();
    await bench.sync('safe', Animal, Dog);
    await bench.run(`CREATE animal:1 SET kind = 'animal'; CREATE animal:2 SET kind = 'dog', friend = animal:1`);
    await bench.sync('safe', Creature, Hound);
    expect(await bench.run('SELECT * FROM creature')).toEqual([
      { id: new RecordId('creature', 1), kind: 'animal' },
      { id: new RecordId('creature', 2), kind: 'dog', friend: new RecordId('creature', 1) },
    ]);
    await bench.close();
  });
});
