import Table from 'cli-table3';
import pc from 'picocolors';
import { progressBar } from './progress';
import { tour, type Finding } from './tour';

async function main(): Promise<void> {
  console.log(pc.bold('\nA year of flights between the airports of the USA, in an embedded SurrealDB\n'));
  show(await tour(progressBar));
}

function show(findings: readonly Finding[]): void {
  const table = new Table({
    head: ['Question', 'Answer', 'ms'],
    colAligns: ['left', 'left', 'right'],
    colWidths: [38, 50, 9],
    wordWrap: true,
    style: { head: process.stdout.isTTY ? ['cyan'] : [], border: [] },
  });
  for (const { question, answer, milliseconds } of findings) table.push([question, answer, milliseconds.toFixed(1)]);
  console.log(`\n${table.toString()}\n`);
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
