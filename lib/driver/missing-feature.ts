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
  const name = named(UNKNOWN.exec(fault.message));
  if (name === undefined) return undefined;
  return new CapabilityError({
    what: `The server does not have the function ${name}`,
    why: fault.message,
    fix: 'connect to a later SurrealDB',
    cause: fault,
  });
}

const named = (match: RegExpExecArray | null): string | undefined => match?.slice(1).find((name) => name !== undefined);
