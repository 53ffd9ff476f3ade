import { meantType } from '../types/foreign-types.js';
import { optionOf, parseType, TYPE_WORDS, unionOf } from '../types/parse-type.js';
import type { SurrealType } from '../types/surreal-type.js';
import { designType } from './design-type.js';
import type { DiscoveryContext } from './discovery-context.js';
import type { EntityClass } from './entity-metadata.js';
import type { FieldOptions } from './options.js';

export const ANY_TYPE: SurrealType = Object.freeze({ kind: 'any' });
export const OBJECT_TYPE: SurrealType = Object.freeze({ kind: 'object' });

/** What the type of a field is read from. */
export interface TypeSource {
  readonly owner: EntityClass;
  readonly property: string;
  readonly path: string;
  readonly options: FieldOptions;
  readonly embeddedMany: boolean | undefined;
  readonly enumValues: readonly (string | number)[] | undefined;
}

/** The SurrealQL type of a field: as written, from the enum or embedded class, or from what the compiler emitted. */
export function fieldType(context: DiscoveryContext, source: TypeSource): SurrealType {
  const base = baseType(context, source);
  return source.options.optional === true ? optionOf(base) : base;
}

function baseType(context: DiscoveryContext, source: TypeSource): SurrealType {
  const { options, path, property } = source;
  if (options.type !== undefined) {
    const text = options.type;
    const meant = meantType(text, TYPE_WORDS) ?? (/\bany\b/.test(text) ? 'any' : 'string');
    const type = context.problems.catching(path, () => parseType(text), `@Field('${meant}') ${property}`);
    return type === undefined ? ANY_TYPE : type;
  }
  if (source.embeddedMany !== undefined)
    return source.embeddedMany ? Object.freeze({ kind: 'array', items: OBJECT_TYPE }) : OBJECT_TYPE;
  if (source.enumValues !== undefined)
    return unionOf(source.enumValues.map((value) => Object.freeze({ kind: 'literal', value })));
  const design = designType(source.owner, property, options.default ?? options.defaultAlways);
  if ('type' in design) return design.type;
  context.problems.add(path, design.reason, `${design.write} ${property}`);
  return ANY_TYPE;
}

/** The values of a TypeScript enum or of an object used as one; reverse names of numeric enums left out. */
export function enumValuesOf(given: object | undefined): readonly (string | number)[] | undefined {
  if (given === undefined) return undefined;
  if (Array.isArray(given)) return Object.freeze([...(given as readonly (string | number)[])]);
  const entries = Object.entries(given) as readonly (readonly [string, string | number])[];
  return Object.freeze(entries.filter(([key]) => !/^-?\d+(?:\.\d+)?$/.test(key)).map(([, value]) => value));
}
