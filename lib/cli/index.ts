#!/usr/bin/env node
import { Command } from 'commander';
import { serveCommand } from './commands/serve.js';

const program = new Command('reverie')
  .description('Reverie, the ORM for SurrealDB: commands')
  .showHelpAfterError()
  .addCommand(serveCommand());

program.parseAsync().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
});
