import { thrownText } from '../thrown.js';
import { CapabilityError } from '../../errors/index.js';
import { raiseEngineStack } from './engine-stack.js';

/** One opened engine as the addon of `@surrealdb/node` hands it out. A call after `free` aborts the process. */
export interface AddonEngine {
  execute(request: Uint8Array): Promise<Uint8Array>;
  notifications(): Promise<AddonReceiver>;
  export(config?: Uint8Array): Promise<string>;
  free(): Promise<void>;
}

export interface AddonReceiver {
  recv(): Promise<Uint8Array | null>;
}

export interface Addon {
  readonly SurrealNodeEngine: {
    connect(address: string, options: unknown): Promise<AddonEngine>;
    version(): string;
  };
}

const PACKAGE = '@surrealdb/node';

/** Environment variable with the path of an addon file, the one that the package's own loader knows too. */
const OVERRIDE = 'NAPI_RS_NATIVE_LIBRARY_PATH';

/**
 * Loads the native addon of the optional peer `@surrealdb/node` by its file path: the package's `exports` hide the file,
 * and its own entry is an ES module that neither `require` nor Jest can load.
 */
export function loadAddon(): Addon {
  const { createRequire } = builtin('module');
  const file = addonPath();
  try {
    const load = createRequire(file);
    // Later it would change nothing: the engine's threads are running.
    if (!(load.resolve(file) in load.cache)) raiseEngineStack();
    return load(file) as Addon;
  } catch (cause) {
    throw new CapabilityError({
      what: `The embedded engine could not be loaded from ${file}`,
      why: thrownText(cause),
      fix: ['reinstall it: npm i @surrealdb/node', 'connect to a server instead: ws://, wss://, http:// or https://'],
      cause,
    });
  }
}

function addonPath(): string {
  const override = process.env[OVERRIDE];
  if (override !== undefined && override !== '') return override;
  const { join } = builtin('path');
  const { existsSync } = builtin('fs');
  const name = addonName(process.platform, process.arch, isMusl);
  const folders = packageFolders();
  for (const folder of folders) {
    const file = join(folder, 'dist', name);
    if (existsSync(file)) return file;
  }
  throw missing(name, folders.filter((folder) => existsSync(folder))[0]);
}

/** Where the peer may be installed: seen from the working directory, from the started script and from this package. */
function packageFolders(): string[] {
  const { createRequire } = builtin('module');
  const { join } = builtin('path');
  const script = process.argv[1];
  const from = [join(process.cwd(), 'index.js'), ...(script === undefined ? [] : [script]), __filename];
  const folders = from.flatMap((file) => createRequire(file).resolve.paths(PACKAGE) ?? []);
  return [...new Set(folders)].map((folder) => join(folder, ...PACKAGE.split('/')));
}

/** The file of a platform, as the package names them: `surrealdb-node.linux-x64-gnu.node`. */
export function addonName(platform: string, arch: string, musl: () => boolean): string {
  const suffix = platform === 'linux' ? (musl() ? '-musl' : '-gnu') : platform === 'win32' ? '-msvc' : '';
  return `surrealdb-node.${platform}-${arch}${suffix}.node`;
}

/** glibc names its version in the process report; musl has none to name. */
function isMusl(): boolean {
  const report: unknown = process.report?.getReport();
  const header = (report as { readonly header?: { readonly glibcVersionRuntime?: string } } | undefined)?.header;
  return header !== undefined && header.glibcVersionRuntime === undefined;
}

function missing(name: string, installed: string | undefined): CapabilityError {
  if (installed !== undefined) {
    return new CapabilityError({
      what: `The embedded engine has no build for this platform (${name})`,
      why: `${installed} is installed but does not hold that file`,
      fix: 'connect to a server instead: ws://, wss://, http:// or https://',
    });
  }
  return new CapabilityError({
    what: 'The embedded engine is not installed',
    why: `mem://, surrealkv:// and rocksdb:// need the optional peer dependency ${PACKAGE}`,
    fix: ['npm i @surrealdb/node', 'connect to a server instead: ws://, wss://, http:// or https://'],
  });
}

interface Builtins {
  readonly module: typeof import('node:module');
  readonly path: typeof import('node:path');
  readonly fs: typeof import('node:fs');
}

/** Node's own module, also where a bundler or Jest stands between us and `require`. */
function builtin<K extends keyof Builtins>(name: K): Builtins[K] {
  const found: unknown = typeof process === 'object' ? process.getBuiltinModule?.(name) : undefined;
  if (found === undefined) {
    throw new CapabilityError({
      what: 'The embedded engine needs Node.js >= 20.16, Bun or Deno',
      why: 'mem://, surrealkv:// and rocksdb:// run a native addon, which this environment cannot load',
      fix: 'connect to a server instead: ws://, wss://, http:// or https://',
    });
  }
  return found as Builtins[K];
}
