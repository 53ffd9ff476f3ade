import { Option, type Command } from 'commander';
import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import { SchemaDriftError } from '../../errors/index.js';
import { isSafe, type SchemaPlan } from '../../schema/index.js';
import { ormCommand, type CommonFlags } from '../command.js';
import { counted } from '../counted.js';
import { EXIT } from '../exit-codes.js';
import { showLeftAlone, showPlan, summary } from '../show-plan.js';

const CONTRACT = 'also without the columns and tables that renamedFrom names';

/** `reverie schema:*`: the entities compared with a database. */
export function schemaCommands(): readonly Command[] {
  return [planCommand(), syncCommand(), verifyCommand(), dumpCommand(), diagramCommand()];
}

function planCommand(): Command {
  return ormCommand<CommonFlags & { readonly check?: boolean; readonly contract?: boolean }>(
    'schema:plan',
    'show what would bring the database in line with the entities',
    async ({ orm, output, flags }) => {
      const { schema } = await orm();
      const plan = await schema.plan({ contract: flags.contract === true });
      const leftAlone = await schema.leftAlone();
      output.result({ ...plan, ...(leftAlone.length > 0 && { leftAlone }) }, () =>
        [showPlan(plan), ...showLeftAlone(leftAlone)].join('\n'),
      );
      return flags.check === true && !plan.isEmpty ? EXIT.differs : EXIT.ok;
    },
    (command) => command.option('--check', 'exit with 2 unless there is nothing to do').option('--contract', CONTRACT),
  );
}

function syncCommand(): Command {
  return ormCommand<CommonFlags & { readonly force?: boolean; readonly contract?: boolean }>(
    'schema:sync',
    'bring the database in line with the entities; safe unless told otherwise',
    async ({ orm, output, flags, confirm }) => {
      const { schema } = await orm();
      const contract = flags.contract === true;
      const plan = await schema.plan({ contract });
      if (flags.dryRun === true || plan.isEmpty) {
        output.result({ applied: false, ...plan }, () => showPlan(plan));
        return EXIT.ok;
      }
      if (flags.force === true) await askBeforeHarm(plan, confirm, (text) => output.info(text));
      const applied = await schema.sync({ mode: flags.force === true ? 'force' : 'safe', contract });
      output.result(
        { applied: true, ...applied },
        () => `${pc.green('✓')} ${counted(applied.steps.length, 'step')} applied.`,
      );
      return EXIT.ok;
    },
    (command) =>
      command.option('--force', 'also what makes records unwritable or drops data').option('--contract', CONTRACT),
  );
}

async function askBeforeHarm(
  plan: SchemaPlan,
  confirm: (question: string) => Promise<void>,
  say: (text: string) => void,
): Promise<void> {
  if (plan.steps.every(isSafe)) return;
  say(showPlan(plan));
  await confirm(`${summary(plan)} Apply it?`);
}

function verifyCommand(): Command {
  return ormCommand('schema:verify', 'exit with 2 unless the database is what the entities say', async (context) => {
    const { schema } = await context.orm();
    try {
      await schema.verify();
    } catch (error) {
      if (!(error instanceof SchemaDriftError)) throw error;
      context.output.error(error);
      return EXIT.differs;
    }
    context.output.result({ ok: true }, () => `${pc.green('✓')} The database is what the entities say.`);
    return EXIT.ok;
  });
}

function dumpCommand(): Command {
  return ormCommand<CommonFlags & { readonly out?: string }>(
    'schema:dump',
    'write the schema that the entities ask for as SurrealQL',
    async ({ orm, output, flags }) => {
      const script = (await orm()).schema.toSurql();
      if (flags.out === undefined) {
        output.result({ script }, () => script.trimEnd());
        return;
      }
      await writeFile(flags.out, script);
      output.done(`written to ${flags.out}`);
    },
    (command) => command.option('-o, --out <file>', 'into a file instead of stdout'),
  );
}

type DiagramFormat = 'mermaid' | 'svg' | 'html';

function diagramCommand(): Command {
  return ormCommand<CommonFlags & { readonly format?: DiagramFormat; readonly out?: string }>(
    'schema:diagram',
    'draw the entities',
    async ({ orm, output, flags }) => {
      const format = flags.format ?? 'mermaid';
      const drawn = (await orm()).schema.diagram({ format: format === 'html' ? 'svg' : format });
      const text = format === 'html' ? page(drawn) : drawn;
      if (flags.out === undefined) {
        output.result({ format, text }, () => text.trimEnd());
        return;
      }
      await writeFile(flags.out, text);
      output.done(`written to ${flags.out}`);
    },
    (command) =>
      command
        .addOption(new Option('--format <format>', 'how (default: mermaid)').choices(['mermaid', 'svg', 'html']))
        .option('-o, --out <file>', 'into a file instead of stdout'),
  );
}

function page(svg: string): string {
  return `<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Schema</title></head>\n<body style="margin:0">\n${svg}</body>\n</html>\n`;
}
