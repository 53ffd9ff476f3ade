import { ValidationError } from '../errors/index.js';
import type { EntityMetadata } from '../metadata/entity-metadata.js';
import { didYouMean } from '../types/index.js';
import { requireOptions } from './as-options.js';

/** Misspelt options would silently do nothing. @throws ValidationError */
export function checkLiveOptions(
  { className }: Pick<EntityMetadata, 'className'>,
  verb: string,
  given: object,
  known: Readonly<Record<string, true>>,
): void {
  const options = requireOptions(given, `${verb}(${className})`, `${verb}(${className}, {}, { … })`);
  const names = Object.keys(known);
  const unknown = Object.keys(options).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  const why = `${verb}() has no such option.${didYouMean(unknown, names)}`;
  throw new ValidationError({
    what: `The option ${unknown} of ${verb}(${className}) cannot be right`,
    why,
    fix: `the options are ${names.join(', ')}`,
    errors: [{ path: unknown, message: why, rule: 'option' }],
  });
}
