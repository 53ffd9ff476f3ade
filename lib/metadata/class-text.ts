/** Why a class that is written in the source may be undefined when it is looked at. */
export const UNFINISHED =
  'its file has not finished loading (a circular import outside a function), or the import is a type only';

/** What stands where a class belongs, for a message. */
export function classText(given: unknown): string {
  if (typeof given === 'function') return `the class ${given.name}`;
  if (typeof given === 'string') return `the text ${JSON.stringify(given)}`;
  if (typeof given !== 'object' || given === null) return String(given);
  const name = (given.constructor as { readonly name?: string } | undefined)?.name;
  return name === undefined || name === 'Object' ? 'a plain object' : `an instance of ${name}`;
}
