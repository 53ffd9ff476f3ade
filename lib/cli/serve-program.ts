import { Command } from 'commander';
import { serveCommand } from './commands/serve.js';

/** The command line with `serve` alone; the others load the whole ORM. */
export function makeServeProgram(): Command {
  return new Command('reverie').showHelpAfterError().addCommand(serveCommand());
}
