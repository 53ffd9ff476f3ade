import { ReverieError } from '../../errors/index.js';

/** `differs`: it works, and is not what it should be; `note`: worth knowing. */
export type FindingState = 'ok' | 'note' | 'differs' | 'failed' | 'skipped';

/** What the doctor has looked at, and what it saw. */
export interface Finding {
  readonly check: string;
  readonly state: FindingState;
  readonly detail: string;
  /** What to do about it. */
  readonly fix?: string;
}

export const ok = (check: string, detail: string): Finding => ({ check, state: 'ok', detail });

export function skipped(checks: readonly string[], why: string): readonly Finding[] {
  return checks.map((check) => ({ check, state: 'skipped' as const, detail: why }));
}

/** A check that could not be made. */
export function failed(check: string, error: unknown): Finding {
  if (!ReverieError.is(error))
    return { check, state: 'failed', detail: error instanceof Error ? error.message : String(error) };
  const detail = error.why === undefined ? error.what : `${error.what}: ${error.why}`;
  const [fix] = error.fix;
  return { check, state: 'failed', detail, ...(fix !== undefined && { fix }) };
}

/** A check, or why it could not be made. */
export async function looked(check: string, look: () => Promise<Finding>): Promise<Finding> {
  try {
    return await look();
  } catch (error) {
    return failed(check, error);
  }
}
