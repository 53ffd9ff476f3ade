import { build } from 'esbuild';
import { join } from 'node:path';
import { RunningCommand } from '../../server/support/cli.js';
import type { Ended, Project } from './project.js';

const ROOT = join(__dirname, '..', '..', '..');
/** Between what one command and the next one say. */
const MARK = '\u0000next\n';

const MAIN = `
import { makeProgram } from './lib/cli/program.ts';
import { readFileSync } from 'node:fs';
async function main() {
  const codes = [];
  for (const args of JSON.parse(readFileSync(process.env.COMMANDS, 'utf8'))) {
    process.exitCode = undefined;
    await makeProgram().parseAsync(args, { from: 'user' });
    codes.push(process.exitCode ?? 0);
    process.stdout.write(${JSON.stringify(MARK)});
    process.stderr.write(${JSON.stringify(MARK)});
  }
  process.stdout.write(JSON.stringify(codes));
}
void main();
`;

/** Runs commands one after the other in one process, which is loaded once: what each said, and how it ended. */
export async function inOneProcess(project: Project, commands: readonly (readonly string[])[]): Promise<Ended[]> {
  const file = join(ROOT, '.cache', `commands-${process.pid}.cjs`);
  await build({
    stdin: { contents: MAIN, loader: 'ts', resolveDir: ROOT },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    packages: 'external',
    outfile: file,
    logLevel: 'silent',
  });
  await project.write('commands.json', JSON.stringify(commands));
  const running = new RunningCommand(file, [], { COMMANDS: join(project.folder, 'commands.json') }, project.folder);
  await running.ended;
  const [out, err] = [running.output.split(MARK), running.errors.split(MARK)];
  if (out.length !== commands.length + 1)
    throw new Error(`it ended at ${commands[out.length - 1]?.join(' ')}: ${running.errors}`);
  const codes = JSON.parse(out.at(-1) as string) as readonly number[];
  return commands.map((_, at) => ({ code: codes[at] ?? null, out: out[at] ?? '', err: err[at] ?? '' }));
}
