import { parseType } from '../../types/parse-type.js';
import { printType } from '../../types/print-type.js';
import { pascal } from './names.js';
import { dataText } from './data-text.js';
import { objectText, quoted, Source, surqlText } from './source.js';

/** What belongs to the database, as INFO says it. */
export interface ObjectListings {
  readonly functions: readonly Members[];
  /** With the value itself as `held`. */
  readonly params: readonly Members[];
  readonly sequences: readonly Members[];
}
type Members = Readonly<Record<string, unknown>>;

/** A file that declares the functions, parameters and sequences of a database; none where there are none. */
export interface ObjectsFile {
  readonly source: string | undefined;
  /** Definitions that it does not say. */
  readonly remainder: readonly string[];
}

/** The name of the file; `definitions` in it goes into the options of `Reverie.init`. */
export const OBJECTS_FILE = 'database.ts';

export function objectsFile({ functions, params, sequences }: ObjectListings): ObjectsFile {
  const source = new Source();
  const used = new Set<string>(['definitions']);
  const remainder: string[] = [];
  const declarations = [
    ...functions.map((each) => declared(each, 'Function', functionText, source, used, remainder)),
    ...params.map((each) => declared(each, 'Param', paramText, source, used, remainder)),
    ...sequences.map((each) => declared(each, 'Sequence', sequenceText, source, used, remainder)),
  ].filter((each) => each !== undefined);
  if (declarations.length === 0) return { source: undefined, remainder };
  const list = `export const definitions = [${declarations.map(({ variable }) => variable).join(', ')}];`;
  const body = declarations.map(({ variable, text }) => `export const ${variable} = ${text};`);
  return { source: `${[source.imports, ...body, list].join('\n\n')}\n`, remainder };
}

type Kind = 'Function' | 'Param' | 'Sequence';

/** Names that the decorators' counterparts take, as SurrealQL writes them bare. */
const PLAIN: Readonly<Record<Kind, RegExp>> = {
  Function: /^[A-Za-z_]\w*(::[A-Za-z_]\w*)*$/,
  Param: /^[A-Za-z_]\w*$/,
  Sequence: /^[A-Za-z_]\w*$/,
};

function declared(
  given: Members,
  kind: Kind,
  write: (given: Members, source: Source) => string | undefined,
  source: Source,
  used: Set<string>,
  remainder: string[],
): { readonly variable: string; readonly text: string } | undefined {
  const name = String(given['name']);
  const options = PLAIN[kind].test(name) ? write(given, source) : undefined;
  if (options === undefined) {
    remainder.push(`${kind.toLowerCase()} ${name}`);
    return undefined;
  }
  const words = pascal(name);
  const plain = `${words.charAt(0).toLowerCase()}${words.slice(1)}`;
  const candidates = [plain, `${plain}${kind}`, ...Array.from({ length: 99 }, (_, at) => `${plain}${kind}${at + 2}`)];
  const variable = candidates.find((each) => !used.has(each) && !KEYWORDS.has(each)) as string;
  used.add(variable);
  const more = options === '' ? '' : `, ${options}`;
  return { variable, text: `${source.use(`define${kind}`)}(${quoted(name)}${more})` };
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
