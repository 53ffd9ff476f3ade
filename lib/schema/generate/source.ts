/** A file that is being written: its lines and what it has to import. */
export class Source {
  readonly #imports = new Map<string, Map<string, boolean>>();

  /** A value of the package. */
  use(name: string): string {
    return this.#note('reverie-orm', name, false);
  }

  /** A type of the package. */
  useType(name: string): string {
    return this.#note('reverie-orm', name, true);
  }

  useClass(name: string, file: string): string {
    return this.#note(`./${file}`, name, false);
  }

  get imports(): string {
    const lines = [...this.#imports].map(([from, names]) => {
      const sorted = [...names].sort(([a], [b]) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1));
      return `import { ${sorted.map(([name, type]) => (type ? `type ${name}` : name)).join(', ')} } from ${quoted(from)};`;
    });
    return lines.join('\n');
  }

  #note(from: string, name: string, type: boolean): string {
    const names = this.#imports.get(from) ?? new Map<string, boolean>();
    this.#imports.set(from, names.set(name, type && names.get(name) !== false));
    return name;
  }
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

export function commentLines(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => text.split('\n').map((line) => `// ${line}`));
}
