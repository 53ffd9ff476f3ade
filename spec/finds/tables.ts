import {
  Analyzer,
  Computed,
  DateTime,
  defineTable,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  surql,
  type Decimal,
  type Duration,
  type Link,
  type Links,
  type RecordId,
  type Uuid,
} from '../../lib/index.js';
import type { IndexOptions } from '../../lib/metadata/options.js';

export enum Level {
  Low = 'low',
  High = 'high',
}

/** What `tables` makes; each call makes classes of their own, so that each world has indexes of its own. */
export type Tables = ReturnType<typeof tables>;

/** Entities with a field of every kind and a relation of every kind, and these indexes over items. */
export function tables(indexes: readonly IndexOptions[], text: boolean) {
  class Town {
    @Field('int') no!: number;
    @Field('option<string>', { name: 'town' }) city?: string;
  }
  class Part {
    @Field('string') sku!: string;
    @Field('int') amount!: number;
  }
  @Table({ name: 'maker' })
  class Maker {
    @Id('int') id!: RecordId<'maker', number>;
    @Field('string') name!: string;
    @Field('option<int>') rank?: number;
    @Field(() => Town) town!: Town;
  }
  @Table({ name: 'label' })
  class Label {
    @Id('int') id!: RecordId<'label', number>;
    @Field('string') name!: string;
    @Field('int') weight!: number;
  }
  @Table({ name: 'item' })
  class Item {
    @Id('int') id!: RecordId<'item', number>;
    @Field('int') n!: number;
    @Field('option<int>', { name: 'other' }) o?: number;
    @Field('option<float>') f?: number;
    @Field('string') s!: string;
    @Field('option<string>') t?: string;
    @Field('option<string | null>') u?: string | null;
    @Field('option<string>') code?: string;
    @Field('int') serial!: number;
    @Field('bool') b!: boolean;
    @Field({ enum: Level }) level!: Level;
    @Field('option<decimal>') price?: Decimal;
    @Field('option<datetime>', { codec: DateTime }) at?: DateTime;
    @Field('option<datetime>') day?: Date;
    @Field('option<duration>') span?: Duration;
    @Field('option<uuid>') key?: Uuid;
    @Field('array<string>') words!: string[];
    @Field('set<int>') marks!: Set<number>;
    @Field(() => Town) town!: Town;
    @Field(() => [Part]) parts!: Part[];
    @Relation(() => Maker, { onDelete: 'unset' }) maker?: Link<Maker>;
    @Relation(() => Label, { many: true }) labels!: Links<Label>;
    @Relation(() => Note, { inverse: 'item' }) notes!: Links<Note>;
    @Relation(() => Item, { edge: () => Likes, direction: 'out' }) likes!: Links<Item, Likes>;
    @Relation(() => Item, { edge: () => Likes, direction: 'in' }) likedBy!: Links<Item, Likes>;
    @Computed(surql`n * 2`, { type: 'int' }) readonly twice!: number;
    @Computed(surql`maker.name`, { type: 'option<string>' }) readonly made?: string;
    @Computed(surql`n * 3`, { type: 'int', stored: true }) readonly triple!: number;
  }
  class Likes {
    id!: RecordId<'likes', number>;
    in!: Link<Item>;
    out!: Link<Item>;
    weight!: number;
  }
  defineTable({
    class: Likes,
    name: 'likes',
    type: 'relation',
    in: () => Item,
    out: () => Item,
    properties: { id: Id('int'), in: In(), out: Out(), weight: Field('int') },
  });
  @Table({ name: 'note' })
  @Index({ fields: ['item', 'stars'] })
  class Note {
    @Id('int') id!: RecordId<'note', number>;
    @Relation(() => Item) item!: Link<Item>;
    @Field('int') stars!: number;
    @Field('option<string>') text?: string;
  }
  for (const each of indexes) Index(each)(Item);
  if (text) {
    Analyzer({ name: 'plain', tokenizers: ['blank'], filters: ['lowercase'] })(Item);
    FullText({ fields: ['s'], analyzer: 'plain' })(Item);
  }
  return { Item, Maker, Label, Note, Likes };
}
