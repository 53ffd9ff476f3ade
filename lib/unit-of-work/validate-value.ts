import type { ValidationProblem } from '../errors/index.js';
import { isMissing } from '../entity/value-handler.js';
import type { EmbeddedMetadata, FieldMetadata, LinkMetadata, LinksMetadata } from '../metadata/entity-metadata.js';
import { acceptsValue } from '../types/accepts-value.js';
import { didYouMean } from '../types/nearest-word.js';
import { printType } from '../types/print-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { checkDigits } from './validate-digits.js';

export type Report = (path: string, message: string, rule: ValidationProblem['rule']) => void;

/** Checks a value, as it would be sent, against its field; `path` says where it stands. */
export function checkValue(field: FieldMetadata, value: unknown, path: string, report: Report): void {
  if (field.vector !== undefined) checkVector(field.vector.dimension, value, path, report);
  else if (!acceptsValue(field.type, value)) report(path, misfit(field.type, value), 'type');
  else if (field.embedded !== undefined) checkEmbedded(field.embedded, value, path, report);
  else if (field.scale !== undefined || field.precision !== undefined) checkDigits(field, value, path, report);
}

export function isRequired(field: FieldMetadata): boolean {
  if (field.optional || field.serverProduced || field.defaultAlways) return false;
  return field.default === undefined && field.value === undefined && field.generate === undefined;
}

function checkVector(dimension: number, value: unknown, path: string, report: Report): void {
  const numbers = Array.isArray(value) && value.every((item) => typeof item === 'number' || typeof item === 'bigint');
  if (numbers && value.length === dimension) return;
  const got = numbers ? `${value.length} numbers` : describe(value);
  report(path, `expected a vector of ${dimension} numbers, got ${got}`, 'type');
}

function checkEmbedded(embedded: EmbeddedMetadata, value: unknown, path: string, report: Report): void {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) checkEmbedded(embedded, item, `${path}[${index}]`, report);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const members = value as Readonly<Record<string, unknown>>;
  const known = new Map(embedded.fields.map((field) => [field.column, field]));
  for (const field of embedded.fields) checkMember(field, members[field.column], `${path}.${field.property}`, report);
  for (const name of Object.keys(members)) {
    if (known.has(name)) continue;
    report(
      `${path}.${name}`,
      `${embedded.className} has no field "${name}".${didYouMean(name, known.keys())}`,
      'unknown',
    );
  }
}

function checkMember(
  field: FieldMetadata | LinkMetadata | LinksMetadata,
  value: unknown,
  path: string,
  report: Report,
): void {
  if (!isMissing(value)) {
    if (field.kind === 'field') checkValue(field, value, path, report);
    else if (!acceptsValue(field.type, value)) report(path, misfit(field.type, value), 'type');
  } else if (
    value !== null &&
    (field.kind === 'field' ? isRequired(field) : field.kind === 'link' && !field.optional)
  ) {
    report(path, 'a value is required', 'required');
  }
}

/** What was wanted and given, and what is meant where JSON has no such value or a promise was not awaited. */
function misfit(type: SurrealType, value: unknown): string {
  const told = `expected ${printType(type)}, got ${describe(value)}`;
  if (value instanceof Promise) return `${told} that was not awaited`;
  const isDateText = typeof value === 'string' && !Number.isNaN(Date.parse(value));
  return isDateText && acceptsValue(type, new Date(value)) ? `${told}; write new Date(${JSON.stringify(value)})` : told;
}

function describe(value: unknown): string {
  if (typeof value === 'string')
    return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value)}`;
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value !== 'object' || value === null) return `${typeof value} ${String(value)}`;
  if (value instanceof Date && Number.isNaN(value.getTime())) return 'an invalid Date';
  return `${(value as object).constructor?.name ?? 'object'}`;
}
