#!/usr/bin/env node
import { makeProgram } from './program.js';

makeProgram()
  .parseAsync()
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
