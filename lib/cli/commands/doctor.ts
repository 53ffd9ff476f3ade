import type { Command } from 'commander';
import pc from 'picocolors';
import { discover } from '../../metadata/index.js';
import { ormCommand, type CommandContext } from '../command.js';
import { counted } from '../counted.js';
import { checkDatabase } from '../doctor/check-database.js';
import { checkProject } from '../doctor/check-project.js';
import { failed, ok, skipped, type Finding, type FindingState } from '../doctor/finding.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { renderTable } from '../table.js';

const MARKS: Readonly<Record<FindingState, string>> = {
  ok: pc.green('✓'),
  note: pc.cyan('i'),
  differs: pc.yellow('!'),
  failed: pc.red('✗'),
  skipped: pc.dim('-'),
};

/** `reverie doctor`: looks at all that has to be right, and says what to do. */
export function doctorCommand(): Command {
  return ormCommand('doctor', 'look at the project, the configuration and the database', async (context) => {
    const findings = await examine(context);
    context.output.result(findings, () => shown(findings));
    return exitOf(findings);
  });
}

async function examine(context: CommandContext): Promise<readonly Finding[]> {
  const project = checkProject(process.cwd());
  let entities: Finding;
  try {
    const { file, options } = await context.config();
    project.push(ok('configuration', file ?? 'flags and environment'));
    const { length } = discover(options.entities as Parameters<typeof discover>[0]).entities;
    entities = ok('entities', length === 1 ? '1 entity' : `${length} entities`);
  } catch (error) {
    const check = project.some(({ check: each }) => each === 'configuration') ? 'entities' : 'configuration';
    return [...project, failed(check, error), ...skipped(['connection'], `look at the ${check} first`)];
  }
  return [...project, entities, ...(await checkDatabase(context))];
}

function shown(findings: readonly Finding[]): string {
  const rows = findings.map(({ check, state, detail, fix }) => [
    MARKS[state],
    check,
    fix === undefined ? detail : `${detail}\n→ ${fix}`,
  ]);
  const wrong = findings.filter(({ state }) => state === 'failed' || state === 'differs');
  const last =
    wrong.length === 0
      ? `${pc.green('✓')} All is well.`
      : `${counted(wrong.length, 'thing')} to look at: ${wrong.map(({ check }) => check).join(', ')}.`;
  return `${renderTable(['', 'check', 'found'], rows)}\n${last}`;
}

function exitOf(findings: readonly Finding[]): ExitCode {
  if (findings.some(({ state }) => state === 'failed')) return EXIT.failed;
  return findings.some(({ state }) => state === 'differs') ? EXIT.differs : EXIT.ok;
}
