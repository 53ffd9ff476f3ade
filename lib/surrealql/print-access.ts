import { Duration, formatString } from '../values/index.js';
import { escapeIdentifier } from './identifiers.js';
import type { DefineAccessNode } from './nodes/definitions.js';
import type { Expression } from './nodes/expressions.js';
import type { PrintContext } from './print-context.js';

/** What stands between the name of an access and its durations; the order of the clauses matters. */
export function printAccess(node: DefineAccessNode, context: PrintContext): string {
  const exists = node.exists === undefined ? '' : node.exists === 'overwrite' ? ' OVERWRITE' : ' IF NOT EXISTS';
  return [
    `DEFINE ACCESS${exists} ${escapeIdentifier(node.name)} ON DATABASE TYPE ${node.type.toUpperCase()}`,
    node.type === 'bearer' ? ` FOR ${(node.bearerFor ?? 'record').toUpperCase()}` : '',
    script('SIGNUP', node.signup, context),
    script('SIGNIN', node.signin, context),
    node.refresh ? ' WITH REFRESH' : '',
    verification(node),
    script('AUTHENTICATE', node.authenticate, context),
    durations(node.duration),
  ].join('');
}

function verification({ type, jwt }: DefineAccessNode): string {
  if (jwt === undefined) return '';
  const lead = type === 'jwt' ? '' : ' WITH JWT';
  if ('url' in jwt) return `${lead} URL ${formatString(jwt.url)}`;
  const issuer = jwt.issuerKey === undefined ? '' : ` WITH ISSUER KEY ${formatString(jwt.issuerKey)}`;
  return `${lead} ALGORITHM ${jwt.algorithm} KEY ${formatString(jwt.key)}${issuer}`;
}

function durations(given: DefineAccessNode['duration']): string {
  const parts = (['grant', 'token', 'session'] as const).flatMap((kind) => {
    const text = given[kind];
    return text === undefined ? [] : [`FOR ${kind.toUpperCase()} ${String(new Duration(text))}`];
  });
  return parts.length === 0 ? '' : ` DURATION ${parts.join(', ')}`;
}

/** A block stands as it is, a statement in brackets. */
function script(keyword: string, node: Expression | undefined, context: PrintContext): string {
  if (node === undefined) return '';
  const text = context.print(node);
  const isWhole = node.kind === 'Block' || node.kind === 'Subquery' || /^\s*[({][^]*[)}]\s*$/.test(text);
  return ` ${keyword} ${isWhole ? text : `(${text})`}`;
}
