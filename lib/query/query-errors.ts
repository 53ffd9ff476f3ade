import { joined, ValidationError } from '../errors/index.js';
import { didYouMean } from '../types/nearest-word.js';
import { kindOf, RecordId } from '../values/index.js';

/** A value for a message: what it is, and as much of it as helps. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `the function ${value.name === '' ? '(anonymous)' : value.name}`;
  if (typeof value !== 'object' || value === null) return String(value);
  if (RecordId.is(value) || kindOf(value) !== undefined) return `${kindOf(value)} ${String(value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  const name = (value.constructor as { name?: string } | undefined)?.name;
  return name === undefined || name === 'Object'
    ? `an object with ${Object.keys(value).join(', ') || 'no members'}`
    : `a ${name}`;
}

interface Refusal {
  readonly path: string;
  readonly what: string;
  readonly why?: string;
  readonly fix?: string | readonly string[];
  readonly rule: string;
}

export function refused({ path, rule, ...details }: Refusal): ValidationError {
  const message = joined(details.what, details.why);
  return new ValidationError({ ...details, errors: [{ path, message, rule }] });
}

export function undefinedValue(path: string): ValidationError {
  return refused({
    path,
    what: `${path} is undefined in a where`,
    why: 'a condition that silently goes missing would match too many records',
    fix: ['leave the key out', 'use where({ … }), which drops such keys', 'use null for records that lack a value'],
    rule: 'undefined',
  });
}

/** Of reads that want one record. */
export function missingWhere(owner: string): ValidationError {
  return refused({
    path: owner,
    what: `One ${owner} is looked for, but its id or where is undefined`,
    why: 'any record would match, and somebody else would be found',
    fix: [
      'check where the value comes from: a parameter that was not given, a property that was not set',
      'em.find(…, {}, { limit: 1 }) for whichever comes first',
    ],
    rule: 'undefined',
  });
}

export function unreadable({ path, property }: { readonly path: string; readonly property: string }): ValidationError {
  return refused({
    path,
    what: `${path} cannot be read, compared or sorted by`,
    why: 'the server holds a hash of it, with a salt of its own for each record',
    fix: `em.verify(${path.split('.')[0]}, where, { ${property}: … }) finds who is known by it`,
    rule: 'writeonly',
  });
}

export function unknownField(owner: string, name: string, known: Iterable<string>): ValidationError {
  const names = [...known];
  return refused({
    path: `${owner}.${name}`,
    what: `${owner} has no field "${name}".${didYouMean(name, names)}`,
    why: `it has ${names.join(', ')}`,
    ...(name === 'where' && { fix: 'the conditions are this argument itself: em.find(User, { name: … })' }),
    rule: 'unknown',
  });
}

export function unknownOption(path: string, name: string, known: Iterable<string>): ValidationError {
  const names = [...known];
  return refused({
    path: `${path}.${name}`,
    what: `${path} knows no option "${name}".${didYouMean(name, names)}`,
    why: `the options are ${names.join(', ')}`,
    rule: 'option',
  });
}

export function unknownOperator(path: string, name: string, known: Iterable<string>): ValidationError {
  const names = [...known];
  return refused({
    path: `${path}.${name}`,
    what: `${name} is no operator for ${path}.${didYouMean(name, names)}`,
    why: `it knows ${names.join(' ')}`,
    rule: 'operator',
  });
}

export function wrongType(path: string, value: unknown, wanted: string): ValidationError {
  return refused({
    path,
    what: `${path} cannot be compared with ${describe(value)}`,
    why: `it holds ${wanted}, so nothing could ever match`,
    fix: `give a value of type ${wanted}`,
    rule: 'type',
  });
}
