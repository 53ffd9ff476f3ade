import { Field, Id, Relation, Table, UpdatedAt } from '../../lib/decorators/index.js';
import type { EntityClass } from '../../lib/metadata/index.js';
import type { Links } from '../../lib/types/index.js';
import type { RecordId } from '../../lib/values/index.js';
import { SchemaBench } from '../support/schema-bench.js';

class Part {
  @Field('int') x!: number;
}

/** The server keeps what it has defined for the elements of a list when the list becomes something else. */
describe('a list that becomes something else while records are written', () => {
  let bench: SchemaBench;
  beforeEach(async () => {
    bench = await SchemaBench.open();
  });
  afterEach(() => bench.close());

  @Table({ name: 'thing' })
  class Linked {
    @Id('int') id!: RecordId<'thing', number>;
    @Relation(() => Linked, { many: true, optional: true, onDelete: 'cascade' }) f?: Links<Linked>;
  }
  @Table({ name: 'thing' })
  class Pair {
    @Id('int') id!: RecordId<'thing', number>;
    @Field('[string, int]', { default: ['a', 1] }) f!: [string, number];
  }
  @Table({ name: 'thing' })
  class Parts {
    @Id('int') id!: RecordId<'thing', number>;
    @Field(() => [Part], { optional: true }) f?: Part[];
  }
  @Table({ name: 'thing' })
  class Shaped {
    @Id('int') id!: RecordId<'thing', number>;
    @Field('{ a: int }', { default: { a: 1 } }) f!: { a: number };
  }
  @Table({ name: 'thing' })
  class Whole {
    @Id('int') id!: RecordId<'thing', number>;
    @Field(() => Part, { optional: true }) f?: Part;
  }
  @Table({ name: 'thing' })
  class Numbers {
    @Id('int') id!: RecordId<'thing', number>;
    @Field('array<string>', { default: [] }) f!: string[];
    @UpdatedAt() updatedAt!: Date;
  }
  const cases: readonly [string, EntityClass, EntityClass, string, 'safe' | 'force', unknown][] = [
    ['links become a pair that has a default', Linked, Pair, '', 'safe', ['a', 1]],
    ['objects in a list become a shape that has a default', Parts, Shaped, '', 'safe', { a: 1 }],
    ['an object becomes a list, beside a column that is filled in', Whole, Numbers, '{ x: 1 }', 'force', {}],
  ];
  it.each(cases)('%s', async (_name, before, after, held, mode, expected) => {
    await bench.sync('safe', before);
    await bench.run(`CREATE thing:1${held === '' ? '' : ` SET f = ${held}`}; CREATE thing:2`);
    await bench.sync(mode, after);
    expect(await bench.run('SELECT VALUE f FROM ONLY thing:1')).toEqual(expected);
    await bench.run('UPDATE thing:2');
  });
});
