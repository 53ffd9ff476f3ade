import type { ValidationProblem } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { EntityRules, WriteSet } from '../unit-of-work/entity-rules.js';
import { beforeChanges } from './before-changes.js';
import { loadClassValidator } from './class-validator.js';
import { ClassValidatorRules } from './class-validator-rules.js';
import { asPlain, viewOf } from './entity-view.js';
import { pathText, type Finding } from './finding.js';
import { isOpen } from './open-values.js';
import type { RuleSource } from './rule-source.js';
import { schemaRules } from './schema-rules.js';

/** Which rules of class-validator count. */
export interface ValidateOptions {
  /** Beside rules without groups, and those of the groups `create` and `update` when that is what happens. */
  readonly groups?: readonly string[];
}

/**
 * The rules of all entities; undefined where none has any, so that nothing is asked at each flush. `false` leaves the
 * schemas aside too.
 *
 * @throws MetadataError when class-validator is wanted and not installed
 */
export async function loadRules(
  entities: readonly EntityMetadata[],
  validate: boolean | ValidateOptions | undefined,
): Promise<EntityRules | undefined> {
  if (validate === false) return undefined;
  const sources = [schemaRules, ...(validate === undefined ? [] : [await decoratorRules(validate)])];
  const byEntity = new Map(
    entities.flatMap((meta) => {
      const known = sources.filter((source) => source.knows(meta));
      return known.length === 0 ? [] : [[meta, known] as const];
    }),
  );
  if (byEntity.size === 0) return undefined;
  return {
    problemsOf(set) {
      const known = byEntity.get(set.meta);
      return known === undefined ? undefined : problemsOf(known, set);
    },
  };
}

async function decoratorRules(validate: true | ValidateOptions): Promise<RuleSource> {
  const { groups = [] } = validate === true ? {} : validate;
  return new ClassValidatorRules(await loadClassValidator(), groups);
}

/** A value that two sources, or `@ValidateNested` and the walk, find wrong for the same reason is told once. */
async function problemsOf(sources: readonly RuleSource[], set: WriteSet): Promise<readonly ValidationProblem[]> {
  const findings = await newFindings(sources, set, await findingsOf(sources, set, set.state.entity));
  const problems = new Map<string, ValidationProblem>();
  for (const { path: keys, message, rule } of findings) {
    const path = pathText(set.meta.className, keys);
    problems.set(`${path}\n${rule}\n${message}`, { path, message, rule, record: String(set.id) });
  }
  return [...problems.values()];
}

async function findingsOf(
  sources: readonly RuleSource[],
  { meta, action }: WriteSet,
  entity: object,
): Promise<readonly Finding[]> {
  return (await Promise.all(sources.map((source) => source.findings({ meta, action, entity })))).flat();
}

/** An update does not answer for what was stored wrong before and is left alone. */
async function newFindings(
  sources: readonly RuleSource[],
  set: WriteSet,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  if (findings.length === 0) return findings;
  const view = viewOf(set.meta, set.state.entity, asPlain);
  const judged = findings.filter(({ path }) => !isOpen(set, view, path));
  const isChanged = ({ path: [first] }: Finding) => first !== undefined && set.changes.has(String(first));
  if (set.action === 'create' || judged.every(isChanged)) return judged;
  const before = new Set((await findingsOf(sources, set, beforeChanges(set))).map(identityOf));
  return judged.filter((finding) => isChanged(finding) || !before.has(identityOf(finding)));
}

const identityOf = ({ path, rule }: Finding): string => `${path.map(String).join('\n')}\n\n${rule}`;
