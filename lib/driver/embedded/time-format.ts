import { boundTo, writtenCalls } from './call-arguments.js';

const CALL = /(?:\btime::format|\.\s*format)\s*\(/gi;
const LITERAL = /^(['"])(.*)\1$/s;

/** Everything that may follow a `%` when a datetime is written. Numbers may be padded (`%-d`), the rest may not. */
const SPECIFIER = /^(?:[-_0]?[CGHIMSUVWYdefgjklmqsuwy]|[ABDFPRTXZabchnprtvxz+%]|\.[369]?f|[369]f|:{1,3}z)/;

/**
 * Says which format of a datetime cannot be written. The engine panics over one that it does not know. Formats are seen where they
 * are written out or bound; one that the statement computes is not.
 */
export function checkFormats(text: string, bindings: Readonly<Record<string, unknown>>): string | undefined {
  for (const { args } of writtenCalls(text, CALL)) {
    const format = formatOf(args.at(-1), bindings);
    const wrong = format === undefined ? undefined : wrongSpecifier(format);
    if (wrong !== undefined) return `time::format does not know ${wrong}`;
  }
  return undefined;
}

/** The first part of a format that is none; undefined when all of it can be written. */
export function wrongSpecifier(format: string): string | undefined {
  for (let at = format.indexOf('%'); at !== -1; at = format.indexOf('%', at)) {
    const known = SPECIFIER.exec(format.slice(at + 1));
    if (known === null) return format.slice(at, at + 3);
    at += 1 + known[0].length;
  }
  return undefined;
}

function formatOf(argument: string | undefined, bindings: Readonly<Record<string, unknown>>): string | undefined {
  const literal = LITERAL.exec(argument ?? '')?.[2];
  if (literal !== undefined) return literal;
  const bound = boundTo(argument, bindings);
  return typeof bound === 'string' ? bound : undefined;
}
