import {
  Field,
  FullText,
  Id,
  Index,
  Relation,
  Table,
  BeforeSave,
  Unique,
  defineTable,
} from '../../../lib/decorators/index.js';
import { discover } from '../../../lib/metadata/index.js';
import type { Link } from '../../../lib/types/index.js';
import type { RecordId } from '../../../lib/values/index.js';
import { problemsOf } from './loose-decorators.js';

class Team {
  id!: RecordId<'team'>;
  name!: string;
}
class Plain {
  id!: RecordId<'plain'>;
  name!: string;
  text!: string;
  team?: Link<Team>;
  slug(): void {}
}

describe('defineTable', () => {
  test('gives the metadata that decorators give', () => {
    defineTable({ class: Team, name: 'team', properties: { id: Id(), name: Field('string') } });
    const returned = defineTable({
      class: Plain,
      name: 'plain',
      comment: 'c',
      properties: {
        id: Id('ulid'),
        name: [Unique(), Field('string')],
        text: Field('string'),
        team: Relation(() => Team, { onDelete: 'unset' }),
      },
      indexes: [{ fields: ['team'] }, { count: true }],
      fullText: [{ fields: ['text'], analyzer: 'a' }],
      hooks: { beforeSave: 'slug' },
    });
    expect(returned).toBe(Plain);

    @Table({ name: 'plain', comment: 'c' })
    @Index({ fields: ['team'] })
    @Index({ count: true })
    @FullText({ fields: ['text'], analyzer: 'a' })
    class Decorated {
      @Id('ulid') id!: RecordId<'plain'>;
      @Unique() @Field('string') name!: string;
      @Field('string') text!: string;
      @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
      @BeforeSave() slug(): void {}
    }
    const plain = discover([Plain, Team]).get(Plain);
    const decorated = discover([Decorated, Team]).get(Decorated);
    for (const key of ['table', 'type', 'options', 'id', 'indexes', 'events', 'hooks', 'readOnly'] as const)
      expect(plain[key]).toEqual(decorated[key]);
    const properties = (entity: typeof plain): unknown =>
      entity.properties.map((each) => ({ ...each, path: '', target: 0, targets: 0 }));
    expect(properties(plain)).toEqual(properties(decorated));
  });

  test('is checked as decorators are', () => {
    class Wrong {
      id!: RecordId;
      name!: string;
    }
    defineTable({
      class: Wrong,
      name: 'wrong',
      properties: { name: Field('strng' as string) },
      hooks: { beforeSave: 'nope' as never },
    });
    expect(problemsOf(Wrong).map((each) => each.split('\n')[0])).toEqual([
      'Wrong.nope: @defineTable({ hooks: { beforeSave } }) stands on a field member; it needs an ordinary method',
      expect.stringContaining("Wrong.name: 'strng' is not a SurrealQL type"),
      'Wrong: the entity has no @Id',
    ]);
  });

  test.each([
    [{ name: 'q', properties: {} }, /^defineTable needs a class, it was given undefined/],
    [{ class: class Q {}, name: 'q' }, /^defineTable was given no properties for Q\nHow to fix: .*class: Q/],
    [{ class: class Q {}, name: 'q', properties: { id: Id } }, /^Q\.id is declared by the function Id, which declares/],
    [{ class: class Q {}, name: 'q', properties: { at: 'string' } }, /^Q\.at is declared by the text "string"/],
  ])('says what plain JavaScript got wrong: %#', (definition, message) => {
    expect(() => defineTable(definition as never)).toThrow(message);
  });

  test('options that there are not are reported, with what other ORMs mean by them', () => {
    class Q {}
    defineTable({
      class: Q,
      name: 'q',
      fields: {},
      properties: {
        id: Id(),
        name: Field('string', { nullable: true } as never),
        age: Field('int', { unqiue: true } as never),
      },
      indexes: [{ fields: ['name'], uniq: true }],
    } as never);
    expect(problemsOf(Q)).toEqual([
      expect.stringMatching(/^Q: there is no option "fields"\. The options are name, type, /),
      expect.stringMatching(/^Q, @Index: there is no option "uniq"\. The options are /),
      expect.stringMatching(/^Q\.name: there is no option "nullable"\.\n    write: @Field\('option<string>'\)/),
      expect.stringMatching(/^Q\.age: there is no option "unqiue"\. Did you mean "unique"\?/),
    ]);
  });
});
