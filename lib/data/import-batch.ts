import type { Driver, StatementResult } from '../driver/driver.js';
import { firstError } from '../driver/error-classifier.js';
import { isConsequence } from '../driver/fault-kind.js';
import { ImportError, ReverieError } from '../errors/index.js';
import { removeDefinition } from '../surrealql/nodes/definitions.js';
import { table as tableNode, value } from '../surrealql/nodes/expressions.js';
import { evaluate, insert, transaction, type Statement } from '../surrealql/nodes/statements.js';
import { textFragment } from '../surrealql/surql.js';
import type { DumpUnit, RecordUnit } from './dump-unit.js';
import { guardMark, isOvertaken, setMark, type ImportMark } from './import-mark.js';
import { requestOf } from './requests.js';

/** A statement of a batch, and the units that it runs. */
interface Step {
  readonly statement: Statement;
  readonly units: readonly DumpUnit[];
}

/** What a batch is sent with. */
export interface BatchOptions {
  readonly from: ImportMark;
  readonly to: ImportMark;
  /** Tables without a record that the batch defines anew. */
  readonly remade: ReadonlySet<string>;
  /** `OPTION IMPORT` of a dump of SurrealDB's own. */
  readonly raw: boolean;
}

/**
 * Runs units as one transaction that moves the mark with them, so that whatever happens each is done once.
 *
 * @throws ImportError that tells the lines
 */
export async function runBatch(driver: Driver, units: readonly DumpUnit[], options: BatchOptions): Promise<void> {
  const steps = stepsOf(units, options.remade);
  const guard = guardMark(options.from);
  const inner = [...guard, ...steps.map(({ statement }) => statement), setMark(options.to)];
  const before = options.raw ? [evaluate(textFragment('OPTION IMPORT'))] : [];
  const request = requestOf([...before, transaction(inner)], 'write');
  let results: readonly StatementResult[];
  try {
    results = await driver.execute(request);
  } catch (error) {
    throw located(error, units);
  }
  const failure = firstError(results, request);
  if (failure === undefined) return;
  // BEGIN answers for itself.
  const first = before.length + 1 + guard.length;
  throw located(failure, unitsAt(steps, results, first) ?? units);
}

function stepsOf(units: readonly DumpUnit[], remade: ReadonlySet<string>): readonly Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < units.length; at += 1) {
    const unit = units[at] as DumpUnit;
    if (unit.kind === 'record') {
      const together = sameKind(units, at, unit);
      steps.push({ statement: insertion(together), units: together });
      at += together.length - 1;
      continue;
    }
    if (unit.role === 'table' && unit.table !== undefined && remade.has(unit.table)) {
      const statement = removeDefinition({ object: 'TABLE', name: unit.table, ifExists: true });
      steps.push({ statement, units: [unit] });
    }
    steps.push({ statement: evaluate(textFragment(unit.text)), units: [unit] });
  }
  return steps;
}

function sameKind(units: readonly DumpUnit[], from: number, { table, isEdge }: RecordUnit): readonly RecordUnit[] {
  const together: RecordUnit[] = [];
  for (const unit of units.slice(from)) {
    if (unit.kind !== 'record' || unit.table !== table || unit.isEdge !== isEdge) break;
    together.push(unit);
  }
  return together;
}

function insertion(units: readonly RecordUnit[]): Statement {
  const [{ table, isEdge }] = units as readonly [RecordUnit];
  const rows = value(units.map(({ row }) => row));
  return insert({ relation: isEdge, into: tableNode(table), rows, returns: 'none' });
}

/** Of a failed transaction all entries are errors; the one that failed says something of its own. */
function unitsAt(
  steps: readonly Step[],
  results: readonly StatementResult[],
  first: number,
): readonly DumpUnit[] | undefined {
  const failed = results.findIndex((result) => !result.ok && !isConsequence(result.error));
  return steps[failed - first]?.units;
}

/** Of the connection, or of a commit that another was before: nothing in the dump is at fault. */
const PASSED_ON: ReadonlySet<string> = new Set(['CONNECTION', 'TIMEOUT', 'AUTHENTICATION', 'TRANSACTION_CONFLICT']);

function located(error: unknown, units: readonly DumpUnit[]): unknown {
  if (!ReverieError.is(error) || PASSED_ON.has(error.code)) return error;
  if (isOvertaken(error)) return overtaken(error);
  const [first, last] = [units[0], units.at(-1)] as [DumpUnit, DumpUnit];
  return new ImportError({
    what: error.what,
    ...(error.why !== undefined && { why: error.why }),
    fix: ['mend the dump or the database and run the import again: it goes on from here', ...error.fix],
    cause: error,
    line: first.line,
    lastLine: last.line,
  });
}

function overtaken(cause: ReverieError): ImportError {
  return new ImportError({
    what: 'another process has gone on with this import',
    fix: 'let one of them do it',
    cause,
    line: 0,
  });
}
