import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Computed,
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

/** What the random steps work on: small, with one of every kind of relation and of value that can be mutated in place. */

/** Nothing of it has to be read back, and it is locked by its version. */
@Table({ name: 'team' })
export class Team {
  @Id() id!: RecordId<'team'>;
  @Field('string') name!: string;
  @Field('option<string>') motto?: string;
  @Relation(() => Person, { inverse: 'team' }) members!: Links<Person>;
  @Version() readonly version!: number;
}

@Table({ name: 'label' })
export class Label {
  @Id() id!: RecordId<'label'>;
  @Field('string') text!: string;
  @Field('int') rank!: number;
}

export class Address {
  @Field('string') street!: string;
  @Field('option<string>') city?: string;
}

/** `age` has an assertion and `code` a unique index, for flushes that have to fail. */
@Table({ name: 'person' })
@Index({ fields: ['code'], unique: true })
export class Person {
  @Id() id!: RecordId<'person'>;
  @Field('string') name!: string;
  @Field('int', { assert: surql`$value >= 0` }) age!: number;
  @Field('option<string>') code?: string;
  @Field('option<datetime>') born?: Date;
  @Field('array<string>', { default: [] }) nicknames!: Opt<string[]>;
  @Field('option<set<string>>') groups?: Set<string>;
  @Field('option<object>', { flexible: true }) settings?: Record<string, unknown>;
  @Field(() => Address, { type: 'option<object>' }) address?: Address;
  @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
  @Relation(() => Label, { many: true, onDelete: 'unset' }) labels!: Links<Label>;
  @Relation(() => Person, { edge: () => Knows, direction: 'out' }) friends!: Links<Person, Knows>;
  @Relation(() => Person, { edge: () => Knows, direction: 'in' }) knownBy!: Links<Person, Knows>;
  @Computed(surql`string::uppercase(name)`, { type: 'string' }) readonly shout!: string;
}

@Table({ name: 'knows', type: 'relation', in: () => Person, out: () => Person })
export class Knows {
  @Id() id!: RecordId<'knows'>;
  @In() in!: Link<Person>;
  @Out() out!: Link<Person>;
  @Field('option<int>') weight?: number;
}

export const entities = [Team, Label, Person, Knows];
