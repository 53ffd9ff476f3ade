import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import type { KnownClass, KnownCode } from '../../schema/index.js';
import type { CodeClass } from './code-class.js';
import { CodeFile } from './code-file.js';
import type { Compiler } from './compiler.js';

const CODE = /\.[cm]?tsx?$/;
const DECLARATIONS = /\.d\.[cm]?ts$/;

/** The files of TypeScript in a folder and below. */
export async function codeFilesIn(folder: string): Promise<readonly string[]> {
  if (!existsSync(folder)) return [];
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && CODE.test(entry.name) && !DECLARATIONS.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(
      (file) =>
        !relative(folder, file)
          .split(sep)
          .some((part) => part === 'node_modules' || part.startsWith('.')),
    )
    .sort();
}

/** All classes of a folder, and the way from one to another. */
export class CodeFolder implements KnownCode {
  readonly files: readonly CodeFile[];
  readonly extension: string;
  readonly classes: ReadonlyMap<string, KnownClass>;
  /** The class that stands for a table; where several share it, the one that the others extend. */
  readonly entities: ReadonlyMap<string, CodeClass>;
  readonly #ts: Compiler;
  readonly #others = new Map<string, CodeFile | undefined>();

  private constructor(compiler: Compiler, files: readonly CodeFile[], extension: string) {
    this.#ts = compiler;
    this.files = files;
    this.extension = extension;
    // Those that extend others come first, so that what they extend stays.
    const byBase = [...this.allClasses].sort((a, b) => Number(a.base === undefined) - Number(b.base === undefined));
    this.entities = new Map(byBase.flatMap((each) => (each.table === undefined ? [] : [[each.table, each] as const])));
    const declared = files.flatMap((file) => definedTables(file));
    const decorated = [...this.entities].map(
      ([table, each]) =>
        [table, { className: each.name, file: each.file.name, members: this.#membersOf(each) }] as const,
    );
    this.classes = new Map([...declared, ...decorated]);
  }

  static async read(compiler: Compiler, folder: string, paths: readonly string[]): Promise<CodeFolder> {
    const files: CodeFile[] = [];
    for (const path of paths) {
      const name = relative(folder, path).split(sep).join('/').replace(CODE, '');
      files.push(new CodeFile(compiler, path, name, await readFile(path, 'utf8')));
    }
    return new CodeFolder(compiler, files, extensionIn(folder, files));
  }

  get allClasses(): readonly CodeClass[] {
    return this.files.flatMap(({ classes }) => classes);
  }

  fileNamed(name: string): CodeFile | undefined {
    return this.files.find((file) => file.name === name);
  }

  namesIn(file: string): CodeFile['names'] {
    return this.fileNamed(file)?.names ?? new Map();
  }

  /** The class that a file calls so. */
  classNamed(name: string, file: CodeFile): CodeClass | undefined {
    const own = file.classes.find((each) => each.name === name);
    if (own !== undefined) return own;
    const imported = file.names.get(name);
    const wanted = imported?.name === 'default' ? name : (imported?.name ?? name);
    const direct = imported?.from === undefined ? undefined : this.#imported(imported.from, file);
    const found = direct?.classes.find((each) => each.name === wanted);
    const alike = this.allClasses.filter((each) => each.name === wanted);
    return found ?? (alike.length === 1 ? alike[0] : undefined);
  }

  /** A class, what it extends, and what extends it: all that may declare columns of one table. */
  family(entity: CodeClass): { readonly classes: readonly CodeClass[]; readonly unknown: readonly string[] } {
    const unknown: string[] = [];
    const bases = this.#bases(entity, unknown);
    const below = this.allClasses.filter((each) => each !== entity && this.#bases(each, []).includes(entity));
    return { classes: [entity, ...bases, ...below], unknown };
  }

  #membersOf(entity: CodeClass): ReadonlySet<string> {
    return new Set(this.family(entity).classes.flatMap(({ members }) => members));
  }

  #bases(entity: CodeClass, unknown: string[]): readonly CodeClass[] {
    const found: CodeClass[] = [];
    for (let each = entity; each.base !== undefined;) {
      const next = this.classNamed(each.base, each.file);
      if (next === undefined) unknown.push(each.base);
      if (next === undefined || found.includes(next)) break;
      found.push(next);
      each = next;
    }
    return found;
  }

  /** A file beside, in the folder or outside of it. */
  #imported(from: string, by: CodeFile): CodeFile | undefined {
    if (!from.startsWith('.')) return undefined;
    const target = resolve(dirname(by.path), from).replace(/\.[cm]?js$/, '');
    const path = [`${target}.ts`, `${target}.mts`, `${target}.cts`, `${target}.tsx`, join(target, 'index.ts')].find(
      (candidate) => existsSync(candidate),
    );
    if (path === undefined) return undefined;
    return this.files.find((file) => file.path === path) ?? this.#outside(path);
  }

  #outside(path: string): CodeFile | undefined {
    if (!this.#others.has(path)) {
      const text = this.#ts.sys.readFile(path);
      this.#others.set(path, text === undefined ? undefined : new CodeFile(this.#ts, path, basename(path), text));
    }
    return this.#others.get(path);
  }
}

/** Tables that `defineTable` declares. */
function definedTables(file: CodeFile): readonly (readonly [string, KnownClass])[] {
  return file.calls
    .filter(({ callee }) => callee === 'defineTable')
    .map(({ name, node }) => {
      const className = /\bclass: *(\w+)/.exec(node.getText())?.[1] ?? name;
      return [name, { className, file: file.name }] as const;
    });
}

/** As the files that are there import each other, else as the package that the folder belongs to has to. */
export function extensionIn(folder: string, files: readonly CodeFile[]): string {
  const relatives = files.flatMap(({ names }) =>
    [...names.values()].flatMap(({ from }) => (from?.startsWith('.') ? [from] : [])),
  );
  if (relatives.length > 0) return relatives.some((from) => from.endsWith('.js')) ? '.js' : '';
  return isModulePackage(folder) ? '.js' : '';
}

function isModulePackage(folder: string): boolean {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return dirname(folder) !== folder && isModulePackage(dirname(folder));
  return (JSON.parse(readFileSync(file, 'utf8')) as { readonly type?: unknown }).type === 'module';
}
