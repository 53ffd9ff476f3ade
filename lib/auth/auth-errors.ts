import { AuthenticationError, ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { isSecret } from '../metadata/is-secret.js';
import type { RecordId } from '../values/index.js';

export function notTheirs(className: string, id: RecordId | null): AuthenticationError {
  return new AuthenticationError({
    what: `The access signed in no ${className}`,
    why: id === null ? 'it names no record' : `${String(id)} is of another table, or cannot be read`,
    fix: `let SIGNUP and SIGNIN answer with a record of ${className}`,
  });
}

export function passwordOf({ byProperty, className }: EntityMetadata): string {
  const [first, ...others] = [...byProperty.values()].filter(isSecret);
  if (first !== undefined && others.length === 0) return first.property;
  const what =
    first === undefined ? `${className} has no @Encrypted field` : `${className} has several @Encrypted fields`;
  throw new ValidationError({
    what,
    fix: first === undefined ? "@Encrypted('argon2') password!: WriteOnly<string>" : `{ field: '${first.property}' }`,
    errors: [{ path: className, message: what, rule: 'encrypted' }],
  });
}

export function noPassword(path: string): ValidationError {
  const what = `The ${path === 'next' ? 'new' : 'current'} password is empty, or no text`;
  return new ValidationError({ what, errors: [{ path, message: what, rule: 'required' }] });
}

export function wrongPassword(className: string): AuthenticationError {
  return new AuthenticationError({
    what: `The current password of the ${className} is not the one given`,
    why: 'it is another one, or there is no such record; nothing was changed',
  });
}

export function noBearer(className: string, access: string | undefined): ValidationError {
  const what = `${className} has no @Access of type bearer${access === undefined ? '' : ` called "${access}"`}`;
  return new ValidationError({
    what,
    fix: `@Access({ name: 'key', type: 'bearer', duration: { grant: '90d' } }) class ${className}`,
    errors: [{ path: className, message: what, rule: 'access' }],
  });
}

export function noRefreshToken(): AuthenticationError {
  return new AuthenticationError({
    what: 'There is no refresh token',
    why: 'only an access with `refresh: true` (or a `duration.grant`) gives one',
    fix: "@Access({ …, duration: { token: '15m', grant: '30d' } })",
  });
}
