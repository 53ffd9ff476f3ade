import type { SurrealType } from '../types/surreal-type.js';
import type { EntityClass } from './entity-metadata.js';
import { stagedOf } from './staging.js';

/** By what `typeof` says of a default. */
const DEFAULTS: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  boolean: 'bool',
  bigint: 'int',
};

export type DesignType = { readonly type: SurrealType } | { readonly reason: string; readonly write: string };

interface ReflectWithMetadata {
  readonly getMetadata?: (key: string, target: object, property: string) => unknown;
}

const KNOWN: ReadonlyMap<unknown, 'string' | 'number' | 'bool' | 'datetime'> = new Map<
  unknown,
  'string' | 'number' | 'bool' | 'datetime'
>([
  [String, 'string'],
  [Number, 'number'],
  [Boolean, 'bool'],
  [Date, 'datetime'],
]);

/** `String` stands for `string`, and so on; undefined for any other. */
export function typeOfConstructor(given: unknown): string | undefined {
  return KNOWN.get(given);
}

/** Types whose name says which SurrealQL type is meant; only for the advice in a message. */
const ADVICE: Readonly<Record<string, string>> = {
  BigInt: 'int',
  Decimal: 'decimal',
  Uuid: 'uuid',
  Duration: 'duration',
  DateTime: 'datetime',
  Uint8Array: 'bytes',
  ArrayBuffer: 'bytes',
  RecordId: 'record<table>',
  Set: 'set<string>',
  Map: 'object',
  RegExp: 'regex',
  Range: 'range',
  FileRef: 'file',
  Point: 'point',
};

/**
 * The type that `emitDecoratorMetadata` left behind, where it leaves no doubt; else what to write, for which the default
 * (`standard`) tells most.
 */
export function designType(owner: EntityClass, property: string, standard?: unknown): DesignType {
  const emitted = (Reflect as ReflectWithMetadata).getMetadata?.('design:type', owner.prototype as object, property);
  const kind = KNOWN.get(emitted);
  if (kind !== undefined) return { type: Object.freeze({ kind }) };
  if (emitted === undefined) {
    return {
      reason:
        'its type is not known, because the compiler emitted none (esbuild, tsx, Vite and standard decorators never do; tsc and SWC need emitDecoratorMetadata)',
      write: adviceOf(standard) ?? "@Field('string')",
    };
  }
  if (emitted === Array)
    return { reason: 'the compiler keeps no type of the elements of an array', write: "@Field('array<string>')" };
  if (typeof emitted !== 'function' || emitted === Object) {
    return {
      reason: 'its type is a union, an interface or any, of which the compiler keeps nothing',
      write: adviceOf(standard) ?? "@Field('option<string>')",
    };
  }
  return classAdvice(emitted);
}

function adviceOf(standard: unknown): string | undefined {
  const type = standard instanceof Date ? 'datetime' : DEFAULTS[typeof standard];
  return type && `@Field('${type}', { default: … })`;
}

function classAdvice(emitted: { readonly name: string }): DesignType {
  const advice = ADVICE[emitted.name];
  if (advice !== undefined)
    return { reason: `its type ${emitted.name} needs a SurrealQL type`, write: `@Field('${advice}')` };
  const embedded = stagedOf(emitted) !== undefined;
  return {
    reason: embedded
      ? `the embedded class ${emitted.name} has to be named`
      : `its type ${emitted.name} is not one that can be guessed`,
    write: embedded ? `@Field(() => ${emitted.name})` : "@Field('object')",
  };
}
