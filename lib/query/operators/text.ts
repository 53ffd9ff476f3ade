import { and, call, value, type Expression } from '../../surrealql/nodes/index.js';
import { isFragment } from '../../surrealql/surql.js';
import { describe, refused } from '../query-errors.js';
import { escapeRegex, likePattern, translateRegExp } from '../regex.js';
import type { Target } from '../target.js';
import { fullText } from './full-text.js';
import { requireKind, requireText, textOperand, type OperatorBuilder } from './operator.js';

/** Text. The server's functions fail on anything but a string, so each stands behind a test of the type. */
export const textOperators: Readonly<Record<string, OperatorBuilder>> = {
  $startsWith: textFunction('string::starts_with'),
  $endsWith: textFunction('string::ends_with'),
  $istartsWith: caseless('string::starts_with', (text) => `^${escapeRegex(text)}`),
  $iendsWith: caseless('string::ends_with', (text) => `${escapeRegex(text)}$`),
  $icontains: caseless('string::contains', escapeRegex),
  $like: (target, argument, path) => like(target, argument, path, ''),
  $ilike: (target, argument, path) => like(target, argument, path, 'i'),
  $regex: regex,
  $matches: fullText,
};

/** `type::is_string(f) AND condition`: the server looks at the second only where the first holds. */
function onText(target: Target, path: string, condition: Expression): Expression {
  requireKind(target, path, 'string');
  return and([call('type::is_string', target.expression), condition]);
}

function textFunction(name: string): OperatorBuilder {
  return (target, argument, path) => onText(target, path, call(name, target.expression, textOperand(argument, path)));
}

/** Sigma is the one letter whose lower case hangs on its place in the word. */
const SIGMA = /[Σσς]/;

/** Lower case on both sides is four times as fast as a regex; where it would not be exact, a regex does it. */
function caseless(name: string, pattern: (text: string) => string): OperatorBuilder {
  return (target, argument, path) => {
    const lower = call('string::lowercase', target.expression);
    if (isFragment(argument)) return onText(target, path, call(name, lower, call('string::lowercase', argument)));
    const text = requireText(argument, path);
    if (SIGMA.test(text)) return matches(target, path, `(?is)${pattern(text)}`);
    return onText(target, path, call(name, lower, value(text.toLowerCase())));
  };
}

function matches(target: Target, path: string, pattern: string): Expression {
  return onText(target, path, call('string::matches', target.expression, value(pattern)));
}

function like(target: Target, argument: unknown, path: string, flag: '' | 'i'): Expression {
  if (isFragment(argument))
    throw refused({
      path,
      what: `${path} needs its pattern as text`,
      why: 'wildcards are translated before sending',
      rule: 'type',
    });
  return matches(target, path, likePattern(requireText(argument, path), flag));
}

function regex(target: Target, argument: unknown, path: string): Expression {
  if (Object.prototype.toString.call(argument) !== '[object RegExp]') {
    throw refused({
      path,
      what: `${path} needs a RegExp`,
      why: `it was given ${describe(argument)}`,
      fix: 'write { $regex: /^a/i }',
      rule: 'type',
    });
  }
  return matches(target, path, translateRegExp(argument as RegExp, path));
}
