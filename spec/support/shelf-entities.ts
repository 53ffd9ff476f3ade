import 'reflect-metadata';
import {
  AfterDelete,
  BeforeDelete,
  BeforeUpdate,
  Computed,
  Field,
  Filter,
  Id,
  In,
  Index,
  Out,
  Relation,
  SoftDelete,
  Table,
  UpdatedAt,
  Version,
  surql,
  type Link,
  type Links,
  type RecordId,
} from '../../lib/index.js';

/** What the lifecycle methods were told, in order. */
export const heard: string[] = [];

@Table({ name: 'author' })
@Index({ fields: ['email'], unique: true })
export class Author {
  @Id() id!: RecordId<'author'>;
  @Field('string') name!: string;
  @Field('option<string>') email?: string;
  @Field('option<string>') deletedBy?: string;
  @SoftDelete() @Field('option<datetime>', { name: 'deleted_at' }) deletedAt?: Date;
  @Version() readonly version!: number;
  @UpdatedAt() readonly updatedAt!: Date;
  @Computed(surql`string::uppercase(name)`, { type: 'string' }) readonly shout!: string;
  @Relation(() => Book, { inverse: 'author', owns: true }) books!: Links<Book>;
  @Relation(() => Author, { edge: () => Admires, direction: 'out' }) admires!: Links<Author, Admires>;
  @Relation(() => Author, { edge: () => Admires, direction: 'in' }) admirers!: Links<Author, Admires>;

  @BeforeUpdate() noteUpdate(): void {
    heard.push(`update ${this.name}`);
  }
  @BeforeDelete() noteDelete(): void {
    heard.push(`delete ${this.name}`);
    if (this.name === 'Marked') this.deletedBy = 'hook';
  }
  @AfterDelete() noteGone(): void {
    heard.push(`gone ${this.name}`);
  }
}

@Table({ name: 'book' })
export class Book {
  @Id() id!: RecordId<'book'>;
  @Field('string') title!: string;
  @Relation(() => Author, { onDelete: 'unset' }) author?: Link<Author>;
  @Relation(() => Topic, { many: true }) topics!: Links<Topic>;
  @SoftDelete() deletedAt?: Date;
}

@Table({ name: 'topic' })
export class Topic {
  @Id() id!: RecordId<'topic'>;
  @Field('string') label!: string;
  @SoftDelete() deletedAt?: Date;
}

@Table({ name: 'admires', type: 'relation', in: () => Author, out: () => Author })
export class Admires {
  @Id() id!: RecordId<'admires'>;
  @In() in!: Link<Author>;
  @Out() out!: Link<Author>;
  @SoftDelete() deletedAt?: Date;
}

@Table({ name: 'tenant' })
export class Tenant {
  @Id() id!: RecordId<'tenant'>;
  @Field('string') name!: string;
}

@Table({ name: 'account' })
@Filter({ name: 'tenant', where: (params: { id: string }) => ({ tenant: `tenant:${params.id}` }) })
@Filter({ name: 'open', where: { open: true }, default: true })
export class Account {
  @Id() id!: RecordId<'account'>;
  @Field('string') name!: string;
  @Field('bool', { default: true }) open!: boolean;
  @Relation(() => Tenant) tenant!: Link<Tenant>;
  @Relation(() => Invoice, { inverse: 'account' }) invoices!: Links<Invoice>;
}

@Table({ name: 'invoice' })
@Filter({
  name: 'tenant',
  where: (params: { id: string }) => surql`account.tenant = type::record('tenant', ${params.id})`,
})
export class Invoice {
  @Id() id!: RecordId<'invoice'>;
  @Field('int') amount!: number;
  @Relation(() => Account) account!: Link<Account>;
}

export const shelf = [Author, Book, Topic, Admires];
export const tenancy = [Tenant, Account, Invoice];
