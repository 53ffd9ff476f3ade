import { spawn } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { removeFolder } from './remove-folder.js';

export interface ChildEnd {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It had to be killed at the deadline. */
  readonly late: boolean;
  readonly output: string;
}

const ROOT = join(__dirname, '..', '..');

/**
 * Runs TypeScript in a Node process of its own, which may abort or hang without harm. Imports such as `lib/driver/connect.js` start
 * from the repository; the working directory is the repository unless another is given.
 */
export async function runChild(
  source: string,
  options: { readonly deadline?: number; readonly cwd?: string; readonly flags?: readonly string[] } = {},
): Promise<ChildEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'reverie-child-'));
  const file = join(folder, 'main.cjs');
  try {
    const contents = source.replace(/from '((?:lib|spec)\/[^']+)\.js'/g, `from '${ROOT}/$1.ts'`);
    const main = `${contents}\nvoid main().catch((error) => { console.log('FAILED', error?.name, error?.message); process.exitCode = 1; });`;
    await build({
      stdin: { contents: main, loader: 'ts', resolveDir: ROOT },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: file,
      logLevel: 'error',
      tsconfigRaw: { compilerOptions: { experimentalDecorators: true, useDefineForClassFields: true } },
    });
    return await run(
      [...(options.flags ?? []), file],
      options.cwd === undefined ? ROOT : options.cwd,
      options.deadline === undefined ? 15_000 : options.deadline,
    );
  } finally {
    await removeFolder(folder);
  }
}

function run(args: readonly string[], cwd: string, deadline: number): Promise<ChildEnd> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'ignore'] });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, deadline);
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, late, output });
    });
  });
}
