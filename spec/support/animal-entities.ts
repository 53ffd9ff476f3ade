import 'reflect-metadata';
import {
  BeforeCreate,
  Computed,
  CreatedAt,
  Field,
  Id,
  Index,
  Relation,
  Table,
  Version,
  surql,
  type Link,
  type Links,
  type Opt,
  type RecordId,
} from '../../lib/index.js';

/** What every entity here has; no table of its own. */
@Index({ fields: ['createdAt'] })
export abstract class Base {
  @CreatedAt() readonly createdAt!: Date;
  @Version() readonly version!: number;
  @Relation(() => Keeper, { onDelete: 'unset' }) keeper?: Link<Keeper>;
  @Field('array<string>', { default: [] }) log!: Opt<string[]>;

  @BeforeCreate() note(): void {
    this.log = [...(this.log ?? []), this.describe()];
  }
  abstract describe(): string;
}

@Table({ name: 'keeper' })
export class Keeper {
  @Id() id!: RecordId<'keeper'>;
  @Field('string') name!: string;
  @Relation(() => Animal, { inverse: 'keeper' }) animals!: Links<Animal>;
  @Relation(() => Dog, { many: true }) dogs!: Links<Dog>;
  @Relation(() => Dog, { onDelete: 'unset' }) favourite?: Link<Dog>;
}

@Table({ name: 'animal', discriminator: 'kind' })
@Index({ fields: ['tag'], unique: true })
export abstract class Animal extends Base {
  @Id() id!: RecordId<'animal'>;
  @Field('string') name!: string;
  @Field('option<string>') tag?: string;
  @Field('int', { default: 1 }) age!: Opt<number>;
}

@Table({ value: 'dog' })
@Index({ fields: ['chip'], unique: true })
export class Dog extends Animal {
  @Field('string') breed!: string;
  @Field('bool', { default: true }) barks!: Opt<boolean>;
  @Field('option<int>') chip?: number;
  @Computed(surql`string::uppercase(breed)`, { type: 'string' }) readonly loudBreed!: string;
  @Relation(() => Animal, { many: true }) friends!: Links<Animal>;
  describe(): string {
    return `dog ${this.name}`;
  }
}

@Table({ value: 'puppy' })
export class Puppy extends Dog {
  @Field('int') weeks!: number;
  override describe(): string {
    return `puppy ${this.name}`;
  }
}

@Table({ value: 'cat' })
export class Cat extends Animal {
  @Field('int', { default: 9 }) lives!: Opt<number>;
  /** The same column as a dog's, with a default of its own. */
  @Field('bool', { default: false }) barks!: Opt<boolean>;
  describe(): string {
    return `cat ${this.name}`;
  }
}

/** One that shows what tells its classes apart. */
@Table({ name: 'shape', discriminator: 'form', value: 'plain' })
export class Shape {
  @Id('int') id!: RecordId<'shape', number>;
  @Field('string', { name: 'form_of' }) readonly form!: string;
  @Field('string', { default: 'red' }) colour!: Opt<string>;
}

@Table({ value: 'circle' })
export class Circle extends Shape {
  @Field('float') radius!: number;
}

@Table({ value: 'square' })
export class Square extends Shape {
  @Field('float') side!: number;
}

export const zoo = [Keeper, Animal, Dog, Puppy, Cat, Shape, Circle, Square];
