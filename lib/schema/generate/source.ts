/** A name that a text needs from elsewhere. */
export interface Import {
  readonly from: string;
  readonly name: string;
  /** What the text calls it. */
  readonly local: string;
  readonly isType: boolean;
}

/** A name that a file has already: declared there, or imported. */
export interface KnownName {
  readonly from?: string;
  readonly name?: string;
  readonly isType?: boolean;
}

export type KnownNames = ReadonlyMap<string, KnownName>;

const PACKAGE = 'reverie-orm';

/** A file that is being written: what it has to import, beside the names that it has already. */
export class Source {
  readonly #known: KnownNames;
  readonly #imports = new Map<string, Import>();
  #noted: Import[] = [];

  constructor(known: KnownNames = new Map()) {
    this.#known = known;
  }

  /** A value of the package. */
  use(name: string): string {
    return this.#note(PACKAGE, name, false);
  }

  /** A type of the package. */
  useType(name: string): string {
    return this.#note(PACKAGE, name, true);
  }

  useClass(name: string, module: string): string {
    return this.#note(module, name, false);
  }

  /** Writes a part, and tells what that part needs, what the file has already included. */
  part<T>(write: () => T): { readonly written: T; readonly needs: readonly Import[] } {
    const around = this.#noted;
    this.#noted = [];
    const written = write();
    const needs = this.#noted;
    this.#noted = [...around, ...needs];
    return { written, needs };
  }

  get imports(): string {
    const imports = [...this.#imports.values()];
    const modules = [...new Set(imports.map(({ from }) => from))];
    return modules.map((from) => importText(from, imports)).join('\n');
  }

  #note(from: string, name: string, isType: boolean): string {
    const known = [...this.#known].find(
      ([, each]) => each.from !== undefined && sameModule(each.from, from) && each.name === name,
    );
    if (known !== undefined && (isType || known[1].isType !== true)) {
      this.#noted.push({ from, name, local: known[0], isType });
      return known[0];
    }
    const local = this.#known.has(name) ? `Reverie${name}` : name;
    const key = `${from}\n${name}`;
    this.#imports.set(key, { from, name, local, isType: isType && this.#imports.get(key)?.isType !== false });
    this.#noted.push({ from, name, local, isType });
    return local;
  }
}

/** `'./team.entity'` and `'./team.entity.js'` are one. */
export function sameModule(a: string, b: string): boolean {
  const bare = (module: string): string => module.replace(/\.[cm]?[jt]s$/, '');
  return bare(a) === bare(b);
}

/** An import of all that comes from one module, by name. */
export function importText(from: string, imports: readonly Import[]): string {
  const names = imports
    .filter((each) => each.from === from)
    .sort((a, b) => (a.name.toLowerCase() < b.name.toLowerCase() ? -1 : 1))
    .map(specifierText);
  const line = `import { ${names.join(', ')} } from ${quoted(from)};`;
  return line.length <= WIDTH
    ? line
    : `import {\n${names.map((name) => `  ${name},\n`).join('')}} from ${quoted(from)};`;
}

const WIDTH = 120;

export function specifierText({ name, local, isType }: Import): string {
  return `${isType ? 'type ' : ''}${name}${local === name ? '' : ` as ${local}`}`;
}

export function quoted(text: string): string {
  const json = JSON.stringify(text);
  return json.includes("'") ? json : `'${json.slice(1, -1).replaceAll('\\"', '"')}'`;
}

/** SurrealQL as a `surql` template: it stands as written but for backticks and `${`. */
export function surqlText(text: string, source: Source): string {
  return `${source.use('surql')}\`${text.replace(/`|\$\{/g, '\\$&')}\``;
}

/** The text of an object without the members that say nothing. */
export function objectText(members: Readonly<Record<string, string | undefined>>): string | undefined {
  const said = Object.entries(members).flatMap(([key, text]) => (text === undefined ? [] : [`${key}: ${text}`]));
  return said.length === 0 ? undefined : `{ ${said.join(', ')} }`;
}

/** `@Name(…)` without the arguments that say nothing. */
export function decoratorText(name: string, ...args: readonly (string | undefined)[]): string {
  return `@${name}(${args.filter((each) => each !== undefined).join(', ')})`;
}

export function commentLines(texts: readonly string[]): readonly string[] {
  // What ends a line for JavaScript ends a comment.
  return texts.flatMap((text) => text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `// ${line}`));
}
