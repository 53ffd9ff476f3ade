import { MetadataError } from '../../../lib/errors/index.js';
import { discover, type EntityMetadata } from '../../../lib/metadata/index.js';
import { surql } from '../../../lib/surrealql/surql.js';
import { NONE } from '../../../lib/values/index.js';
import { loose, problemsOf } from './loose-decorators.js';

const {
  Analyzer,
  ConcurrencyCheck,
  CreatedAt,
  Computed,
  Event,
  Field,
  Filter,
  FullText,
  Hidden,
  Id,
  In,
  Index,
  Out,
  Relation,
  SoftDelete,
  Table,
  Unique,
  VectorField,
  Version,
  View,
} = loose;

/** An entity `t` whose one further property is declared by the decorator. */
function entityWith(...property: (ClassDecorator & PropertyDecorator)[]): new () => object {
  @Table({ name: 't' })
  class T {
    @Id() id!: unknown;
  }
  for (const each of property) each(T.prototype, 'p');
  return T;
}

@Table({ name: 'user' })
class User {
  @Id() id!: unknown;
  @Field('string') name!: string;
  @Relation(() => Post, { inverse: 'author' }) posts!: unknown;
}
@Table({ name: 'post' })
class Post {
  @Id() id!: unknown;
  @Relation(() => User) author!: unknown;
  @Relation(() => Post, { many: true }) related!: unknown;
}
@Table({ name: 'likes', type: 'relation', in: () => User, out: () => Post })
class Likes {
  @Id() id!: unknown;
  @In() in!: unknown;
  @Out() out!: unknown;
}

describe('right declarations', () => {
  test('give no problem', () => expect(problemsOf(User, Post, Likes)).toEqual([]));
});

describe('tables', () => {
  test('a schemaValidator that is no schema', () => {
    @Table({ name: 't', schemaValidator: { parse: () => undefined } })
    class T {
      @Id() id!: unknown;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('no schema of the Standard Schema convention')]);
  });

  test('a class without @Table', () => {
    class Bare {
      @Id() id!: unknown;
    }
    expect(problemsOf(Bare)).toEqual([
      "Bare: the class is registered as an entity but has no @Table\n    write: @Table({ name: '…' }) class Bare",
    ]);
  });
  test('a table without a name', () => {
    @Table({})
    class Nameless {
      @Id() id!: unknown;
    }
    expect(problemsOf(Nameless)).toEqual([
      expect.stringMatching(/^Nameless: @Table names no table.*\n {4}write: @Table\(\{ name: '…' \}\)$/),
    ]);
  });
  test('two entities of one table, even with one class name', () => {
    const make = (): new () => object => {
      @Table({ name: 'twin' })
      class Twin {
        @Id() id!: unknown;
      }
      return Twin;
    };
    expect(problemsOf(make(), make())).toEqual([expect.stringContaining('Twin has the same table "twin"')]);
  });
  test('unknown options', () => {
    @Table({ name: 't', type: 'edge', schema: 'none' })
    class T {
      @Id() id!: unknown;
    }
    expect(problemsOf(T)).toEqual([
      expect.stringContaining('unknown table type "edge"'),
      expect.stringContaining('unknown schema "none"'),
    ]);
  });
  test('a generator inside an embedded class', () => {
    class Inner {
      @Field('uuid', { generate: 'uuid' }) token!: unknown;
    }
    expect(problemsOf(entityWith(Field(() => Inner)))).toEqual([
      expect.stringContaining('T.p.token: generate belongs to a field of an entity'),
    ]);
  });
  test('lazy where the value is needed, and inside an embedded class', () => {
    class Inner {
      @Field('string', { lazy: true }) text!: string;
    }
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field(() => Inner, { lazy: true }) inner!: Inner;
      @ConcurrencyCheck() @Field('string', { lazy: true }) state!: string;
    }
    expect(problemsOf(T)).toEqual([
      expect.stringContaining('T.inner.text: a member of an embedded class is read with its object'),
      expect.stringContaining('T.state: it is lazy, but every write needs the value that was read'),
    ]);
  });
  test('a class given twice counts once', () => expect(discover([User, Post, User, Likes]).entities).toHaveLength(3));
  test('a table is not inherited', () => {
    class Sub extends Post {}
    expect(problemsOf(User, Post, Sub)).toEqual([expect.stringContaining('Sub: the class is registered')]);
  });
});

describe('ids', () => {
  test('no @Id', () => {
    @Table({ name: 't' })
    class T {}
    expect(problemsOf(T)).toEqual(["T: the entity has no @Id\n    write: @Id() id!: RecordId<'t'>"]);
  });
  test('another name', () => {
    @Table({ name: 't' })
    class T {
      @Id() key!: unknown;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('T.key: the record id is always called id')]);
  });
  test.each([
    ['integer', /"integer" is not a type of key/],
    [[], /\[\] is not a type of key/],
    [['string', 'nope'], /is not a type of key/],
    [{ type: 'int', generate: 'uuid' }, /a uuid generator does not make keys of type "int"/],
    [{ from: 'nope' }, /"nope", which is not a field/],
  ])('%j', (options, message) => {
    @Table({ name: 't' })
    class T {
      @Id(options) id!: unknown;
    }
    expect(problemsOf(T)).toEqual([expect.stringMatching(message)]);
  });
  test('a key taken from a field of another type', () => {
    @Table({ name: 't' })
    class T {
      @Id({ from: 'n' }) id!: unknown;
      @Field('int') n!: number;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('does not make a key of type "string"')]);
  });
});

describe('types', () => {
  test('a misspelt type, with its place', () => {
    expect(problemsOf(entityWith(Field('array<strng>')))).toEqual([
      'T.p: \'array<strng>\' is not a SurrealQL type: at position 7, unknown type "strng". Did you mean "string"?\n    write: @Field(\'string\') p',
    ]);
  });
  test.each([
    ['integer', /unknown type "integer"\. Did you mean "int"\?\n {4}write: @Field\('int'\) p$/],
    ['boolean', /write: @Field\('bool'\) p$/],
    ['varchar', /write: @Field\('string'\) p$/],
    ['text[]', /write: @Field\('array<string>'\) p$/],
    ['string[]', /unexpected "\[" after the type\n {4}write: @Field\('array<string>'\) p$/],
    ['qqqq', /unknown type "qqqq"\n {4}write: @Field\('string'\) p$/],
  ])('%s, as it is called elsewhere', (type, text) => {
    expect(problemsOf(entityWith(Field(type as 'string')))).toEqual([expect.stringMatching(text)]);
  });
  test.each([
    [String, /^T\.p: its type is written as a text, it was given the class String\n {4}write: @Field\('string'\) p$/],
    [() => Date, /given the class Date\n {4}write: @Field\('datetime'\) p$/],
    [() => [Number], /given the class Number\n {4}write: @Field\('array<number>'\) p$/],
    [class Address {}, /its class is named by a function, it was given the class Address/],
  ])('a class for a type: %p', (given, text) => {
    expect(problemsOf(entityWith(Field(given as never)))).toEqual([expect.stringMatching(text)]);
  });
  test('no type at all, as under esbuild, tsx and standard decorators', () => {
    expect(problemsOf(entityWith(Field()))).toEqual([
      expect.stringMatching(
        /^T\.p: its type is not known, because the compiler emitted none.*\n {4}write: @Field\('string'\) p$/,
      ),
    ]);
  });
  test.each([
    [Array, "@Field('array<string>') p"],
    [Object, "@Field('option<string>') p"],
    [Set, "@Field('set<string>') p"],
    [BigInt, "@Field('int') p"],
    [Uint8Array, "@Field('bytes') p"],
    [class Whatever {}, "@Field('object') p"],
  ])('an emitted type that leaves doubt: %p', (emitted, write) => {
    const T = entityWith(Field());
    Reflect.defineMetadata('design:type', emitted, T.prototype, 'p');
    expect(problemsOf(T)).toEqual([expect.stringContaining(`write: ${write}`)]);
  });
  test('an emitted embedded class', () => {
    class Address {
      @Field('string') city!: string;
    }
    const T = entityWith(Field());
    Reflect.defineMetadata('design:type', Address, T.prototype, 'p');
    expect(problemsOf(T)).toEqual([expect.stringContaining('write: @Field(() => Address) p')]);
  });
  test('two decorators on one property', () => {
    expect(problemsOf(entityWith(Field('string'), Field('int')))).toEqual([
      expect.stringContaining('T.p: two decorators say what this property is'),
    ]);
  });
  test('only a modifier on a property', () => {
    expect(problemsOf(entityWith(Hidden()))).toEqual([expect.stringContaining('no decorator that says what it is')]);
  });
});

describe('fields', () => {
  test.each([
    ["Field('int', { default: 'x' })", Field('int', { default: 'x' }), /the default 'x' is not a value of int/],
    ['a float for an int', Field('int', { default: 1.5 }), /the default 1\.5 is not a value of int/],
    [
      'null where NULL is not admitted',
      Field('string', { default: null }),
      /the default null is not a value of string/,
    ],
    ['NONE where NONE is not admitted', Field('string', { default: NONE }), /is not a value of string/],
    ['a function', Field('string', { default: () => 'x' }), /a function cannot be stored/],
    [
      'a default that the enum has not',
      Field({ type: 'string', enum: ['a', 'b'], default: 'c' } as never),
      /the default 'c' is none of its enum.*\n.*one of 'a', 'b'/,
    ],
    ['a default always', Field('bool', { defaultAlways: 'yes' }), /the default 'yes'/],
    [
      'an assert as text',
      Field('string', { assert: '$value != NONE' }),
      /assert is an expression.*\n.*surql`\$value != NONE`/,
    ],
    ['a value as text', Field('string', { value: 'x' }), /value is an expression/],
    [
      'flexible without an object',
      Field('string', { flexible: true }),
      /only a type that holds an object can be flexible/,
    ],
    ['a uuid generator for an int', Field('int', { generate: 'uuid' }), /generate: 'uuid' makes a uuid/],
    ['an unknown generator', Field('string', { generate: 'nanoid' }), /unknown generator "nanoid"/],
    ['precision of a string', Field('string', { precision: 3 }), /precision and scale belong to a decimal/],
    ['scale above precision', Field('decimal', { precision: 2, scale: 3 }), /precision counts all digits/],
    ['an empty enum', Field({ enum: {} }), /the enum has no values/],
    ['an embedded class that is undefined', Field(() => undefined), /the class it points to is undefined/],
    ['an embedded class without fields', Field(() => class Empty {}), /the embedded class Empty declares no field/],
    ['a computed text', Computed('name'), /has to be written with surql/],
    ['a wrong dimension', VectorField({ dimension: 0 }), /dimension 0 is not a whole number/],
    [
      'a wrong distance',
      VectorField({ dimension: 3, distance: 'cosin' }),
      /unknown distance "cosin"\. Did you mean "cosine"/,
    ],
    ['a wrong vector type', VectorField({ dimension: 3, type: 'F16' }), /unknown vector type "F16"/],
  ])('%s', (_name, decorator, message) => {
    const found = problemsOf(entityWith(decorator));
    expect(found.filter((each) => !each.includes('not supported yet'))).toEqual([expect.stringMatching(message)]);
    expect(found[0]).toMatch(/^T\.p: /);
  });

  test.each([
    Field('int', { default: 3 }),
    Field('int', { default: 3n }),
    Field('option<string>', { default: NONE }),
    Field('string | null', { default: null }),
    Field('datetime', { default: surql`time::now()` }),
    Field('array<string>', { default: [] }),
    Field('object', { default: {}, flexible: true }),
    Field('array<object>', { flexible: true }),
    Field({ enum: { A: 'a', B: 'b' }, default: 'a' }),
    Field('option<decimal>', { precision: 10, scale: 2 }),
  ])('right options (%#)', (decorator) => expect(problemsOf(entityWith(decorator))).toEqual([]));

  test('a class that holds itself', () => {
    class Node {
      @Field('string') name!: string;
      @Field(() => Node, { optional: true }) next?: Node;
    }
    expect(problemsOf(entityWith(Field(() => Node)))).toEqual([expect.stringContaining('T.p.next: Node holds itself')]);
  });
  test('what an embedded class cannot have', () => {
    class Inner {
      @Id() id!: unknown;
      @Version() version!: number;
      @Computed(surql`1`) one!: number;
      @Relation(() => Post, { inverse: 'author' }) posts!: unknown;
    }
    expect(problemsOf(User, Post, entityWith(Field(() => Inner))).map((each) => each.split(':')[0])).toEqual([
      'T.p.id',
      'T.p.version',
      'T.p.one',
      'T.p.posts',
    ]);
  });
});

describe('names', () => {
  test('reserved names and doubled columns', () => {
    class Inner {
      @Field('string') a!: string;
      @Field('string', { name: 'a' }) b!: string;
    }
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field('string') then!: string;
      @Field('string', { name: 'x' }) one!: string;
      @Relation(() => T, { name: 'x' }) two!: unknown;
      @Field('string', { name: '' }) empty!: string;
      @Field('string', { name: 'id' }) other!: string;
      @Field(() => Inner) inner!: Inner;
    }
    expect(problemsOf(T).map((each) => each.split('\n')[0])).toEqual([
      'T.then: "then" cannot be the name of a property',
      'T.two: T.one has the same column "x"',
      'T.empty: the name of the column is empty',
      'T.other: the column "id" belongs to @Id',
      'T.inner.b: T.inner.a has the same column "a"',
    ]);
  });
  test('two versions', () => {
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Version() a!: number;
      @Version() b!: number;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('T.b: an entity has one @Version')]);
  });
  test('members that cannot be mapped', () => {
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field('string') static shared: string;
      @Field('string') get view(): string {
        return '';
      }
      @loose.BeforeSave() notAMethod!: string;
    }
    (SoftDelete() as unknown as (target: unknown) => void)(T);
    const found = problemsOf(T);
    expect(found).toHaveLength(4);
    for (const each of [
      expect.stringMatching(/T.view: @Field stands on a getter member; it needs an ordinary property/),
      expect.stringMatching(/T.notAMethod: @BeforeSave stands on a field member; it needs an ordinary method/),
      expect.stringMatching(/T.shared: @Field stands on a static member/),
      expect.stringMatching(/T: @SoftDelete stands on the class; it needs an ordinary property/),
    ]) {
      expect(found).toContainEqual(each);
    }
  });
});

describe('relations', () => {
  test('to a class that is not registered, or undefined, or fails', () => {
    expect(problemsOf(entityWith(Relation(() => User)))).toEqual([
      expect.stringMatching(/T\.p: it points to User, which is not among the registered entities\n.*entities: \[User/),
    ]);
    expect(problemsOf(entityWith(Relation(() => undefined)))).toEqual([
      expect.stringMatching(/T\.p: the class it points to is undefined.*circular import/),
    ]);
    const early = (): unknown => {
      throw new ReferenceError("Cannot access 'User' before initialization");
    };
    expect(problemsOf(entityWith(Relation(early)))[0]).toMatch(/T\.p: Cannot access 'User'/);
  });
  test.each([
    [
      'a missing property',
      Relation(() => Post, { inverse: 'autor' }),
      /Post\.autor, which does not exist\. Did you mean "author"\?/,
    ],
    ['one that stores no link', Relation(() => User, { inverse: 'posts' }), /User\.posts, which stores no link/],
    [
      'the end of an edge',
      Relation(() => Likes, { inverse: 'in' }),
      /Likes\.in, the end of an edge; .*\n {4}write: @Relation\(\(\) => …, \{ edge: \(\) => Likes, direction: 'out' \}\) p, /,
    ],
    ['one that leads elsewhere', Relation(() => Post, { inverse: 'author' }), /Post\.author, which points to User/],
  ])('an inverse that names %s', (_name, decorator, message) => {
    const found = problemsOf(User, Post, Likes, entityWith(decorator));
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(message);
  });
  test.each([
    [{ many: true, inverse: 'author' }, /many and inverse exclude each other/],
    [{ list: true }, /list belongs to many/],
    [{ direction: 'in' }, /direction belongs to an edge/],
    [{ edge: () => Likes, onDelete: 'cascade' }, /onDelete belongs to the side that stores the link/],
    [{ edge: () => User }, /User is not an edge/],
    [{ edge: () => Likes }, /Likes does not lead out of T to Post/],
    [{ edge: () => class Other {} }, /Other, which is not among the registered entities/],
  ])('%j', (options, message) => {
    expect(problemsOf(User, Post, Likes, entityWith(Relation(() => Post, options)))).toContainEqual(
      expect.stringMatching(message),
    );
  });
  test('an edge in the wrong direction', () => {
    class Sub extends User {
      @Relation(() => Post, { edge: () => SubLikes, direction: 'in' }) liked!: unknown;
    }
    Table({ name: 'sub' })(Sub);
    @Table({ name: 'sub_likes', type: 'relation', in: () => Sub, out: () => Post })
    class SubLikes extends Likes {}
    expect(problemsOf(Post, Sub, SubLikes, User)).toContainEqual(
      expect.stringMatching(/SubLikes does not lead into Sub from Post\n.*direction: 'out'/),
    );
  });
});

describe('edges', () => {
  test('without ends', () => {
    @Table({ name: 'e', type: 'relation' })
    class E {
      @Id() id!: unknown;
      @Field('string', { name: 'in' }) from!: string;
    }
    expect(problemsOf(E).map((each) => each.split('\n')[0])).toEqual([
      'E: the edge does not say what its in is',
      'E: the edge has no property with @In()',
      'E: the edge does not say what its out is',
      'E: the edge has no property with @Out()',
      'E.from: the column "in" of an edge is one of its ends',
    ]);
  });
  test('ends on an ordinary table', () => {
    @Table({ name: 'e', in: () => User })
    class E {
      @Id() id!: unknown;
      @In() in!: unknown;
    }
    expect(problemsOf(User, Post, E)).toEqual([
      expect.stringContaining('E.in: @In and @Out belong to an edge'),
      expect.stringContaining("in and out belong to type: 'relation'"),
    ]);
  });
});

test('a value that is computed at each read has a plain name', () => {
  @Table({ name: 't' })
  class T {
    @Id() id!: unknown;
    @Computed(surql`1`, { type: 'int', name: 'bi o' }) odd!: number;
    @Computed(surql`1`, { type: 'int', name: 'by o', stored: true }) kept!: number;
  }
  expect(problemsOf(T)).toEqual([
    expect.stringMatching(/T.odd: the server cannot read a value that is computed under the name "bi o"/),
  ]);
});

describe('indexes', () => {
  test.each([
    [
      Index({ fields: ['nmae'] }),
      /the index on "nmae" cannot be made: there is no property "nmae"\. Did you mean "name"\?/,
    ],
    [Index({ fields: ['address.street'] }), /there is no property "street"/],
    [Index({ fields: ['posts'] }), /"posts" is a relation without a column/],
    [Index({ fields: [] }), /has no fields/],
    [Index({ count: true, fields: ['name'] }), /counts records, so it has no fields/],
    [Index({ fields: ['name'], unique: true, fulltext: { analyzer: 'a' } }), /cannot be unique and fulltext at once/],
    [Index({ fields: ['name', 'age'], fulltext: { analyzer: 'a' } }), /has several fields; the engine takes one each/],
    [Index({ fields: ['name'], where: { age: 1 } }), /which only unique indexes can have/],
    [Index({ fields: ['label'] }), /cannot hold a value that is computed at each read/],
  ])('%#', (decorator, message) => {
    class Address {
      @Field('string') city!: string;
    }
    @decorator
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field('string') name!: string;
      @Field('int') age!: number;
      @Field(() => Address) address!: Address;
      @Computed(surql`name`) label!: string;
      @Relation(() => Post, { inverse: 'related' }) posts!: unknown;
    }
    expect(problemsOf(User, Post, T)).toContainEqual(expect.stringMatching(message));
  });
  test('two of one name', () => {
    @Index({ name: 'i', fields: ['a'] })
    @Index({ name: 'i', fields: ['b'] })
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field('string') a!: string;
      @Field('string') b!: string;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('two indexes are called "i"')]);
  });
  test('the same twice', () => {
    @Index({ fields: ['a'], unique: true })
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Unique({ name: 'other' }) @Field('string') a!: string;
    }
    expect(problemsOf(T)).toEqual([expect.stringContaining('"a_unique" and "other" are the same')]);
  });
  test('right ones', () => {
    @FullText({ fields: ['a', 'b'], analyzer: 'x' })
    @Index({ count: true })
    @Index({ fields: ['tags.*'] })
    @Index({ fields: ['settings.theme'] })
    @Index({ fields: ['a'], unique: true, where: { b: 'x' }, nullsDistinct: false })
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
      @Field('string') a!: string;
      @Field('string') b!: string;
      @Field('array<string>') tags!: string[];
      @Field('object', { flexible: true }) settings!: object;
    }
    expect(problemsOf(T)).toEqual([]);
    expect(discover([T]).entities[0]?.indexes.map((each) => each.name)).toEqual([
      'a_fulltext',
      'b_fulltext',
      'count',
      'tags_index',
      'settings_theme_index',
      'a_unique',
    ]);
  });
});

describe('events and views', () => {
  test('events', () => {
    @Event({ name: 'e', then: surql`1` })
    @Event({ name: 'e', when: 'true', then: [] })
    @Table({ name: 't' })
    class T {
      @Id() id!: unknown;
    }
    expect(problemsOf(T)).toEqual([
      expect.stringContaining('two events are called "e"'),
      expect.stringContaining('what the event "e" does has to be written with surql'),
      expect.stringContaining('the condition of the event "e" has to be written with surql'),
    ]);
  });
  test('a view is read only; beside @Table it is refused', () => {
    @View({ name: 'v', as: surql`SELECT count() AS n FROM user GROUP ALL` })
    class V {
      @Id('any') id!: unknown;
      @Field('int') n!: number;
    }
    expect(discover([V]).entities[0]).toMatchObject({
      table: 'v',
      type: 'view',
      readOnly: true,
      view: { as: { kind: 'Fragment' } },
    });
    @View({ name: 'w', as: surql`SELECT * FROM user` })
    @Table({ name: 'w' })
    class W {
      @Id() id!: unknown;
    }
    expect(problemsOf(W)).toEqual([expect.stringContaining('@View and @Table exclude each other')]);
  });
});

describe('the error', () => {
  @Table({ name: 'a' })
  class A {
    @Field('strng') x!: string;
    @CreatedAt() at!: Date;
    @Relation(() => B) b!: unknown;
  }
  @Table({ name: 'a' })
  class B {
    @Id() id!: unknown;
    @Field() y!: unknown;
  }

  test('lists every problem of every entity at once, each with what to write', () => {
    expect(() => discover([A, B])).toThrow(MetadataError);
    const problems = problemsOf(A, B);
    expect(problems.map((each) => each.split(':')[0])).toEqual(['A.x', 'B.y', 'A', 'A', 'B']);
    expect(problems.every((each) => each.includes('\n    write: '))).toBe(true);
    try {
      discover([A, B]);
    } catch (error) {
      expect((error as MetadataError).message).toMatch(/^5 problems in the entity classes\n {2}- A\.x: /);
      expect((error as MetadataError).code).toBe('METADATA');
    }
  });
});

describe('what is no class', () => {
  test.each([
    [undefined, /entities\[1\]: undefined stands where a class belongs: its file has not finished loading/],
    ['user', /entities\[1\]: it is the text "user", not a class/],
    [new Date(0), /entities\[1\]: it is an instance of Date, not a class/],
    [{}, /entities\[1\]: it is a plain object, not a class/],
  ])('among the entities: %p', (given, message) => {
    expect(problemsOf(User, given as never)).toEqual([expect.stringMatching(message)]);
  });

  class Target {}
  test.each([
    ['the text of a name', 'Target', /T\.p: its class is named by a function, it was given the text "Target"/],
    ['the class itself', Target, /T\.p: its class is named by a function, it was given the class Target/],
    ['a function that names none', () => undefined, /T\.p: the class it points to is undefined: its file/],
    ['a function that names a text', () => 'Target', /T\.p: it points to the text "Target", not to a class/],
    [
      'a function that throws',
      () => {
        throw new ReferenceError('Target is not defined');
      },
      /T\.p: Target is not defined/,
    ],
  ])('as the target of a relation: %s', (_title, given, message) => {
    const found = problemsOf(entityWith(Relation(given as never)));
    expect(found).toEqual([expect.stringMatching(message)]);
    expect(found[0]).toContain('write: @Relation(() => Target) p');
  });
});

test('a default tells which type to write where the compiler tells none', () => {
  expect(problemsOf(entityWith(Field({ default: true } as never)))).toEqual([
    expect.stringContaining("write: @Field('bool', { default: … }) p"),
  ]);
});

describe('soft delete', () => {
  test('alone declares an option<datetime>', () => {
    const [meta] = discover([entityWith(SoftDelete())]).entities;
    expect(meta?.softDelete).toMatchObject({ property: 'p', column: 'p', role: 'softDelete', optional: true });
    expect(meta?.filters).toEqual([{ name: 'softDelete', where: { p: { $isNone: true } }, default: true }]);
    const [named] = discover([entityWith(SoftDelete({ name: 'gone_at', hidden: true }))]).entities;
    expect(named?.softDelete).toMatchObject({ column: 'gone_at', hidden: true });
  });

  test('stands beside a field of that type, in either order', () => {
    for (const order of [
      [SoftDelete(), Field('option<datetime>')],
      [Field('option<datetime>'), SoftDelete()],
    ]) {
      const [meta] = discover([entityWith(...order)]).entities;
      expect(meta?.softDelete?.property).toBe('p');
    }
  });

  test.each([
    [
      'a datetime that is always there',
      [SoftDelete(), Field('datetime')],
      /needs option<datetime>, the field is datetime/,
    ],
    ['another type', [SoftDelete(), Field('option<string>')], /needs option<datetime>/],
    ['what is no field', [SoftDelete(), CreatedAt()], /stands on a plain field/],
    ['READONLY', [SoftDelete(), Field('option<datetime>', { readonly: true })], /cannot be READONLY/],
    ['options twice', [SoftDelete({ name: 'x' }), Field('option<datetime>')], /belong to the @Field beside it/],
  ])('%s', (_title, decorators, message) => {
    expect(problemsOf(entityWith(...decorators))).toEqual([expect.stringMatching(message)]);
  });

  test('twice, and in an embedded class', () => {
    @Table({ name: 't' })
    class Twice {
      @Id() id!: unknown;
      @SoftDelete() a!: unknown;
      @SoftDelete() b!: unknown;
    }
    expect(problemsOf(Twice)).toEqual([expect.stringMatching(/Twice\.b: an entity has one @SoftDelete/)]);
    class Inner {
      @SoftDelete() at!: unknown;
    }
    expect(problemsOf(entityWith(Field(() => Inner)))).toEqual([expect.stringMatching(/belongs to the entity/)]);
  });
});

describe('filters', () => {
  function withFilters(...filters: ClassDecorator[]): new () => object {
    const T = entityWith(Field('string'));
    for (const filter of filters) filter(T);
    return T;
  }

  test('those of a base class count, and a subclass may say them anew', () => {
    @Filter({ name: 'a', where: { p: 'base' } })
    @Filter({ name: 'b', where: { p: 'b' }, default: true })
    abstract class Base {
      @Id() id!: unknown;
      @Field('string') p!: unknown;
    }
    @Table({ name: 't' })
    @Filter({ name: 'a', where: { p: 'own' } })
    class T extends Base {}
    const registry = discover([T]);
    expect(registry.entities[0]?.filters).toEqual([
      { name: 'a', where: { p: 'own' }, default: false },
      { name: 'b', where: { p: 'b' }, default: true },
    ]);
    expect([...registry.filterNames]).toEqual(['a', 'b']);
  });

  test.each([
    ['without a name', [Filter({ where: {} })], /has no name/],
    ['without a where', [Filter({ name: 'a' })], /the where of "a" is undefined/],
    ['called softDelete', [Filter({ name: 'softDelete', where: {} })], /is the filter that @SoftDelete brings/],
    ['twice', [Filter({ name: 'a', where: {} }), Filter({ name: 'a', where: {} })], /two filters are called "a"/],
    ['with an unknown option', [Filter({ name: 'a', where: {}, on: true })], /there is no option "on"/],
  ])('%s', (_title, filters, message) => {
    expect(problemsOf(withFilters(...filters))).toEqual([expect.stringMatching(message)]);
  });
});

describe('classes that share a table', () => {
  @Table({ name: 'animal', discriminator: 'kind' })
  class Animal {
    @Id() id!: unknown;
    @Field('string') name!: unknown;
  }
  @Table({ value: 'dog' })
  class Dog extends Animal {
    @Field('string') breed!: unknown;
  }
  @Table({ value: 'puppy' })
  class Puppy extends Dog {}

  test('know each other, listed or not', () => {
    const registry = discover([Puppy, Dog]);
    const [animal, dog, puppy] = [Animal, Dog, Puppy].map((each) => registry.get(each)) as [
      EntityMetadata,
      EntityMetadata,
      EntityMetadata,
    ];
    expect(registry.byTable('animal')).toBe(animal);
    expect([dog.table, dog.hierarchy?.column, dog.hierarchy?.value]).toEqual(['animal', 'kind', 'dog']);
    expect(animal.hierarchy?.members()).toEqual([animal, puppy, dog]);
    expect(dog.hierarchy?.members()).toEqual([puppy, dog]);
    expect(animal.hierarchy?.condition).toBeUndefined();
    expect(dog.hierarchy?.classOf({ kind: 'puppy' })).toBe(puppy);
    expect(dog.hierarchy?.classOf({ kind: 'fish' })).toBe(animal);
  });

  class NoTable extends Animal {}
  @Table({})
  class NoValue extends Animal {}
  @Table({ name: 'other', value: 'x' })
  class OtherTable extends Animal {}
  @Table({ value: 'dog' })
  class SecondDog extends Animal {}
  @Table({ value: 'x', discriminator: 'type' })
  class Twice extends Animal {}
  @Table({ name: 't', value: 'x' })
  class Alone {
    @Id() id!: unknown;
  }
  @Table({ name: 's', discriminator: 'form' })
  class Shape {
    @Id() id!: unknown;
    @Field('int') form!: unknown;
  }
  @Table({ value: 'circle' })
  class Circle extends Shape {}
  @Table({ name: 'e', type: 'relation', in: () => Animal, out: () => Animal, discriminator: 'kind' })
  class Edge {
    @Id() id!: unknown;
    @In() in!: unknown;
    @Out() out!: unknown;
  }
  test.each([
    ['a class without @Table', [NoTable], /NoTable: the class is registered.*\n.*value: '…'/],
    ['one without a value', [NoValue], /NoValue: nothing tells its records from others/],
    ['one that names another table', [OtherTable], /shares the table of Animal, and names another/],
    ['two with one value', [Dog, SecondDog], /Dog: SecondDog has the same value "dog"/],
    ['a discriminator within', [Twice], /Animal says already what tells the classes apart/],
    ['a value without a discriminator', [Alone], /value belongs to a class whose base has a discriminator/],
    ['a value that the declared field cannot hold', [Circle], /it holds int, and "circle" is to stand there/],
    ['an edge', [Edge, Animal], /an edge table has one class/],
  ])('%s', (_title, classes, message) => {
    expect(problemsOf(...classes)[0]).toMatch(message);
  });

  test('are one to relations: inverses and edges of the base hold for each', () => {
    @Table({ name: 'owner' })
    class Owner {
      @Id() id!: unknown;
      @Relation(() => Pet, { inverse: 'owner' }) pets!: unknown;
      @Relation(() => Fish, { inverse: 'owner' }) fish!: unknown;
    }
    @Table({ name: 'pet', discriminator: 'kind' })
    class Pet {
      @Id() id!: unknown;
      @Relation(() => Owner) owner!: unknown;
      @Relation(() => Visit, { inverse: 'pet' }) visits!: unknown;
      @Relation(() => Pet, { edge: () => Likes2 }) likes!: unknown;
    }
    @Table({ value: 'fish' })
    class Fish extends Pet {}
    @Table({ name: 'visit' })
    class Visit {
      @Id() id!: unknown;
      @Relation(() => Pet) pet!: unknown;
    }
    @Table({ name: 'likes2', type: 'relation', in: () => Pet, out: () => Pet })
    class Likes2 {
      @Id() id!: unknown;
      @In() in!: unknown;
      @Out() out!: unknown;
    }
    expect(problemsOf(Owner, Pet, Fish, Visit, Likes2)).toEqual([]);
  });
});

describe('codecs', () => {
  let written = 0;
  test.each([
    ['one that goes both ways', { encode: String, decode: Number }],
    ['one that makes texts regular', { encode: (value: string) => value.trim(), decode: (text: string) => text }],
    ['one that takes few values', { encode: JSON.stringify, decode: JSON.parse }],
    ['one that says itself what is equal', { encode: () => ++written, decode: Number, equals: () => true }],
  ])('%s', (_title, codec) => {
    expect(problemsOf(entityWith(Field('string', { codec })))).toEqual([]);
  });
  test.each([
    ['one that writes something else each time', { encode: () => `v${++written}`, decode: String }],
    ['one that adds to what it reads', { encode: (text: string) => `${text}!`, decode: String }],
  ])('%s is not stable', (_title, codec) => {
    expect(problemsOf(entityWith(Field('string', { codec })))).toEqual([
      expect.stringMatching(/T\.p: the codec is not stable/),
    ]);
  });
  test('half of one', () => {
    expect(problemsOf(entityWith(Field('string', { codec: { encode: String } })))).toEqual([
      expect.stringMatching(/a codec has encode and decode/),
    ]);
  });
});

describe('names of link columns', () => {
  test.each([
    [{ onDelete: 'cascade' }, 'by', /cannot carry out onDelete of a link in a column named by/],
    [{ onDelete: 'unset' }, 'Value', /named Value/],
    [{ onDelete: 'reject' }, 'table', /named table/],
    [{}, 'select', /cannot store a link in a column named select/],
  ])('%j in the column %s is refused', (options, name, message) => {
    const problems = problemsOf(User, Post, entityWith(Relation(() => User, { ...options, name })));
    expect(problems.join('\n')).toMatch(message);
  });

  test('where nothing is to be done on a deletion they may stand', () => {
    expect(problemsOf(User, Post, entityWith(Relation(() => User, { name: 'by' })))).toEqual([]);
    expect(problemsOf(User, Post, entityWith(Relation(() => User, { onDelete: 'cascade', name: 'writer' })))).toEqual(
      [],
    );
  });
});

test.each([
  ['no fields', { analyzer: 'x' }],
  ['an empty list', { fields: [], analyzer: 'x' }],
  ['no list', { fields: 'body', analyzer: 'x' }],
])('a full-text index with %s', (_what, options) => {
  @Table({ name: 'text' })
  @FullText(options as never)
  class Text {
    @Id() id!: unknown;
    @Field('string') body!: string;
  }
  expect(problemsOf(Text)).toEqual([
    expect.stringMatching(/^Text: the index "fulltext" has no fields.*@FullText\(\{ fields/s) as string,
  ]);
});

test('a full-text index with no options at all', () => {
  @Table({ name: 'text' })
  @FullText()
  class Text {
    @Id() id!: unknown;
  }
  expect(problemsOf(Text)).toEqual([expect.stringContaining('no fields'), expect.stringContaining('no analyzer')]);
});

describe('a class that carries analyzers alone', () => {
  @Analyzer({ name: 'words', tokenizers: ['class'] })
  @Analyzer({ name: 'signs', tokenizers: ['blank'] })
  class Analyzers {}

  test('is no entity, and its analyzers are known', () => {
    @Table({ name: 'text' })
    class Text {
      @Id() id!: unknown;
    }
    const registry = discover([Analyzers, Text]);
    expect(registry.entities.map(({ table }) => table)).toEqual(['text']);
    expect(registry.analyzers.map(({ name }) => name)).toEqual(['words', 'signs']);
    expect(() => registry.get(Analyzers)).toThrow('Analyzers is not an entity of this ORM');
  });

  test('has a table as soon as it has anything else', () => {
    @Analyzer({ name: 'words', tokenizers: ['class'] })
    class WithField {
      @Field('string') a!: string;
    }
    @Analyzer({ name: 'words', tokenizers: ['class'] })
    @Index({ fields: ['a'] })
    class WithIndex {}
    for (const each of [WithField, WithIndex])
      expect(problemsOf(each)).toContainEqual(expect.stringContaining('has no @Table'));
  });
});

test('a full-text index names its analyzer', () => {
  @Table({ name: 'text' })
  @FullText({ fields: ['body'] })
  class Text {
    @Id() id!: unknown;
    @Field('string') body!: string;
  }
  expect(problemsOf(Text)).toEqual([
    expect.stringMatching(/^Text: the full-text index "body_fulltext" names no analyzer/) as string,
  ]);
});
