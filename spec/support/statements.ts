import { splitStatements } from '../../lib/driver/split-statements.js';
import { RecordId } from '../../lib/index.js';
import { formatLiteral } from '../../lib/values/index.js';

export type Bindings = Readonly<Record<string, unknown>>;

/**
 * The statements of a request as the server carries them out: one for each row of a group, every bound value in its place.
 *
 * `LET $g0 = array::map($p1, |$r: any| { LET $i = $r.i; RETURN CREATE ONLY $i CONTENT $r.d RETURN NONE })` with two rows is
 * `CREATE ONLY tag:a CONTENT { label: 'a' } RETURN NONE` and the same for `tag:b`. Of a guard the number of its change set is
 * left out: `IF post:p.version != 1 { THROW 'reverie:stale' }`.
 */
export function statementsOf(text: string, bindings: Bindings): string[] {
  const scope = new Map(Object.entries(bindings).map(([name, value]) => [name, { value }]));
  return carriedOut(text, scope);
}

/** Those that write, perhaps under a condition. */
export function writesOf(statements: readonly string[]): string[] {
  return statements.filter((statement) => WRITE.test(statement));
}

/** What parameters stand for: a value, or what the server makes of an expression, as text. */
type Scope = ReadonlyMap<string, { readonly value: unknown } | { readonly text: string }>;

const WRITE = /^(?:\w+::\w+\(.*|IF .*)?\b(?:CREATE|INSERT|UPDATE|UPSERT|RELATE|DELETE)\b/s;
const GROUP = /^(?:LET \$\w+ = array::map\(\$(\w+), \|\$(\w+): any\| |FOR \$(\w+) IN \$(\w+) )\{ (.*) \}\)?$/s;
const BLOCK = /^RETURN \{ (LET .*) \}$/s;
const ASSIGNMENT = /^LET \$(\w+) = (.*)$/s;
/** What a request or a closure gives back. */
const ANSWER = /^RETURN (?:\$\w+|\{ reverie: .*)$/s;
const IN_PARENTHESES = /^\(((?:CREATE|INSERT|UPDATE|UPSERT|RELATE|DELETE|SELECT)\b.*)\)(?:\.\w+)?$/s;
const PARAMETER = /\$(\w+)((?:\.\w+|\.`[^`]*`|\[\d+\])*)/g;

function carriedOut(script: string, outer: Scope): string[] {
  const found: string[] = [];
  let scope = outer;
  for (const { text } of splitStatements(script)) {
    const [, name, assigned] = ASSIGNMENT.exec(text) ?? [];
    const block = BLOCK.exec(text)?.[1];
    const rows = eachRow(text, scope);
    if (rows !== undefined) found.push(...rows);
    else if (block !== undefined) found.push(...carriedOut(block, scope));
    else if (name === undefined || assigned === undefined) found.push(...spelledOut(text, scope));
    else if (WRITE.test(unwrapped(assigned))) found.push(...spelledOut(assigned, scope));
    else scope = new Map([...scope, [name, assignedTo(assigned, scope)]]);
  }
  return found;
}

/** The body of a group once for every row; undefined where the text is none, or its rows are the server's. */
function eachRow(text: string, scope: Scope): string[] | undefined {
  const [, mapped, mapsTo, loopsTo, looped, body] = GROUP.exec(text) ?? [];
  const rows = scope.get(mapped ?? looped ?? '');
  if (body === undefined || rows === undefined || !('value' in rows) || !Array.isArray(rows.value)) return undefined;
  const name = (mapsTo ?? loopsTo) as string;
  return rows.value.flatMap((value: unknown) => carriedOut(body, new Map([...scope, [name, { value }]])));
}

function spelledOut(statement: string, scope: Scope): string[] {
  if (ANSWER.test(statement)) return [];
  return [filledIn(unwrapped(statement), scope).replace(/string::concat\('(reverie:\w+):', \d+\)/g, "'$1'")];
}

/** Without what hands its answer on. */
function unwrapped(statement: string): string {
  const answered = statement.replace(/^RETURN (?=\(?(?:CREATE|INSERT|UPDATE|UPSERT|RELATE|DELETE|SELECT|IF)\b)/, '');
  return answered.replace(IN_PARENTHESES, '$1');
}

function assignedTo(expression: string, scope: Scope): { readonly value: unknown } | { readonly text: string } {
  const [whole, name = '', path = ''] = [...expression.matchAll(PARAMETER)][0] ?? [];
  const bound = scope.get(name);
  if (whole !== expression || bound === undefined || 'text' in bound)
    return { text: filledIn(expression, scope).replace(/^\((.*)\)$/s, '$1') };
  return { value: reached(bound.value, path) };
}

function filledIn(text: string, scope: Scope): string {
  return text.replace(PARAMETER, (parameter, name: string, path: string) => {
    const bound = scope.get(name);
    if (bound === undefined) return parameter;
    if ('text' in bound) return (/\s/.test(bound.text) ? `(${bound.text})` : bound.text) + path;
    // A path from a record is the server's to follow.
    return RecordId.is(bound.value) ? formatLiteral(bound.value) + path : formatLiteral(reached(bound.value, path));
  });
}

function reached(value: unknown, path: string): unknown {
  const steps = path.match(/`[^`]*`|\w+/g) ?? [];
  return steps.reduce<unknown>(
    (found, step) => (found as Record<string, unknown> | undefined)?.[step.replaceAll('`', '')],
    value,
  );
}

/** Equal to a statement with keys that were made for it where `:*` stands. */
export function withMadeKeys(statement: string): unknown {
  const pattern = statement.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&').replaceAll(':\\*', ':\\w{20}');
  return expect.stringMatching(new RegExp(`^${pattern}$`));
}
