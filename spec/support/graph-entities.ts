import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Event,
  Field,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  Version,
  surql,
  type Link,
  type Links,
  type Opt,
} from '../../lib/index.js';

@Table({ name: 'person' })
export class Person {
  @Id() id!: RecordId<'person', string>;
  @Field('string') name!: string;
  @Relation(() => Person, { edge: () => Likes, direction: 'out' }) likes!: Links<Person, Likes>;
  @Relation(() => Person, { edge: () => Likes, direction: 'in' }) likedBy!: Links<Person, Likes>;
}

@Table({ name: 'song' })
export class Song {
  @Id('int') id!: RecordId<'song', number>;
  @Field('string') title!: string;
}

/** Parallel ones are allowed. */
@Table({ name: 'likes', type: 'relation', in: () => Person, out: () => Person })
export class Likes {
  @Id() id!: RecordId<'likes', string>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('option<int>') weight?: number;
  @Field('string', { default: 'new' }) mood!: Opt<string>;
}

/** One between two records; both must be there. */
@Table({ name: 'married', type: 'relation', in: () => Person, out: () => Person, enforced: true })
@Index({ fields: ['in', 'out'], unique: true })
export class Married {
  @Id() id!: RecordId<'married', string>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('int') year!: number;
  @Version() readonly version!: number;
}

/** One of a kind between two records, whatever they are; the ends have names of their own, and an event writes too. */
@Table({ name: 'rated', type: 'relation', in: () => Person, out: () => [Song, Person] })
@Index({ fields: ['who', 'what', 'kind'], unique: true })
@Event({
  name: 'count',
  when: surql`$event != 'DELETE' AND $after.seen = NONE`,
  then: surql`UPDATE $after.id SET seen = true`,
})
export class Rated {
  @Id() id!: RecordId<'rated', string>;
  @In() who!: Link<Person>;
  @Out() what!: Link<Song | Person>;
  @Field('option<string>') kind?: string;
  @Field('int') stars!: number;
  @Field('option<bool>') seen?: boolean;
}

export const graphEntities = [Person, Song, Likes, Married, Rated];
