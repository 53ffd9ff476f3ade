import { parseType } from '../../types/parse-type.js';
import { printType } from '../../types/print-type.js';
import { pascal } from './names.js';
import { dataText } from './data-text.js';
import { objectText, quoted, Source, surqlText, type Import, type KnownNames } from './source.js';

/** What belongs to the database, as INFO says it. */
export interface ObjectListings {
  readonly functions: readonly Members[];
  /** With the value itself as `held`. */
  readonly params: readonly Members[];
  readonly sequences: readonly Members[];
}
type Members = Readonly<Record<string, unknown>>;

/** A function, parameter or sequence that a file declares. */
export interface ObjectSource {
  readonly kind: Kind;
  readonly name: string;
  readonly variable: string;
  readonly text: string;
  readonly needs: readonly Import[];
}

/** The functions, parameters and sequences of a database. */
export interface ObjectSources {
  readonly declarations: readonly ObjectSource[];
  readonly imports: string;
  /** Definitions that have no words here. */
  readonly remainder: readonly string[];
}

/** The name of the file, without its extension; `definitions` in it goes into the options of `Reverie.init`. */
export const OBJECTS_FILE = 'database';

/** `known` are the names that the file has already. */
export function objectSources({ functions, params, sequences }: ObjectListings, known: KnownNames): ObjectSources {
  const source = new Source(known);
  const used = new Set<string>(['definitions', ...known.keys()]);
  const remainder: string[] = [];
  const all = [
    ...functions.map((each) => declared(each, 'Function', functionText, source, used)),
    ...params.map((each) => declared(each, 'Param', paramText, source, used)),
    ...sequences.map((each) => declared(each, 'Sequence', sequenceText, source, used)),
  ];
  const declarations = all.flatMap((each) => {
    if (typeof each === 'string') remainder.push(each);
    return typeof each === 'string' ? [] : [each];
  });
  return { declarations, imports: source.imports, remainder };
}

/** The text of a new file. */
export function objectsText({ declarations, imports }: ObjectSources): string {
  const list = `export const definitions = [${declarations.map(({ variable }) => variable).join(', ')}];`;
  return `${[imports, ...declarations.map(({ text }) => text), list].join('\n\n')}\n`;
}

type Kind = 'Function' | 'Param' | 'Sequence';

/** Names that the decorators' counterparts take, as SurrealQL writes them bare. */
const PLAIN: Readonly<Record<Kind, RegExp>> = {
  Function: /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*$/,
  Param: /^[A-Za-z_]\w*$/,
  Sequence: /^[A-Za-z_]\w*$/,
};

/** The name of what has no words here. */
function declared(
  given: Members,
  kind: Kind,
  write: (given: Members, source: Source) => string | undefined,
  source: Source,
  used: Set<string>,
): ObjectSource | string {
  const name = String(given['name']);
  const options = source.part(() => (PLAIN[kind].test(name) ? write(given, source) : undefined));
  if (options.written === undefined) return `${kind.toLowerCase()} ${name}`;
  const words = pascal(name);
  const plain = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const candidates = [plain, `${plain}${kind}`, ...Array.from({ length: 99 }, (_, at) => `${plain}${kind}${at + 2}`)];
  const variable = candidates.find((each) => !used.has(each) && !KEYWORDS.has(each)) as string;
  used.add(variable);
  const call = source.part(() => source.use(`define${kind}`));
  const more = options.written === '' ? '' : `, ${options.written}`;
  return {
    kind,
    name,
    variable,
    text: `export const ${variable} = ${call.written}(${quoted(name)}${more});`,
    needs: [...call.needs, ...options.needs],
  };
}

const KEYWORDS = new Set(
  (
    'await break case catch class const continue debugger default delete do else enum export extends false finally for ' +
    'function if import in instanceof let new null return static super surql switch this throw true try typeof var void while with yield'
  ).split(' '),
);

function functionText({ args, block, returns, comment, permissions }: Members, source: Source): string | undefined {
  const list = (args as readonly (readonly [string, string])[]).map(([name, type]) => [name, typeText(type)] as const);
  return objectText({
    args: list.length === 0 ? undefined : objectText(Object.fromEntries(list)),
    returns: typeof returns === 'string' ? typeText(returns) : undefined,
    // A definition puts its own braces around it.
    body: surqlText(String(block).replace(/^\{ ?([^]*?);? ?\}$/, '$1'), source),
    ...shared(comment, permissions, source),
  });
}

const typeText = (type: string): string => quoted(printType(parseType(type)));

function paramText({ value, held, comment, permissions }: Members, source: Source): string | undefined {
  // A whole number that the server keeps as a float is none to JavaScript.
  const data = /(?<![\d.])\d+f\b/.test(String(value)) ? undefined : dataText(held, source);
  return data === undefined ? undefined : objectText({ value: data, ...shared(comment, permissions, source) });
}

function sequenceText({ batch, start, timeout }: Members): string {
  return (
    objectText({
      start: String(start) === '0' ? undefined : String(start),
      batch: String(batch) === '1000' ? undefined : String(batch),
      timeout: timeout === undefined || timeout === null ? undefined : quoted(String(timeout)),
    }) ?? ''
  );
}

function shared(comment: unknown, permissions: unknown, source: Source) {
  return {
    comment: typeof comment === 'string' ? quoted(comment) : undefined,
    permissions:
      typeof permissions === 'string'
        ? surqlText(permissions, source)
        : permissions === false
          ? quoted('none')
          : undefined,
  };
}
