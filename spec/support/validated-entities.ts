import {
  ArrayMinSize,
  IsDefined,
  IsEmail,
  IsOptional,
  Length,
  Min,
  MinLength,
  Validate,
  ValidateNested,
  ValidatorConstraint,
  type ValidationArguments,
  type ValidatorConstraintInterface,
} from 'class-validator';
import * as v from 'valibot';
import {
  CreatedAt,
  Field,
  Id,
  Relation,
  Table,
  type Link,
  type Links,
  type Opt,
  type RecordId,
  type StandardSchema,
} from '../../lib/index.js';

/** Answers later, as one that asks a service would. */
@ValidatorConstraint({ name: 'notTaken', async: true })
class NotTaken implements ValidatorConstraintInterface {
  async validate(value: unknown): Promise<boolean> {
    await new Promise((resolve) => setTimeout(resolve, 1));
    return value !== 'taken@x.io';
  }
  defaultMessage(): string {
    return 'this address is taken';
  }
}

/** Looks at another property. */
@ValidatorConstraint({ name: 'after' })
class After implements ValidatorConstraintInterface {
  validate(value: unknown, { object, constraints }: ValidationArguments): boolean {
    const other = (object as Record<string, unknown>)[String(constraints[0])];
    return !(value instanceof Date) || !(other instanceof Date) || value > other;
  }
}

export class Street {
  @MinLength(3) @Field('string') name!: string;
  @Field('option<int>') @IsOptional() @Min(1) number?: number;
}

export class Place {
  @Length(2, 2, { message: 'a country has two letters' }) @Field('string') country!: string;
  @Field(() => Street) street!: Street;
}

@Table({ name: 'guild' })
export class Guild {
  @Id() id!: RecordId<'guild'>;
  @MinLength(2) @Field('string') name!: string;
}

@Table({ name: 'member' })
export class Member {
  @Id() id!: RecordId<'member'>;
  @MinLength(2) @Field('string') name!: string;
  @IsEmail() @Validate(NotTaken) @Field('string') email!: string;
  @Min(18, { groups: ['create'] }) @Min(16, { groups: ['update'] }) @Field('int') age!: number;
  @Min(1000, { groups: ['audit'] }) @Field('int', { default: 1 }) score!: Opt<number>;
  @IsDefined() @CreatedAt() readonly createdAt!: Date;
  @IsOptional() @Field('option<datetime>') from?: Date;
  @IsOptional() @Validate(After, ['from']) @Field('option<datetime>') until?: Date;
  @IsOptional() @ValidateNested() @Field(() => Place, { optional: true }) home?: Place;
  @Field(() => [Place], { default: [] }) places!: Opt<Place[]>;
  @IsDefined() @Relation(() => Guild) guild!: Link<Guild>;
  @ArrayMinSize(1) @Relation(() => Guild, { many: true }) allies!: Links<Guild>;
}

/** No rule at all. */
@Table({ name: 'plain' })
export class Plain {
  @Id() id!: RecordId<'plain'>;
  @Field('string') text!: string;
}

const productSchema = v.pipe(
  v.object({
    sku: v.pipe(v.string(), v.regex(/^[A-Z]{3}-\d+$/, 'a sku is three letters and a number')),
    price: v.pipe(v.number(), v.minValue(0)),
    currency: v.string(),
    sizes: v.array(v.object({ label: v.pipe(v.string(), v.minLength(1)) })),
    note: v.optional(v.pipe(v.string(), v.trim())),
  }),
  v.forward(
    v.partialCheck(
      [['price'], ['currency']],
      ({ price, currency }) => currency !== 'XXX' || price === 0,
      'what has no currency has no price',
    ),
    ['currency'],
  ),
);

export class Size {
  @Field('string') label!: string;
}

@Table({ name: 'product', schemaValidator: productSchema })
export class Product {
  @Id({ from: 'sku' }) id!: RecordId<'product'>;
  @Field('string') sku!: string;
  @Field('number') price!: number;
  @Field('string', { default: 'EUR' }) currency!: Opt<string>;
  @Field(() => [Size], { default: [] }) sizes!: Opt<Size[]>;
  @Field('option<string>') note?: string;
}

/** A schema by hand, as a library would make it; it answers later. */
const ticketSchema: StandardSchema = {
  '~standard': {
    version: 1,
    vendor: 'spec',
    async validate(value) {
      await Promise.resolve();
      const { owner, seats } = value as { readonly owner?: unknown; readonly seats?: number };
      const issues = [];
      if (String(owner) === 'member:barred') issues.push({ message: 'is barred', path: [{ key: 'owner' }] });
      if (seats === 0) issues.push({ message: 'a ticket is for somebody' });
      return { issues: issues.length > 0 ? issues : undefined };
    },
  },
};

@Table({ name: 'ticket', schemaValidator: ticketSchema })
export class Ticket {
  @Id() id!: RecordId<'ticket'>;
  @Field('int') seats!: number;
  @Relation(() => Member, { onDelete: 'unset' }) owner?: Link<Member>;
}

export const validatedEntities = [Guild, Member, Plain, Product, Ticket];
