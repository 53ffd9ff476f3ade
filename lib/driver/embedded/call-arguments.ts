import { maskedText } from '../scan-text.js';

/** A call of a function in a text: its name as it is written, and what stands between its commas. */
export interface WrittenCall {
  readonly name: string;
  readonly args: readonly string[];
}

/** @param calls a pattern of names with the bracket that opens the call, global */
export function* writtenCalls(text: string, calls: RegExp): Generator<WrittenCall> {
  const code = maskedText(text);
  for (const call of code.matchAll(calls)) {
    const [opening] = call;
    yield {
      name: opening.replace(/[\s(]/g, '').toLowerCase(),
      args: argumentsFrom(text, code, call.index + opening.length),
    };
  }
}

function argumentsFrom(text: string, code: string, from: number): readonly string[] {
  const args: string[] = [];
  let start = from;
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    const char = code[at] as string;
    const closes = ')]}'.includes(char) && (depth -= 1) < 0;
    if ('([{'.includes(char)) depth += 1;
    if (!closes && !(char === ',' && depth === 0)) continue;
    args.push(text.slice(start, at).trim());
    if (closes) break;
    start = at + 1;
  }
  return args;
}

const PARAMETER = /^\$(\w+)$/;

/** What is bound to an argument that is a parameter alone. */
export function boundTo(argument: string | undefined, bindings: Readonly<Record<string, unknown>>): unknown {
  const name = PARAMETER.exec(argument ?? '')?.[1];
  return name === undefined ? undefined : bindings[name];
}
