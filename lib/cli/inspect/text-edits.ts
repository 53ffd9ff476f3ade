import type ts from 'typescript';
import { importText, sameModule, specifierText, type Import } from '../../schema/index.js';
import type { CodeFile } from './code-file.js';
import type { Compiler } from './compiler.js';

interface Insertion {
  readonly at: number;
  readonly text: string;
}

/** What is added to a file. Nothing that stands in it is changed. */
export class TextEdits {
  readonly file: CodeFile;
  readonly #ts: Compiler;
  readonly #insertions: Insertion[] = [];
  readonly #needs = new Map<string, Import>();

  constructor(compiler: Compiler, file: CodeFile) {
    this.#ts = compiler;
    this.file = file;
  }

  insert(at: number, text: string, needs: readonly Import[]): void {
    let fitted = text;
    for (const need of needs) {
      const own = this.#nameOf(need);
      if (own !== undefined && own !== need.local) fitted = renamed(fitted, need.local, own);
      if (own === undefined) this.#need(need);
    }
    this.#insertions.push({ at, text: fitted });
  }

  /** After the line in which a node ends, a comment behind it included; where more stands there, right behind the node. */
  insertAfter(node: ts.Node, text: string, needs: readonly Import[]): void {
    const { text: all } = this.file;
    const rest = /^[^\n]*/.exec(all.slice(node.end))?.[0] ?? '';
    const isFree = /^\s*;?\s*(\/\/.*|\/\*[^\n]*\*\/\s*)?\r?$/.test(rest);
    this.insert(node.end + (isFree ? rest.replace(/\r$/, '').length : 0), text, needs);
  }

  get isEmpty(): boolean {
    return this.#insertions.length === 0;
  }

  /** In which line a node stands when all is in its place. */
  lineOf(node: ts.Node): number {
    const at = node.getStart();
    const above = this.#ordered().filter((insertion) => insertion.at <= at);
    return this.file.lineOf(node) + above.reduce((sum, { text }) => sum + text.split('\n').length - 1, 0);
  }

  #ordered(): readonly Insertion[] {
    return [...this.#insertions, ...this.#imports()]
      .map((each, index) => ({ ...each, index }))
      .sort((a, b) => a.at - b.at || a.index - b.index);
  }

  /** The file with everything in its place. */
  applied(): string {
    const { text } = this.file;
    const eol = text.includes('\r\n') ? '\r\n' : '\n';
    let done = '';
    let at = 0;
    for (const insertion of this.#ordered()) {
      done += text.slice(at, insertion.at) + insertion.text.replace(/\n/g, eol);
      at = insertion.at;
    }
    return done + text.slice(at);
  }

  /** What the file itself calls it. */
  #nameOf({ from, name, local, isType }: Import): string | undefined {
    if (this.file.classes.some((each) => each.name === local)) return local;
    const known = [...this.file.names].find(
      ([, each]) => each.name === name && each.from !== undefined && sameModule(each.from, from),
    );
    return known !== undefined && (isType || known[1].isType !== true) ? known[0] : undefined;
  }

  #need(need: Import): void {
    const before = this.#needs.get(need.local);
    this.#needs.set(need.local, { ...need, isType: need.isType && before?.isType !== false });
  }

  #imports(): readonly Insertion[] {
    const modules = [...new Set([...this.#needs.values()].map(({ from }) => from))];
    const missing: string[] = [];
    const within = modules.flatMap((from) => {
      const needs = [...this.#needs.values()].filter((need) => need.from === from);
      const list = this.#listOf(from);
      if (list === undefined) missing.push(importText(from, needs));
      return list === undefined ? [] : [this.#listed(list, needs)];
    });
    if (missing.length === 0) return within;
    const last = this.file.imports.at(-1);
    const lines = missing.join('\n');
    return [
      ...within,
      last === undefined ? { at: this.#top(), text: `${lines}\n\n` } : { at: last.end, text: `\n${lines}` },
    ];
  }

  /** The names that are imported from a module, of an import that may hold values. */
  #listOf(from: string): ts.NamedImports | undefined {
    for (const { importClause, moduleSpecifier } of this.file.imports) {
      const bindings = importClause?.namedBindings;
      if (importClause?.isTypeOnly === true || bindings === undefined || !this.#ts.isNamedImports(bindings)) continue;
      if (sameModule((moduleSpecifier as ts.StringLiteral).text, from) && bindings.elements.length > 0) return bindings;
    }
    return undefined;
  }

  #listed({ elements }: ts.NamedImports, needs: readonly Import[]): Insertion {
    const last = elements[elements.length - 1] as ts.ImportSpecifier;
    const { text } = this.file;
    const indent = /\n([ \t]*)$/.exec(text.slice(0, last.getStart()))?.[1];
    const separator = indent === undefined ? ', ' : `,\n${indent}`;
    return { at: last.end, text: needs.map((need) => separator + specifierText(need)).join('') };
  }

  /** Before the first statement, behind what stands above it for the whole file. */
  #top(): number {
    return this.file.source.statements[0]?.getStart(undefined, true) ?? this.file.text.length;
  }
}

/** The text was written for a file that calls something otherwise. */
function renamed(text: string, from: string, to: string): string {
  return text.replace(new RegExp(`(?<![\\w'"\`$])${from}(?![\\w'"\`$])`, 'g'), to);
}

/** The blanks that the line of a place begins with. */
export function indentAt(text: string, at: number): string {
  const start = text.lastIndexOf('\n', at - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? '';
}
