import { createInterface } from 'node:readline/promises';
import pc from 'picocolors';

/** Thrown where a command asks and is not told to go on. */
export class NotConfirmed extends Error {}

/**
 * Asks before something that cannot be taken back. `--yes` answers for scripts; without it and without a terminal nothing is
 * done, so that no pipeline destroys data by hanging or by default.
 *
 * @throws NotConfirmed
 */
export async function confirm(question: string, yes: boolean): Promise<void> {
  if (yes) return;
  if (process.stdin.isTTY !== true || process.stderr.isTTY !== true) {
    throw new NotConfirmed(`${question} There is no terminal to ask in; say it with --yes.`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`${pc.yellow('?')} ${question} ${pc.dim('(y/N)')} `);
    if (!/^y(es)?$/i.test(answer.trim())) throw new NotConfirmed('Nothing was done.');
  } finally {
    terminal.close();
  }
}
