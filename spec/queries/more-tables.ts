import {
  Computed,
  Field,
  Filter,
  Id,
  Relation,
  SoftDelete,
  surql,
  Table,
  type Link,
  type Links,
  type RecordId,
  type Uuid,
} from '../../lib/index.js';
import { Product } from './tables.js';

@Table({ name: 'town' })
export class Town {
  @Id('uuid') id!: RecordId<'town', Uuid>;
  @Field('string') name!: string;
  @Field('option<int>') people?: number;
}

/** Several classes in one table. */
@Table({ name: 'pet', discriminator: 'kind' })
export abstract class Pet {
  @Id('int') id!: RecordId<'pet', number>;
  @Field('string') name!: string;
  @Field('option<int>') age?: number;
}

@Table({ value: 'dog' })
export class Dog extends Pet {
  @Field('string') breed!: string;
  @Computed(surql`string::lowercase(breed)`, { type: 'string' }) readonly small!: string;
}

@Table({ value: 'cat' })
export class Cat extends Pet {
  @Field('option<int>') lives?: number;
}

/** Rows that are not shown, and a filter that is asked for. */
@Table({ name: 'task' })
@Filter({ name: 'atLeast', where: ({ n }: { n: number }) => ({ n: { $gte: n } }), default: false })
export class Task {
  @Id('int') id!: RecordId<'task', number>;
  @Field('string') what!: string;
  @Field('int') n!: number;
  @SoftDelete() gone?: Date;
  @Relation(() => Product, { many: true, onDelete: 'ignore' }) products!: Links<Product>;
  @Relation(() => Task, { name: 'task_before', optional: true, onDelete: 'ignore' }) after?: Link<Task>;
  @Relation(() => Task, { inverse: 'after' }) before!: Links<Task>;
}
