const VARIABLE = 'RUST_MIN_STACK';
const MIB = 1024 * 1024;
/** Address space, not memory: a thread takes what it touches. */
const WANTED = 64 * MIB;
/** What Rust gives a thread when nobody asks for more. */
const DEFAULT = 2 * MIB;

/** What a level of an expression takes is 3 KB; the rest is for brackets, functions and whatever calls them. */
const BYTES_PER_LEVEL = 5_000;
/** With this much a statement still leaves room for the stored expressions and functions that it runs. */
const MOST_LEVELS = 5_000;

/**
 * Gives the engine's threads a larger stack: some 700 operators in a row overflow the usual one, which ends the process.
 * It counts only before the engine is first loaded into the process, and only from its main thread. Whoever has set
 * `RUST_MIN_STACK` knows better.
 */
export function raiseEngineStack(): void {
  const { env } = realProcess();
  if (env[VARIABLE] === undefined && reachesEnvironment()) env[VARIABLE] = String(WANTED);
}

/** How deep an expression may be for the stack that the engine's threads have. */
export function expressionLimit(): number {
  const given = Number(realProcess().env[VARIABLE]);
  const stack = Number.isSafeInteger(given) && given > 0 ? given : DEFAULT;
  return Math.min(MOST_LEVELS, Math.floor(stack / BYTES_PER_LEVEL));
}

/** Jest hands out a copy of `process` whose `env` nobody outside JavaScript reads. */
function realProcess(): NodeJS.Process {
  return process.getBuiltinModule('process');
}

/** A worker has a copy of the environment, and so has Bun. */
function reachesEnvironment(): boolean {
  return process.getBuiltinModule('worker_threads').isMainThread && process.versions['bun'] === undefined;
}
