import Table from 'cli-table3';
import pc from 'picocolors';

export interface Finding {
  readonly question: string;
  readonly answer: string;
  readonly milliseconds: number;
}

export type Measure = (question: string, work: () => Promise<string>) => Promise<void>;

/** Notes answers and how long they took, in the order of the questions. */
export function notebook(): { readonly findings: readonly Finding[]; readonly measure: Measure } {
  const findings: Finding[] = [];
  return {
    findings,
    async measure(question, work) {
      const start = performance.now();
      const answer = await work();
      findings.push({ question, answer, milliseconds: performance.now() - start });
    },
  };
}

/** A table that fits a terminal of 100 columns. */
export function showFindings(title: string, findings: readonly Finding[]): void {
  const table = new Table({
    head: ['Question', 'Answer', 'ms'],
    colAligns: ['left', 'left', 'right'],
    colWidths: [38, 50, 9],
    wordWrap: true,
    style: { head: process.stdout.isTTY ? ['cyan'] : [], border: [] },
  });
  for (const { question, answer, milliseconds } of findings) table.push([question, answer, milliseconds.toFixed(1)]);
  console.log(`${pc.bold(`\n${title}`)}\n\n${table.toString()}\n`);
}

export function answersOf(findings: readonly Finding[]): Readonly<Record<string, string>> {
  return Object.fromEntries(findings.map(({ question, answer }) => [question, answer]));
}
