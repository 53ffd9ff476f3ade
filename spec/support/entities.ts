import 'reflect-metadata';
import type { RecordId } from '../../lib/index.js';
import {
  Computed,
  CreatedAt,
  DateTime,
  Decimal,
  Field,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  UpdatedAt,
  Version,
  surql,
  type Link,
  type Links,
  type Opt,
} from '../../lib/index.js';

export enum Role {
  Reader = 'reader',
  Writer = 'writer',
}

@Table({ name: 'team' })
export class Team {
  @Id() id!: RecordId<'team'>;
  @Field('string') name!: string;
}

@Table({ name: 'tag' })
export class Tag {
  @Id() id!: RecordId<'tag'>;
  @Field('string') label!: string;
}

export class Address {
  @Field('string') street!: string;
  @Field('option<string>') city?: string;
}

@Table({ name: 'user' })
@Index({ fields: ['email'], unique: true })
@Index({ fields: ['age'] })
export class User {
  @Id() id!: RecordId<'user'>;
  @Field('string') name!: string;
  @Field('int') age!: number;
  @Field('option<string>') email?: string;
  @Field({ enum: Role }) role!: Role;
  @Field('bool', { default: true }) active!: Opt<boolean>;
  @Field('decimal', { default: new Decimal(0) }) balance!: Opt<Decimal>;
  @Field('array<string>', { default: [] }) labels!: Opt<string[]>;
  @Field('option<object>', { flexible: true }) settings?: Record<string, unknown>;
  @Field(() => Address, { type: 'option<object>' }) address?: Address;
  @Field('option<datetime>') born?: Date;
  @Field('option<datetime>', { codec: DateTime }) seen?: DateTime;
  @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
  @Relation(() => User, { edge: () => Follows, direction: 'out' }) following!: Links<User, Follows>;
  @Relation(() => User, { edge: () => Follows, direction: 'in' }) followers!: Links<User, Follows>;
  @Relation(() => Post, { inverse: 'author' }) posts!: Links<Post>;
  @Computed(surql`string::uppercase(name)`, { type: 'string' }) readonly shout!: string;
  @CreatedAt() readonly createdAt!: Date;
  @UpdatedAt() readonly updatedAt!: Date;
}

@Table({ name: 'follows', type: 'relation', in: () => User, out: () => User })
export class Follows {
  @Id() id!: RecordId<'follows'>;
  @In() in!: Link<User>;
  @Out() out!: Link<User>;
  @Field('option<int>') weight?: number;
}

@Table({ name: 'post' })
export class Post {
  @Id() id!: RecordId<'post'>;
  @Field('string') title!: string;
  @Field('int', { default: 0 }) stars!: Opt<number>;
  @Relation(() => User) author!: Link<User>;
  @Relation(() => Tag, { many: true }) tags!: Links<Tag>;
  @Version() readonly version!: number;
}

export const entities = [Team, Tag, User, Follows, Post];
