// Packs the package as it would be published and has publint and attw judge the archive.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const folder = mkdtempSync(join(tmpdir(), 'reverie-pack-'));
const run = (command, ...args) => execFileSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });

try {
  execFileSync(process.execPath, ['scripts/build.mjs', '--if-stale'], { cwd: root, stdio: 'inherit' });
  const packed = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
  });
  const [{ filename, size, entryCount }] = JSON.parse(packed.toString());
  console.log(`${filename}: ${entryCount} files, ${(size / 1024).toFixed(0)} kB`);
  const bin = join(root, 'node_modules', '.bin');
  run(join(bin, 'publint'), join(folder, filename), '--strict');
  run(join(bin, 'attw'), join(folder, filename), '--format', 'ascii');
} catch (error) {
  if (error instanceof Error && !('status' in error)) console.error(error.message);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
