#!/usr/bin/env node

/** Clients that reconnect give a server little time: `serve` does not wait until what the other commands need is loaded. */
const isServing = process.argv[2] === 'serve' || process.argv[2] === 'start';
const opening = isServing
  ? import('./serve-program.js').then(({ makeServeProgram }) => makeServeProgram())
  : import('./program.js').then(({ makeProgram }) => makeProgram());

opening
  .then((program) => program.parseAsync())
  .catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  });
