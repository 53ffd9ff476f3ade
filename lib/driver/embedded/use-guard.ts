import { ValidationError } from '../../errors/index.js';

/** The engine aborts the process when it is told to use a database while it has no namespace, so both go together. */
export function assertUse(params: readonly unknown[]): void {
  const [namespace, database] = params;
  if (typeof namespace === 'string' || typeof database !== 'string') return;
  throw new ValidationError({
    what: `The database ${JSON.stringify(database)} was chosen without a namespace`,
    why: 'databases live in namespaces',
    fix: "use({ namespace: 'app', database: 'app' })",
    errors: [{ path: 'namespace', message: 'a namespace is required', rule: 'required' }],
  });
}
