import {
  Access,
  CreatedAt,
  Encrypted,
  Field,
  Id,
  Index,
  type Link,
  type RecordId,
  Relation,
  Table,
  type WriteOnly,
  surql,
} from 'reverie-orm';

const self = surql`id = $auth`;

@Access({ name: 'member', identifier: 'name', duration: { token: '15m', session: '12h' } })
@Table({ name: 'member', permissions: { select: surql`$auth != NONE`, update: self, delete: self } })
@Index({ fields: ['name'], unique: true })
export class Member {
  @Id() id!: RecordId<'member'>;
  @Field('string') name!: string;
  @Encrypted('argon2') password!: WriteOnly<string>;
}

/** Everybody reads what stands in a room; two alone read what one whispers to the other. */
const readers = surql`whisperTo = NONE OR whisperTo = $auth OR author = $auth`;
const own = surql`author = $auth`;

@Table({ name: 'message', permissions: { select: readers, create: own, update: own, delete: own } })
@Index({ fields: ['room', 'at'] })
export class Message {
  @Id() id!: RecordId<'message'>;
  @Field('string') room!: string;
  @Field('string', { assert: surql`string::len($value) <= 500` }) text!: string;
  @Relation(() => Member) author!: Link<Member>;
  @Relation(() => Member, { optional: true }) whisperTo?: Link<Member>;
  @CreatedAt() readonly at!: Date;
}
