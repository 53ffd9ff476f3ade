import { ValidationError, type ValidationProblem } from '../../errors/index.js';

export type AllowList = boolean | readonly string[] | AllowDenyList;

export interface AllowDenyList {
  readonly allow?: boolean | readonly string[];
  readonly deny?: boolean | readonly string[];
}

/** What statements may reach from inside the embedded engine. Left out: all functions, no network, nothing experimental. */
export interface EngineCapabilities {
  /** Functions: `true`, or names such as `http`, `crypto::*`, `array::sort::asc`. */
  readonly functions?: AllowList;
  /** Hosts that `http::*` and JWKS may reach: `example.com`, `example.com:443`, `10.0.0.0/8`, `[::1]:8000`. */
  readonly networkTargets?: AllowList;
  /** `files` (buckets) and `surrealism`. */
  readonly experimental?: AllowList;
  /** Guest access for record permissions. */
  readonly guestAccess?: boolean;
  /** Which query planner: the engine's default is `best-effort`; `compute-only` is slower and avoids its defects. */
  readonly plannerStrategy?: 'best-effort' | 'compute-only' | 'all-read-only';
}

export interface EngineOptions {
  readonly capabilities?: EngineCapabilities;
  /** Whole seconds after which the engine ends a query, 1 to 255. */
  readonly queryTimeout?: number;
  /** Whole seconds after which the engine ends a transaction, 1 to 255. */
  readonly transactionTimeout?: number;
  /** Milliseconds to wait for the store to open (another process may hold its lock). Default 10,000. */
  readonly openTimeout?: number;
}

/**
 * The options in the engine's own words. Names are checked here, because the engine aborts the whole process
 * on one that it cannot read.
 */
export function nativeOptions(options: EngineOptions): Record<string, unknown> {
  const problems: ValidationProblem[] = [];
  const native: Record<string, unknown> = { capabilities: capabilities(options.capabilities, problems) };
  for (const [ours, theirs] of TIMEOUTS) {
    const seconds = options[ours];
    if (seconds === undefined) continue;
    if (!Number.isInteger(seconds) || seconds < 1 || seconds > 255) {
      problems.push({
        path: ours,
        message: `${seconds} is not a whole number of seconds from 1 to 255`,
        rule: 'range',
      });
    }
    native[theirs] = seconds;
  }
  if (problems.length > 0) throw refused(problems);
  return native;
}

const TIMEOUTS = [
  ['queryTimeout', 'query_timeout'],
  ['transactionTimeout', 'transaction_timeout'],
] as const;

const PLANNERS = ['best-effort', 'compute-only', 'all-read-only'];
const EXPERIMENTAL = ['files', 'surrealism'];

function capabilities(given: EngineCapabilities | undefined, problems: ValidationProblem[]): Record<string, unknown> {
  const native: Record<string, unknown> = {};
  if (given === undefined) return native;
  const list = (
    key: 'functions' | 'networkTargets' | 'experimental',
    name: string,
    valid: (text: string) => boolean,
  ) => {
    const value = given[key];
    if (value === undefined) return;
    checkList(value, `capabilities.${key}`, valid, problems);
    native[name] = value;
  };
  list('functions', 'functions', isFunctionTarget);
  list('networkTargets', 'network_targets', isNetworkTarget);
  list('experimental', 'experimental', (name) => EXPERIMENTAL.includes(name));
  if (given.guestAccess !== undefined) native['guest_access'] = given.guestAccess;
  if (given.plannerStrategy !== undefined) {
    if (!PLANNERS.includes(given.plannerStrategy)) {
      problems.push({
        path: 'capabilities.plannerStrategy',
        message: `must be one of ${PLANNERS.join(', ')}`,
        rule: 'type',
      });
    }
    native['planner_strategy'] = given.plannerStrategy;
  }
  return native;
}

function checkList(
  list: AllowList,
  path: string,
  valid: (text: string) => boolean,
  problems: ValidationProblem[],
): void {
  if (typeof list === 'boolean') return;
  if (!Array.isArray(list)) {
    const { allow, deny } = list as AllowDenyList;
    if (allow !== undefined) checkList(allow, `${path}.allow`, valid, problems);
    if (deny !== undefined) checkList(deny, `${path}.deny`, valid, problems);
    return;
  }
  for (const name of list as readonly unknown[]) {
    if (typeof name === 'string' && valid(name)) continue;
    problems.push({
      path,
      message: `${JSON.stringify(name)} is not a name the engine knows how to read`,
      rule: 'capability',
    });
  }
}

/** `http`, `string::len`, `crypto::*`. The engine reads no underscore, though many functions have one: name their family. */
function isFunctionTarget(name: string): boolean {
  return /^[A-Za-z0-9]+(::[A-Za-z0-9]+)*$/.test(name) || /^[A-Za-z0-9]+::\*$/.test(name);
}

/** A host or address, with a port or a prefix length; whether its host can be one is the URL parser's judgement. */
function isNetworkTarget(target: string): boolean {
  const bare = /^([0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*)(?:\/\d{1,3})?$/i.exec(target);
  if (bare !== null) return isHost(`[${bare[1]}]`);
  const match = /^(\[[0-9a-f:.]+\]|[A-Za-z0-9_.-]+)(?::(\d{1,5})|\/\d{1,3})?$/i.exec(target);
  if (match === null) return false;
  return (match[2] === undefined || Number(match[2]) <= 65_535) && isHost(match[1] as string);
}

function isHost(host: string): boolean {
  try {
    return new URL(`http://${host}/`).hostname !== '';
  } catch {
    return false;
  }
}

function refused(errors: readonly ValidationProblem[]): ValidationError {
  return new ValidationError({
    what: 'The options of the embedded engine cannot be used',
    why: errors.map((problem) => `${problem.path}: ${problem.message}`).join('; '),
    fix: "functions look like 'string::len' or 'http::*', network targets like 'example.com:443' or '10.0.0.0/8', experimental names are 'files' and 'surrealism'",
    errors,
  });
}
