import {
  Analyzer,
  Computed,
  CreatedAt,
  Event,
  Field,
  FullText,
  Id,
  In,
  Index,
  Out,
  Relation,
  Table,
  UpdatedAt,
  VectorField,
  Version,
  View,
} from '../../lib/decorators/index.js';
import { surql } from '../../lib/surrealql/surql.js';
import type { Link, Links } from '../../lib/types/index.js';
import type { Decimal, Duration, Point, RecordId } from '../../lib/values/index.js';

/** One class with every kind of declaration that the schema speaks of. */
export enum Role {
  Admin = 'admin',
  Member = 'member',
}

export class Geo {
  @Field('float') lat!: number;
  @Field('option<float>', { default: 0 }) lon?: number;
}

export class Address {
  @Field('string', { assert: surql`string::len($value) > 0` }) city!: string;
  @Field('option<string>') zip?: string;
  @Field(() => Geo) geo!: Geo;
}

@Table({ name: 'kitchen_team', comment: 'Teams of the "kitchen"', permissions: 'full' })
export class Team {
  @Id('uuid') id!: RecordId;
  @Field('string') name!: string;
}

@Table({
  name: 'kitchen',
  changefeed: { expiry: '3d', includeOriginal: true },
  permissions: { select: 'full', create: surql`$auth.admin = true`, update: false },
})
@Index({ fields: ['email'], unique: true })
@Index({ name: 'by age', fields: ['age', 'name'] })
@Index({ name: 'tagged', fields: ['tags.*'] })
@Index({ name: 'in_city', fields: ['address.city'], comment: 'where they live' })
@Index({ name: 'how_many', count: true })
@Index({ name: 'one_per_role', fields: ['role'], unique: true, where: surql`active = true` })
@Index({ name: 'nick_once', fields: ['nick'], unique: true, nullsDistinct: false })
@Analyzer({ name: 'kitchen_words', tokenizers: ['class', 'blank'], filters: ['lowercase', 'snowball(english)'] })
@FullText({ fields: ['bio'], analyzer: 'kitchen_words', bm25: true, highlights: true })
@Event({ name: 'noted', when: surql`$event = 'CREATE'`, then: surql`CREATE kitchen_log SET at = time::now()` })
@Event({
  name: 'two steps',
  then: [surql`{ LET $x = 1; }`, surql`CREATE kitchen_log SET n = ${2}`],
  async: true,
  retry: 3,
})
export class Kitchen {
  @Id('int') id!: RecordId;
  @Field('string', { comment: `it's "quoted"` }) name!: string;
  @Field('string', { assert: surql`string::is_email($value)`, value: surql`string::lowercase($value)` }) email!: string;
  @Field('int', { default: 18 }) age!: number;
  @Field('bool', { default: true }) active!: boolean;
  @Field('float', { defaultAlways: 1.5 }) rate!: number;
  @Field('option<string | null>', { readonly: true, permissions: 'none' }) nick?: string | null;
  @Field('decimal', { precision: 10, scale: 2 }) balance!: Decimal;
  @Field({ enum: Role }) role!: Role;
  @Field('option<string>', { enum: ['a', 'b'], permissions: { select: surql`$auth != NONE` } }) grade?: string;
  @Field('array<string>', { default: [] }) tags!: string[];
  @Field('set<int>') numbers!: Set<number>;
  @Field('array') anything!: unknown[];
  @Field('object', { flexible: true }) bag!: object;
  @Field('array<object>', { flexible: true }) bags!: object[];
  @Field('option<array<array<int>>>') matrix?: number[][];
  @Field('geometry<point>') place!: Point;
  @Field('duration', { default: surql`1h30m` }) span!: Duration;
  @Field('datetime', { default: new Date(0) }) since!: Date;
  @Field('any') free!: unknown;
  @Field('{ a: int, b: option<string> } | [int, string]') shaped!: { a: number; b?: string } | [number, string];
  @Field('bytes') raw!: Uint8Array;
  @Field(() => Address) address!: Address;
  @Field(() => [Address]) addresses!: Address[];
  @Field({ name: 'bi o', type: 'string' }) bio!: string;
  @Relation(() => Team, { onDelete: 'unset' }) team?: Link<Team>;
  @Relation(() => Team, { many: true, onDelete: 'cascade' }) teams!: Links<Team>;
  @Relation(() => Kitchen, { optional: true, onDelete: surql`UPDATE $this SET orphan = true` }) parent?: Link<Kitchen>;
  @Computed(surql`string::concat(name, ' ', email)`, { type: 'string' }) readonly label!: string;
  @Computed(surql`age * ${2}`, { type: 'int', stored: true }) readonly twice!: number;
  @VectorField({ dimension: 4, distance: 'cosine', type: 'F32', efc: 100, m: 8 }) embedding!: number[];
  @CreatedAt() readonly createdAt!: Date;
  @UpdatedAt() readonly updatedAt!: Date;
  @Version() readonly version!: number;
}

@Table({ name: 'kitchen_log', schema: 'less', type: 'any' })
export class Log {
  @Id('ulid') id!: RecordId;
  @Field('option<datetime>') at?: Date;
}

@Table({ name: 'kitchen_sink', drop: true })
export class Sink {
  @Id(['string', 'int']) id!: RecordId;
  @Field('int') n!: number;
}

@Table({ name: 'cooks_in', type: 'relation', in: () => [Team, Kitchen], out: () => Kitchen, enforced: true })
export class CooksIn {
  @Id() id!: RecordId;
  @In() in!: Link<Team | Kitchen>;
  @Out() out!: Link<Kitchen>;
  @Field('datetime') since!: Date;
}

@View({ name: 'kitchen_ages', as: surql`SELECT count() AS n, age FROM ${Kitchen} WHERE active = ${true} GROUP BY age` })
export class Ages {
  @Id('any') id!: RecordId;
  @Field('int') n!: number;
  @Field('int') age!: number;
}

export const KITCHEN = [Team, Kitchen, Log, Sink, CooksIn, Ages];
