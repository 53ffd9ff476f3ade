import type { EntityMetadata, FieldMetadata } from '../metadata/entity-metadata.js';
import type { AccessOptions } from '../metadata/options.js';
import { defineAccess, type DefineAccessNode } from '../surrealql/nodes/definitions.js';
import {
  and,
  binary,
  call,
  create,
  object,
  param,
  path,
  select,
  subquery,
  table,
  value,
  type Expression,
} from '../surrealql/nodes/index.js';

/** What `@Access` asks for; for records how they sign up and in follows from the class where it is not said. */
export function accessDefinition(entity: EntityMetadata, options: AccessOptions): DefineAccessNode {
  const { name, type = 'record', authenticate, duration = {}, jwt } = options;
  const { signup, signin } = type === 'record' ? signs(entity, options) : {};
  return defineAccess({
    name,
    type,
    duration,
    refresh: type === 'record' && (options.refresh ?? duration.grant !== undefined),
    ...(signup !== undefined && { signup }),
    ...(signin !== undefined && { signin }),
    ...(authenticate !== undefined && { authenticate }),
    ...(jwt !== undefined && { jwt }),
    ...(type === 'bearer' && { bearerFor: options.for ?? 'record' }),
  });
}

interface Signs {
  readonly signup?: Expression;
  readonly signin?: Expression;
}

function signs(entity: EntityMetadata, { signup, signin, identifier = 'email', jwt }: AccessOptions): Signs {
  const derives = signin === undefined && jwt === undefined;
  const made = signup === undefined && derives ? derivedSignup(entity) : signup;
  const found = derives ? derivedSignin(entity, identifier) : signin;
  return {
    ...(made !== undefined && made !== false && { signup: made }),
    ...(found !== undefined && found !== false && { signin: found }),
  };
}

/** Each field by a variable of its name; one that is left out is NONE, so its DEFAULT runs. */
function derivedSignup(entity: EntityMetadata): Expression {
  const fields = entity.properties.filter(isGiven);
  const content = object(fields.map(({ column, property }) => [column, param(property)] as const));
  return subquery(create({ target: table(entity.table), data: { kind: 'content', data: content } }));
}

function derivedSignin(entity: EntityMetadata, identifier: string): Expression {
  const known = entity.byProperty.get(identifier) as FieldMetadata;
  const secret = entity.properties.find(isSecretField) as FieldMetadata & { readonly algorithm: string };
  // Of a record without a hash the comparison would be an error of the whole sign-in.
  const hash = binary(path(secret.column), '??', value(''));
  const matches = call(`crypto::${secret.algorithm}::compare`, hash, param(secret.property));
  const where = and([binary(path(known.column), '=', param(known.property)), matches]);
  return subquery(select({ from: [table(entity.table)], where }));
}

function isSecretField(property: EntityMetadata['properties'][number]): boolean {
  return property.kind === 'field' && property.algorithm !== undefined;
}

/** What a person gives to sign up: what the server makes or keeps by itself is not theirs to say. */
function isGiven(property: EntityMetadata['properties'][number]): property is FieldMetadata {
  if (property.kind !== 'field') return false;
  return (property.role === 'plain' || property.role === 'encrypted') && property.value === undefined;
}
