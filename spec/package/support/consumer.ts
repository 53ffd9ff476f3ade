import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const ROOT = join(__dirname, '..', '..', '..');

/** A project outside this repository that has installed the package as it would be published. */
export interface Consumer {
  readonly folder: string;
  /** Runs Node in the project without flags; resolves to what it printed. */
  node(...args: readonly string[]): Promise<string>;
  remove(): void;
}

/**
 * Copies `fixtures/<fixture>` to a temporary folder, unpacks the packed package into its `node_modules` and links what
 * the package declares as dependencies, the optional peer `@surrealdb/node` and `tools`: nothing undeclared resolves.
 */
export async function installInto(fixture: string, tools: readonly string[] = []): Promise<Consumer> {
  if (!existsSync(join(ROOT, 'dist', 'cjs', 'index.js')))
    throw new Error('there is no dist/: run `npm run build` first');
  const folder = mkdtempSync(join(tmpdir(), 'reverie-consumer-'));
  cpSync(join(__dirname, '..', 'fixtures', fixture), folder, { recursive: true });
  await unpack(folder);
  for (const name of [...declared(folder), '@surrealdb/node', ...tools]) link(folder, name);
  return {
    folder,
    node: (...args) => runNode(folder, args),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** The file behind a bin of this repository's own node_modules, such as `typescript/bin/tsc`. */
export function tool(path: string): string {
  return join(ROOT, 'node_modules', path);
}

/** The archive as it would be published, packed once for all consumers of a process. */
let archive: Promise<string> | undefined;

async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'reverie-packed-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { stdout } = await run('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: ROOT,
  });
  const [packed] = JSON.parse(stdout) as readonly { readonly filename: string }[];
  if (packed === undefined) throw new Error('npm pack made no archive');
  return join(folder, packed.filename);
}

async function unpack(folder: string): Promise<void> {
  const target = join(folder, 'node_modules', 'reverie-orm');
  mkdirSync(target, { recursive: true });
  await run('tar', ['-xzf', await (archive ??= pack()), '-C', target, '--strip-components=1']);
}

function declared(folder: string): string[] {
  const text = readFileSync(join(folder, 'node_modules', 'reverie-orm', 'package.json'), 'utf8');
  return Object.keys((JSON.parse(text) as { readonly dependencies: Readonly<Record<string, string>> }).dependencies);
}

function link(folder: string, name: string): void {
  const target = join(folder, 'node_modules', name);
  mkdirSync(dirname(target), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules', name), target, 'dir');
}

async function runNode(folder: string, args: readonly string[]): Promise<string> {
  const { NODE_OPTIONS: _flags, JEST_WORKER_ID: _worker, ...env } = process.env;
  try {
    const { stdout, stderr } = await run(process.execPath, args, { cwd: folder, env, maxBuffer: 16_000_000 });
    return stdout + stderr;
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`node ${args.join(' ')} failed in ${folder}\n${stdout}${stderr}`, { cause: error });
  }
}
