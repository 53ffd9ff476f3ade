import { spawn } from 'node:child_process';
import { join } from 'node:path';

/**
 * Runs an ES module of `fixtures/` in a process of its own and answers with the JSON it prints last.
 * The official client is an ES module, which Jest cannot load.
 */
export function runFixture(name: string, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const file = join(__dirname, '..', 'fixtures', name);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => {
      const last = output.trim().split('\n').at(-1);
      if (code === 0 && last !== undefined && last !== '') resolve(JSON.parse(last) as Record<string, unknown>);
      else reject(new Error(`${name} ended with ${code}\n${output}\n${errors}`));
    });
  });
}
