import {
  Computed,
  CreatedAt,
  defineTable,
  Encrypted,
  Field,
  Id,
  In,
  Out,
  Relation,
  UpdatedAt,
  VectorField,
  Version,
  View,
} from '../../lib/decorators/index.js';
import { defineFunction } from '../../lib/functions/define-function.js';
import { defineParam } from '../../lib/functions/define-param.js';
import { defineSequence } from '../../lib/functions/define-sequence.js';
import { objectsOf } from '../../lib/functions/objects-of.js';
import type { Connection } from '../../lib/driver/connect.js';
import { discover, type EntityClass } from '../../lib/metadata/index.js';
import type { IndexOptions } from '../../lib/metadata/options.js';
import { SchemaManager } from '../../lib/schema/index.js';
import type { FragmentNode } from '../../lib/surrealql/nodes/expressions.js';
import { textFragment } from '../../lib/surrealql/surql.js';
import type { RecordId } from '../../lib/values/index.js';
import type {
  AccessRecipe,
  FieldRecipe,
  IndexRecipe,
  PermissionRecipe,
  PlainField,
  SchemaRecipe,
  TableRecipe,
} from './recipe.js';

type Decorator = (...args: never[]) => unknown;
type Classes = ReadonlyMap<string, EntityClass>;

const text = (surql: string): FragmentNode<never> => textFragment(surql) as FragmentNode<never>;
const given = <K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } =>
  value === undefined ? {} : ({ [key]: value } as { readonly [key in K]: V });

/** The entities of a recipe, and what they need to be synced. */
export function managerOf(recipe: SchemaRecipe, db: Connection): SchemaManager {
  return new SchemaManager(db, discover(classesOf(recipe)).entities, { objects: objectsOf(definitionsOf(recipe)) });
}

function definitionsOf({ functions, params, sequences }: SchemaRecipe) {
  return [
    ...functions.map(({ name, body, comment }) =>
      defineFunction(name, { args: { n: 'int' }, body: text(body), ...given('comment', comment) }),
    ),
    ...params.map(({ name, body, comment }) =>
      defineParam(name, { value: JSON.parse(body.replace('a:', '"a":')) as unknown, ...given('comment', comment) }),
    ),
    ...sequences.map(({ name, body }) => defineSequence(name, { start: Number(body), batch: 1 })),
  ];
}

function classesOf(recipe: SchemaRecipe): readonly EntityClass[] {
  const classes = new Map(recipe.tables.map(({ name }) => [name, class {} as EntityClass] as const));
  for (const table of recipe.tables) declare(table, classes, recipe);
  const { view } = recipe;
  if (view === undefined || !classes.has(view.table)) return [...classes.values()];
  return [...classes.values(), viewOf(view.table, view.live)];
}

function viewOf(table: string, live: boolean): EntityClass {
  class Counted {
    id!: RecordId;
    n!: number;
  }
  defineTableOf(Counted, { id: Id('any'), n: Field('int') });
  const where = live ? ' WHERE id != NONE' : '';
  View({ name: 'counted', as: text(`SELECT count() AS n FROM ${table}${where} GROUP ALL`) })(Counted);
  return Counted;
}

function defineTableOf(
  target: EntityClass,
  properties: Readonly<Record<string, Decorator | readonly Decorator[]>>,
): void {
  for (const [property, decorator] of Object.entries(properties)) {
    (decorator as (prototype: object, name: string) => void)(target.prototype as object, property);
  }
}

function declare(table: TableRecipe, classes: Classes, { analyzer }: SchemaRecipe): void {
  const target = classes.get(table.name) as EntityClass;
  const end = () => classes.get('alpha') as EntityClass;
  const isEdge = table.type === 'relation';
  const properties: Record<string, Decorator> = { id: Id(table.name === 'beta' ? 'int' : 'string') as Decorator };
  if (isEdge) Object.assign(properties, { in: In(), out: Out() });
  for (const field of table.fields) properties[propertyOf(field.name)] = decoratorOf(field, classes);
  const usable = table.indexes.filter((index) => isUsable(index, table, analyzer !== undefined));
  defineTable({
    class: target,
    name: table.name,
    type: table.type,
    schema: table.less ? 'less' : 'full',
    drop: table.drop,
    ...(isEdge && { in: end, out: end, enforced: table.enforced }),
    ...given('comment', table.comment),
    ...given('changefeed', table.changefeed),
    ...given('permissions', permissionsOf(table.permissions, true)),
    properties: properties as never,
    indexes: usable.filter(({ kind }) => kind !== 'fulltext').map(indexOf),
    fullText: usable
      .filter(({ kind }) => kind === 'fulltext')
      .map(({ name, field }) => ({ name, fields: [propertyOf(field)], analyzer: 'words', bm25: true as const })),
    analyzers: analyzer === undefined ? [] : [{ name: 'words', ...analyzer }],
    events: table.events.map(({ name, when, then, async, comment }) => ({
      name,
      then: then.map(text),
      ...(when !== undefined && { when: text(when) }),
      ...(async && { async, retry: 2 }),
      ...given('comment', comment),
    })),
    accesses: table.access === undefined ? [] : [accessOf(table.access)],
  });
}

const propertyOf = (column: string): string => (column === 'bi o' ? 'bio' : column);

/** An index over one field, of a kind that the field's type has. */
function isUsable(index: IndexRecipe, { fields, indexes }: TableRecipe, hasAnalyzer: boolean): boolean {
  const { field, kind } = index;
  if (kind === 'count') return indexes.find((each) => each.kind === kind) === index;
  const found = fields.find(({ name }) => name === field);
  if (found?.kind !== 'plain' || found.flexible === true) return false;
  if (indexes.find((each) => each.field === field) !== index) return false;
  if (kind === 'fulltext') return hasAnalyzer && /^(option<string>|string)$/.test(found.type);
  return /^(option<)?(int|string|bool|uuid|datetime)>?$/.test(found.type);
}

function indexOf({ name, kind, field, comment }: IndexRecipe): IndexOptions {
  const fields = [propertyOf(field)];
  const more = given('comment', comment);
  switch (kind) {
    case 'count':
      return { name, count: true, ...more };
    case 'partial':
      return { name, fields, unique: true, where: text('id != NONE'), ...more };
    case 'once':
      return { name, fields, unique: true, nullsDistinct: false, ...more };
    case 'concurrent':
      return { name, fields, concurrently: true, ...more };
    default:
      return { name, fields, unique: kind === 'unique', ...more };
  }
}

function accessOf({ name, type, token }: AccessRecipe) {
  const duration = { token };
  if (type === 'jwt') return { name, type, duration, jwt: { algorithm: 'HS512' as const, key: 'secret' } };
  if (type === 'bearer') return { name, type, duration: { ...duration, grant: '30d' } };
  return { name, type, duration, signup: text('CREATE alpha SET a = $a'), signin: text('SELECT * FROM alpha LIMIT 1') };
}

function permissionsOf(permissions: PermissionRecipe | undefined, ofTable: boolean) {
  if (typeof permissions !== 'object') return permissions;
  const { select, update } = permissions;
  return { select: text(select), create: 'full' as const, update, ...(ofTable && { delete: 'none' as const }) };
}

function decoratorOf(field: FieldRecipe, classes: Classes): Decorator {
  const { name, comment } = field;
  const shared = {
    ...(propertyOf(name) !== name && { name }),
    ...given('comment', comment),
    ...given('permissions', permissionsOf(field.permissions, false)),
  };
  switch (field.kind) {
    case 'plain':
      return Field({ type: field.type, ...plainOptions(field), ...shared } as never) as Decorator;
    case 'link': {
      const { many, optional, onDelete } = field;
      const target = () => (classes.get(field.target) ?? classes.get('alpha')) as EntityClass;
      const action = onDelete === 'expression' ? text('UPDATE $this SET orphan = true') : onDelete;
      return Relation(target, {
        many,
        optional: optional || onDelete === 'unset',
        onDelete: action,
        ...shared,
      }) as Decorator;
    }
    case 'embedded': {
      const part = class {} as EntityClass;
      defineTableOf(part, Object.fromEntries(field.fields.map((each) => [each.name, decoratorOf(each, classes)])));
      const options = { optional: field.optional, ...shared };
      return (field.many ? Field(() => [part], options) : Field(() => part, options)) as Decorator;
    }
    case 'computed': {
      const { expression, type, stored } = field;
      const { permissions: _permissions, ...options } = shared as { readonly permissions?: unknown };
      return Computed(text(expression), { type, stored, ...options }) as Decorator;
    }
    case 'vector': {
      const { dimension, distance, m, optional } = field;
      const { comment: _comment, permissions: _permissions, ...options } = shared as Record<string, never>;
      return VectorField({ dimension, distance, optional, ...given('m', m), ...options }) as Decorator;
    }
    case 'createdAt':
      return CreatedAt() as Decorator;
    case 'updatedAt':
      return UpdatedAt() as Decorator;
    case 'version':
      return Version() as Decorator;
    case 'encrypted':
      return Encrypted('argon2', { optional: true }) as Decorator;
  }
}

function plainOptions(field: PlainField) {
  const { value, assert, readonly, flexible } = field;
  const preset = field.default === undefined ? undefined : text(field.default);
  return {
    ...(preset !== undefined && (field.always === true ? { defaultAlways: preset } : { default: preset })),
    ...(value !== undefined && { value: text(value) }),
    ...(assert !== undefined && { assert: text(assert) }),
    ...(readonly === true && { readonly }),
    ...(flexible === true && { flexible }),
  };
}
