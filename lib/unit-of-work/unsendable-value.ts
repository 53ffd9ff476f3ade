import { ValidationError } from '../errors/index.js';
import type { FlushPlan } from './flush-plan.js';
import { sentPaths } from './flush-statements.js';

/** `p1[0].d.settings.onClick`: row 0 of a parameter, and the place in its data. */
const PLACE = /^(\w+)\[(\d+)\]\.d(?:\.([\p{L}_$][\p{L}\p{N}_$]*)|\[("(?:[^"\\]|\\.)*"|\d+)\])(.*)$/su;

/** The codec refuses what is no data by its place in the request; whoever flushes knows entities and fields. */
export function namingValue(error: unknown, plan: FlushPlan, bindings: Readonly<Record<string, unknown>>): unknown {
  if (!(error instanceof ValidationError)) return error;
  const [problem] = error.errors;
  const place = problem === undefined ? null : PLACE.exec(problem.path);
  if (problem === undefined || place === null) return error;
  const [, parameter = '', row = '', bare, bracketed = '', rest = ''] = place;
  const rows = bindings[parameter] as readonly { readonly n: number }[];
  const set = plan.members[rows[Number(row)]?.n as number];
  if (set === undefined || (set.action !== 'create' && set.action !== 'update')) return error;
  const step = bare === undefined ? (JSON.parse(bracketed) as string | number) : bare;
  const [column = '', ...members] =
    typeof step === 'number' && set.action === 'update' ? (sentPaths(set)[step] ?? []) : [String(step)];
  const property = set.meta.byColumn.get(column);
  if (property === undefined) return error;
  const path = `${property.path}${members.map(memberText).join('')}${rest}`;
  return new ValidationError({
    what: `${path} cannot be written to ${String(set.id)}`,
    why: problem.message,
    fix: error.fix,
    errors: [{ ...problem, path }],
    cause: error,
  });
}

const memberText = (name: string): string =>
  /^[\p{L}_$][\p{L}\p{N}_$]*$/u.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
