import { MetadataError } from '../errors/index.js';
import { meantType } from './foreign-types.js';
import { didYouMean } from './nearest-word.js';
import { printType } from './print-type.js';
import type { GeometryShape, ScalarKind, SurrealType } from './surreal-type.js';
import { tokenizeType, type Refuse, type TypeToken } from './type-tokens.js';

const SCALARS: ReadonlySet<string> = new Set<ScalarKind>([
  'any',
  'none',
  'null',
  'bool',
  'bytes',
  'datetime',
  'decimal',
  'duration',
  'float',
  'int',
  'number',
  'object',
  'string',
  'uuid',
  'regex',
  'range',
  'function',
]);
const SHAPES: ReadonlySet<string> = new Set<GeometryShape>([
  'point',
  'line',
  'polygon',
  'multipoint',
  'multiline',
  'multipolygon',
  'collection',
]);
const GENERICS = ['array', 'set', 'option', 'record', 'geometry', 'table', 'file'] as const;
/** Every word that may start a type. */
export const TYPE_WORDS: readonly string[] = Object.freeze([...SCALARS, ...GENERICS, 'point', 'true', 'false']);

/**
 * Reads a SurrealQL type. `option<T>` becomes the union of `none` and T, as on the server.
 *
 * ```ts
 * parseType('option<array<record<user>, 5>>');
 * ```
 *
 * @throws MetadataError with the place and the nearest word.
 * @see https://surrealdb.com/docs/surrealql/datamodel
 */
export function parseType(text: string): SurrealType {
  return new TypeParser(text).parse();
}

/** Recursive descent over the tokens of one type string. */
class TypeParser {
  readonly #text: string;
  readonly #tokens: readonly TypeToken[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenizeType(text, this.#refuse);
  }

  parse(): SurrealType {
    const type = this.#union();
    const rest = this.#peek();
    if (rest.kind !== 'end') this.#refuse(rest.at, `unexpected "${rest.text}" after the type`);
    return type;
  }

  #union(): SurrealType {
    const start = this.#peek().at;
    const members = [this.#member()];
    while (this.#accept('|')) members.push(this.#member());
    if (members.length > 1 && members.some((each) => each.kind === 'any'))
      this.#refuse(start, 'any holds every value already; write any alone');
    return unionOf(members);
  }

  #member(): SurrealType {
    const token = this.#take();
    switch (token.kind) {
      case 'word':
        return this.#named(token);
      case 'string':
        return freeze({ kind: 'literal', value: token.text });
      case 'number':
        return freeze({ kind: 'literal', value: this.#number(token) });
      case 'sign':
        if (token.text === '[') return this.#tuple();
        if (token.text === '{') return this.#shape();
        return this.#refuse(token.at, `expected a type, found "${token.text}"`);
      case 'end':
        return this.#refuse(token.at, 'the type ends too early');
    }
  }

  #named(token: TypeToken & { readonly kind: 'word' }): SurrealType {
    const word = token.text;
    if (token.quoted) return this.#refuse(token.at, `\`${word}\` is a quoted name, not a type`);
    if (SCALARS.has(word)) return freeze({ kind: word as ScalarKind });
    switch (word) {
      case 'true':
      case 'false':
        return freeze({ kind: 'literal', value: word === 'true' });
      case 'point':
        return freeze({ kind: 'geometry', shapes: freeze(['point'] as const) });
      case 'option':
        return this.#option(token);
      case 'array':
      case 'set':
        return this.#list(word);
      case 'record':
        return freeze({ kind: 'record', tables: this.#names() });
      case 'table':
      case 'file':
        return freeze({ kind: word, names: this.#names() });
      case 'geometry':
        return freeze({ kind: 'geometry', shapes: this.#shapes() });
      default:
        return this.#refuse(token.at, unknownType(word));
    }
  }

  #option(token: TypeToken): SurrealType {
    if (!this.#accept('<')) this.#refuse(token.at, 'option needs a type: option<string>');
    const inner = this.#union();
    if (inner.kind === 'any') this.#refuse(token.at, 'any may be NONE already; write any alone');
    this.#expect('>');
    return unionOf([NONE, inner]);
  }

  #list(kind: 'array' | 'set'): SurrealType {
    if (!this.#accept('<')) return freeze({ kind, items: ANY });
    const items = this.#union();
    if (!this.#accept(',')) {
      this.#expect('>');
      return freeze({ kind, items });
    }
    const size = this.#take();
    if (size.kind !== 'number' || !/^\d+$/.test(size.text)) this.#refuse(size.at, 'the length must be a whole number');
    this.#expect('>');
    return freeze({ kind, items, max: Number(size.text) });
  }

  #tuple(): SurrealType {
    const items: SurrealType[] = [];
    while (!this.#accept(']')) {
      items.push(this.#union());
      if (!this.#accept(',') && this.#peek().text !== ']') this.#refuse(this.#peek().at, 'expected "," or "]"');
    }
    return freeze({ kind: 'tuple', items: freeze(items) });
  }

  #shape(): SurrealType {
    const fields = Object.create(null) as Record<string, SurrealType>;
    while (!this.#accept('}')) {
      const key = this.#take();
      if (key.kind !== 'word' && key.kind !== 'string' && key.kind !== 'number')
        this.#refuse(key.at, 'expected the name of a field');
      if (key.text in fields) this.#refuse(key.at, `the field "${key.text}" stands twice`);
      this.#expect(':');
      fields[key.text] = this.#union();
      if (!this.#accept(',') && this.#peek().text !== '}') this.#refuse(this.#peek().at, 'expected "," or "}"');
    }
    return freeze({ kind: 'shape', fields: freeze(fields) });
  }

  /** `<a | b>`, or nothing for any. */
  #names(): readonly string[] {
    if (!this.#accept('<')) return freeze([]);
    const names: string[] = [];
    do {
      const name = this.#take();
      if (name.kind !== 'word') this.#refuse(name.at, 'expected a name');
      names.push(name.text);
    } while (this.#accept('|'));
    this.#expect('>');
    return freeze(names);
  }

  #shapes(): readonly GeometryShape[] {
    const place = this.#peek().at;
    const names = this.#names();
    for (const name of names) {
      if (!SHAPES.has(name)) this.#refuse(place, `unknown geometry "${name}".${didYouMean(name, SHAPES)}`);
    }
    return names as readonly GeometryShape[];
  }

  #number(token: TypeToken): number | bigint {
    const digits = token.text.replaceAll('_', '');
    if (/^-?\d+$/.test(digits)) {
      const whole = BigInt(digits);
      if (BigInt.asIntN(64, whole) !== whole) this.#refuse(token.at, 'this number does not fit an int');
      return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
    }
    if (digits.endsWith('dec')) return this.#refuse(token.at, 'a decimal cannot be a literal type; write decimal');
    const float = Number(digits.replace(/f$/, ''));
    if (Number.isInteger(float))
      this.#refuse(token.at, `a float without a fraction cannot be a literal type; write ${float}`);
    return float;
  }

  #peek(): TypeToken {
    return this.#tokens[this.#next] as TypeToken;
  }

  #take(): TypeToken {
    const token = this.#peek();
    if (token.kind !== 'end') this.#next++;
    return token;
  }

  #accept(sign: string): boolean {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return false;
    this.#next++;
    return true;
  }

  #expect(sign: string): void {
    const token = this.#peek();
    if (this.#accept(sign)) return;
    this.#refuse(
      token.at,
      token.kind === 'end' ? `"${sign}" is missing at the end` : `expected "${sign}", found "${token.text}"`,
    );
  }

  readonly #refuse: Refuse = (at, reason) => {
    throw new MetadataError({
      what: `'${this.#text}' is not a SurrealQL type: at position ${at + 1}, ${reason}`,
      fix: 'see https://surrealdb.com/docs/surrealql/datamodel',
    });
  };
}

function unknownType(word: string): string {
  const meant = meantType(word, TYPE_WORDS);
  return `unknown type "${word}"${meant === undefined ? '' : `. Did you mean "${meant}"?`}`;
}

const freeze = Object.freeze;
const NONE: SurrealType = freeze({ kind: 'none' });
const ANY: SurrealType = freeze({ kind: 'any' });

/** The union of types, flat and without doubles; one alone is itself, and what holds `any` is `any`. */
export function unionOf(types: readonly SurrealType[]): SurrealType {
  const everything = types.find((each) => each.kind === 'any');
  if (everything !== undefined) return everything;
  const members: SurrealType[] = [];
  for (const type of types.flatMap((each) => (each.kind === 'union' ? each.members : [each]))) {
    if (!members.some((known) => sameType(known, type))) members.push(type);
  }
  return members.length === 1 ? (members[0] as SurrealType) : freeze({ kind: 'union', members: freeze(members) });
}

/** `option<T>`: T or NONE, which `any` admits already (the server knows no `option<any>`). */
export function optionOf(type: SurrealType): SurrealType {
  return type.kind === 'any' ? type : unionOf([NONE, type]);
}

/** Whether both say the same. */
export function sameType(a: SurrealType, b: SurrealType): boolean {
  return a === b || printType(a) === printType(b);
}
