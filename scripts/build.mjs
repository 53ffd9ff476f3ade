// Builds dist/: lib/ file by file as ESM and as CommonJS, with the same declarations beside both; nothing is bundled.
// `--if-stale` does nothing when dist/ is newer than every source.
import { spawn } from 'node:child_process';
import { chmod, cp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const FORMATS = [
  // A module's own location is `__filename` in the sources, as in CommonJS and in Jest.
  { name: 'esm', format: 'esm', type: 'module', define: { __filename: 'import.meta.filename' } },
  // Inside Jest a native `import()` needs a flag; `require` does not.
  { name: 'cjs', format: 'cjs', type: 'commonjs', supported: { 'dynamic-import': false } },
];

async function main() {
  if (process.argv.includes('--if-stale') && !(await isStale())) return;
  const started = performance.now();
  // As deep as dist/ itself, so that the source maps still lead to the sources when it has been renamed.
  const staging = join(root, `.build-${process.pid}`);
  try {
    await rm(staging, { recursive: true, force: true });
    await finished([emitTypes(join(staging, 'esm')), ...FORMATS.map((target) => emitCode(target, staging))]);
    await cp(join(staging, 'esm'), join(staging, 'cjs'), { recursive: true, filter: isFolderOrDeclaration });
    await rm(join(root, 'dist'), { recursive: true, force: true });
    await rename(staging, join(root, 'dist'));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
  console.log(`built dist/esm and dist/cjs in ${((performance.now() - started) / 1000).toFixed(1)} s`);
}

/** Unlike `Promise.all` it leaves nobody writing when one of them has failed. */
async function finished(work) {
  for (const outcome of await Promise.allSettled(work)) if (outcome.status === 'rejected') throw outcome.reason;
}

async function isStale() {
  const built = await stat(join(root, 'dist', 'cjs', 'package.json')).then(
    (file) => file.mtimeMs,
    () => 0,
  );
  // Folders count too: theirs is the time of the last file added or removed.
  const entries = await readdir(join(root, 'lib'), { recursive: true });
  const inputs = [...entries.map((entry) => join(root, 'lib', entry)), fileURLToPath(import.meta.url)];
  const times = await Promise.all(inputs.map(async (file) => (await stat(file)).mtimeMs));
  return times.some((time) => time >= built);
}

async function sources() {
  const files = await readdir(join(root, 'lib'), { recursive: true });
  return files.filter((file) => file.endsWith('.ts')).map((file) => join('lib', file));
}

async function emitCode({ name, type, ...options }, staging) {
  const entryPoints = await sources();
  const outdir = join(staging, name);
  await build({
    absWorkingDir: root,
    entryPoints,
    outbase: 'lib',
    outdir,
    target: 'node20',
    platform: 'node',
    sourcemap: true,
    tsconfig: 'tsconfig.build.json',
    logLevel: 'warning',
    ...options,
  });
  await writeFile(join(outdir, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
  if (name === 'cjs') await chmod(join(outdir, 'cli', 'index.js'), 0o755);
}

function emitTypes(outDir) {
  const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', outDir];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: root, stdio: 'inherit' });
    child.on('error', reject);
    child.on('exit', (code) => (code === 0 ? resolve() : reject(new Error(`tsc found errors (exit code ${code})`))));
  });
}

async function isFolderOrDeclaration(path) {
  return path.endsWith('.d.ts') || (await stat(path)).isDirectory();
}

await main().catch((error) => {
  console.error(`build failed: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
