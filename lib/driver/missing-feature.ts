import { CapabilityError } from '../errors/index.js';
import type { ServerFault } from './driver.js';

/** What a server says of something that it knows of and does not have, or has switched off. */
const EXPERIMENTAL =
  /Experimental capability `(\w+)` is not enabled|expected the experimental (\w+) feature to be enabled/;
const UNKNOWN =
  /^Unknown function '([^']+)' - not found in function registry|^Unimplemented functionality: (\S+)\(\) function/;

export function missingFeature(fault: ServerFault): CapabilityError | undefined {
  const feature = named(EXPERIMENTAL.exec(fault.message));
  if (feature !== undefined) {
    return new CapabilityError({
      what: `The server has the feature "${feature}" switched off`,
      why: 'it is experimental',
      fix: [
        `start the server with --allow-experimental ${feature}`,
        `for an embedded engine: capabilities: { experimental: ['${feature}'] }`,
      ],
      cause: fault,
    });
  }
  if (NO_MODELS.test(fault.message)) return noModels(fault);
  if (NO_VERSIONS.test(fault.message)) return noVersions(fault);
  const name = named(UNKNOWN.exec(fault.message));
  if (name === undefined) return undefined;
  return new CapabilityError({
    what: `The server does not have the function ${name}`,
    why: fault.message,
    fix: 'connect to a later SurrealDB',
    cause: fault,
  });
}

const NO_MODELS = /Machine learning computation is not enabled/;

function noModels(cause: ServerFault): CapabilityError {
  return new CapabilityError({
    what: 'The server runs no models',
    why: 'SurrealML is a part that servers are built with or without, and this one is without; the embedded engine is too',
    fix: [
      'connect to a server that is built with the feature `ml`, and import the model there: surreal ml import',
      'or run the model in the application',
    ],
    cause,
  });
}

const NO_VERSIONS = /does not support versioned queries|Versioning not enabled/;

function noVersions(cause: ServerFault): CapabilityError {
  return new CapabilityError({
    what: 'The store keeps no versions of its records',
    why: cause.message,
    fix: "open one that does: 'surrealkv://path?versioned=true', or 'mem://?versioned=true' for tests",
    cause,
  });
}

const named = (match: RegExpExecArray | null): string | undefined => match?.slice(1).find((name) => name !== undefined);
