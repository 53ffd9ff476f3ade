import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ok, type Finding } from './finding.js';

/** The oldest Node that the package runs on; `engines` of its package.json says the same. */
const OLDEST_NODE = [20, 16] as const;

/** What can be told without a configuration. */
export function checkProject(root: string): Finding[] {
  return [checkNode(process.versions.node), checkCopies(root), checkEngine(root), checkTsconfig(root)];
}

export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldest, atLeast] = OLDEST_NODE;
  if (major > oldest || (major === oldest && minor >= atLeast)) return ok('Node', version);
  return { check: 'Node', state: 'failed', detail: version, fix: `install Node ${oldest}.${atLeast} or later` };
}

/** Two copies of the package in one process understand each other, but nobody wants them. */
function checkCopies(root: string): Finding {
  const copies = installed(root, 'reverie-orm');
  if (copies.length === 0)
    return { check: 'reverie-orm', state: 'note', detail: 'not installed here', fix: 'npm install reverie-orm' };
  const versions = copies.map(({ version }) => version).join(', ');
  if (copies.length === 1) return ok('reverie-orm', versions);
  const fix = `npm dedupe; they are in ${copies.map(({ folder }) => folder).join(', ')}`;
  return { check: 'reverie-orm', state: 'note', detail: `installed ${copies.length} times: ${versions}`, fix };
}

function checkEngine(root: string): Finding {
  const [engine] = installed(root, '@surrealdb/node');
  if (engine === undefined)
    return {
      check: 'embedded engine',
      state: 'note',
      detail: '@surrealdb/node is not installed; only servers can be reached',
    };
  const major = Number.parseInt(engine.version, 10);
  if (major === 3) return ok('embedded engine', engine.version);
  return { check: 'embedded engine', state: 'failed', detail: engine.version, fix: 'npm install @surrealdb/node@3' };
}

interface Installed {
  readonly folder: string;
  readonly version: string;
}

/** Copies of a package: at the root, in the folders above it, and below the packages that have one of their own. */
function installed(root: string, name: string): readonly Installed[] {
  const above: string[] = [];
  for (let folder = resolve(root); ; folder = dirname(folder)) {
    above.push(join(folder, 'node_modules', name));
    if (dirname(folder) === folder) break;
  }
  const modules = join(root, 'node_modules');
  const below = packagesIn(modules).map((other) => join(modules, other, 'node_modules', name));
  const found = new Map<string, Installed>();
  for (const folder of [...above.filter((each) => existsSync(each)).slice(0, 1), ...below]) {
    const file = join(folder, 'package.json');
    if (!existsSync(file)) continue;
    const { version } = JSON.parse(readFileSync(file, 'utf8')) as { readonly version: string };
    found.set(realpathSync(folder), { folder, version });
  }
  return [...found.values()];
}

function packagesIn(modules: string): readonly string[] {
  if (!existsSync(modules)) return [];
  return readdirSync(modules).flatMap((name) =>
    name.startsWith('@') ? readdirSync(join(modules, name)).map((each) => join(name, each)) : [name],
  );
}

type CompilerOptions = Readonly<Record<string, unknown>>;

function checkTsconfig(root: string): Finding {
  const check = 'tsconfig.json';
  const file = join(root, 'tsconfig.json');
  if (!existsSync(file))
    return { check, state: 'note', detail: 'there is none: decorators are not checked by a compiler' };
  const options = compilerOptions(file);
  const dialect = options['experimentalDecorators'] === true ? 'legacy decorators' : 'standard decorators';
  const problem = problemOf(options);
  if (problem !== undefined) return { check, state: 'note', detail: `${dialect}; ${problem.detail}`, fix: problem.fix };
  return ok(check, options['emitDecoratorMetadata'] === true ? `${dialect} with metadata` : dialect);
}

function problemOf(options: CompilerOptions): { readonly detail: string; readonly fix: string } | undefined {
  if (options['emitDecoratorMetadata'] === true && options['experimentalDecorators'] !== true)
    return { detail: 'emitDecoratorMetadata does nothing without experimentalDecorators', fix: 'set both, or neither' };
  if (options['strict'] !== true && options['strictNullChecks'] !== true)
    return { detail: 'types of fields are checked in part only', fix: 'set "strict": true' };
  return undefined;
}

/** With what the files it extends say. */
function compilerOptions(file: string, depth = 0): CompilerOptions {
  const read = readJsonc(file) as {
    readonly extends?: string | readonly string[];
    readonly compilerOptions?: CompilerOptions;
  };
  const bases = depth > 8 ? [] : [read.extends ?? []].flat();
  const inherited = bases.map((base) => baseFile(base, file)).filter((each): each is string => each !== undefined);
  return Object.assign(
    {},
    ...inherited.map((each) => compilerOptions(each, depth + 1)),
    read.compilerOptions,
  ) as CompilerOptions;
}

function baseFile(base: string, from: string): string | undefined {
  const path = base.startsWith('.') ? resolve(dirname(from), base) : join(dirname(from), 'node_modules', base);
  return [path, `${path}.json`, join(path, 'tsconfig.json')].find((each) => each.endsWith('.json') && existsSync(each));
}

/** JSON with comments and commas at the end, as TypeScript reads it. */
export function readJsonc(file: string): unknown {
  const text = readFileSync(file, 'utf8');
  const plain = text.replace(
    /("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g,
    (_, quoted: string | undefined) => quoted ?? '',
  );
  return JSON.parse(
    plain.replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_, quoted: string | undefined) => quoted ?? ''),
  );
}
