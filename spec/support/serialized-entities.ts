import { Exclude, Expose, Transform } from 'class-transformer';
import type { Decimal, Duration, Point, Uuid } from '../../lib/index.js';
import {
  Computed,
  DateTime,
  Field,
  Hidden,
  Id,
  Relation,
  Table,
  surql,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';

export class Contact {
  @Field('string') city!: string;
  @Field('string', { hidden: true }) phone!: string;
}

@Table({ name: 'writer' })
export class Writer {
  @Id() id!: RecordId<'writer'>;
  @Field('string') name!: string;
  @Hidden() @Field('string') secret!: string;
  @Field(() => Contact) contact!: Contact;
  @Field(() => [Contact], { default: [] }) others!: Contact[];
  @Relation(() => Book, { inverse: 'writer' }) books!: Links<Book>;
  @Computed(surql`string::uppercase(name)`, { type: 'string' }) readonly shout!: string;

  get initial(): string {
    return this.name.charAt(0);
  }
}

@Table({ name: 'book' })
export class Book {
  @Id() id!: RecordId<'book'>;
  @Field('string') title!: string;
  @Relation(() => Writer, { onDelete: 'unset' }) writer?: Link<Writer>;
  @Relation(() => Book, { many: true }) similar!: Links<Book>;
}

/** One of each value that JSON has no form for. */
@Table({ name: 'sample' })
export class Sample {
  @Id('uuid') id!: RecordId<'sample', Uuid>;
  @Field('decimal') price!: Decimal;
  @Field('uuid') token!: Uuid;
  @Field('duration') span!: Duration;
  @Field('datetime') at!: Date;
  @Field('datetime', { codec: DateTime }) exact!: DateTime;
  @Field('int') large!: number | bigint;
  @Field('geometry<point>') place!: Point;
  @Field('record<writer>') pointer!: RecordId<'writer'>;
  @Field('set<string>') labels!: Set<string>;
  @Field('bytes') raw!: Uint8Array;
  @Field('object', { flexible: true }) free!: Record<string, unknown>;
}

export class Bank {
  @Exclude() @Field('string') iban!: string;
  @Expose({ name: 'bankName' }) @Field('string') name!: string;
}

/** Decorated for class-transformer. */
@Table({ name: 'account' })
export class Account {
  @Id() id!: RecordId<'account'>;
  @Field('string') owner!: string;
  @Exclude() @Field('string') pin!: string;
  @Expose({ groups: ['admin'] }) @Field('int') risk!: number;
  @Expose({ name: 'mail' }) @Field('string') email!: string;
  @Transform(({ value }) => (value as Decimal).toFixed(2)) @Field('decimal') balance!: Decimal;
  @Transform(({ value }) => `${String(value)}!`, { toClassOnly: true }) @Field('string') note!: string;
  @Hidden() @Expose() @Field('string') hidden!: string;
  @Field(() => Bank) bank!: Bank;

  @Expose() get label(): string {
    return `${this.owner} <${this.email}>`;
  }
  @Expose({ groups: ['admin'] }) score(): number {
    return this.risk * 2;
  }
}

/** Shows what is exposed, and nothing else. */
@Exclude()
@Table({ name: 'vault' })
export class Vault {
  @Expose() @Id() id!: RecordId<'vault'>;
  @Expose() @Field('string') name!: string;
  @Field('string') code!: string;
  @Expose() @Relation(() => Account) account!: Link<Account>;
}

export const serializedEntities = [Writer, Book, Sample, Account, Vault];
