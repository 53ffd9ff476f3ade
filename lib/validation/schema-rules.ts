import type { EntityMetadata } from '../metadata/entity-metadata.js';
import type { StandardIssue, StandardSchema } from '../types/index.js';
import { asPlain, viewOf } from './entity-view.js';
import type { Finding } from './finding.js';
import type { RuleSource, Subject } from './rule-source.js';

/** `@Table({ schemaValidator })`: what the schema makes of the value is left aside, it only judges. */
export const schemaRules: RuleSource = {
  knows: ({ options }: EntityMetadata) => options.schemaValidator !== undefined,
  async findings({ meta, entity }: Subject): Promise<readonly Finding[]> {
    const schema = meta.options.schemaValidator as StandardSchema;
    const { issues = [] } = await schema['~standard'].validate(viewOf(meta, entity, asPlain));
    return issues.map((issue) => ({ path: keysOf(issue), message: issue.message, rule: ruleOf(issue) }));
  },
};

function keysOf({ path = [] }: StandardIssue): readonly PropertyKey[] {
  return path.map((part) => (typeof part === 'object' ? part.key : part));
}

/** The convention has no name for it; zod calls it `code`, valibot `type`. */
function ruleOf(issue: StandardIssue): string {
  const { code, type } = issue as { readonly code?: unknown; readonly type?: unknown };
  if (typeof code === 'string') return code;
  return typeof type === 'string' ? type : 'schema';
}
