import { build } from 'esbuild';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { removeFolder } from '../../support/remove-folder.js';

const ROOT = join(__dirname, '..', '..', '..');

let builds = 0;

/** Builds the command line into one file and answers with its path; dependencies stay outside, as in the package. */
export async function buildCli(): Promise<{ readonly file: string; remove(): Promise<void> }> {
  const folder = join(ROOT, '.cache', `cli-${process.pid}-${(builds += 1)}`);
  await mkdir(folder, { recursive: true });
  const file = join(folder, 'index.cjs');
  await build({
    entryPoints: [join(ROOT, 'lib/cli/index.ts')],
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    outfile: file,
    logLevel: 'silent',
  });
  return { file, remove: () => removeFolder(folder) };
}

/** A running command: what it printed so far, and how it ended. */
export class RunningCommand {
  readonly child: ChildProcess;
  output = '';
  errors = '';
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;

  constructor(file: string, args: readonly string[], env: Readonly<Record<string, string>> = {}, cwd?: string) {
    this.child = spawn(process.execPath, [file, ...args], {
      ...(cwd !== undefined && { cwd }),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', ...env },
    });
    this.child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    this.child.stderr?.on('data', (chunk: Buffer) => (this.errors += chunk.toString()));
    this.ended = new Promise((resolve) => this.child.once('close', (code, signal) => resolve({ code, signal })));
  }

  /** The port in the line that says what is served. */
  async port(): Promise<number> {
    for (;;) {
      const [, port] = /ws:\/\/127\.0\.0\.1:(\d+)\/rpc/.exec(this.output) ?? [];
      if (port !== undefined) return Number(port);
      if (this.child.exitCode !== null) throw new Error(`reverie ended with ${this.child.exitCode}: ${this.errors}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
}
