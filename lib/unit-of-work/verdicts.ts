/** Why a flush throws inside the database; followed by the number of the change set. */
export const GONE = 'reverie:gone:';
export const STALE = 'reverie:stale:';
export const TAKEN = 'reverie:taken:';
/** PERMISSIONS keep the signed-in user from it; by itself the server would say nothing. */
export const DENIED = 'reverie:denied:';

/** What holds a member that is to be written is no object any more; by itself the server would write nothing. */
export const NO_OBJECT = 'reverie:no-object:';

export type Verdict = typeof GONE | typeof STALE | typeof TAKEN | typeof DENIED | typeof NO_OBJECT;

export interface ThrownVerdict {
  readonly verdict: Verdict;
  readonly member: number;
}

/** Reads a verdict out of the server's text, `An error occurred: reverie:stale:12`. */
export function readVerdict(message: string): ThrownVerdict | undefined {
  const match = /reverie:(?:gone|stale|taken|denied|no-object):(?=(\d+))/.exec(message);
  if (match === null) return undefined;
  return { verdict: match[0] as Verdict, member: Number(match[1]) };
}
